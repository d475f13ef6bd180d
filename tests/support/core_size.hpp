// How much a core keeps, in the bytes that it saves: for the test that limits it and the bench that tells it.
#pragma once

#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>

#include "agent/core/core.hpp"
#include "hal/pbx/simulated/sim_model.hpp"

namespace hf::test {

struct CoreSize {
  size_t whole = 0;
  size_t signals = 0;  // the detector's part
};

inline CoreSize size_of(const app::Core& core) {
  StateSaver signals;
  core.pbx().detector().save(signals);
  return {core.save().size(), signals.bytes.size()};
}

// The largest for each queue at the full hours of a simulated day, from ten on with an imposed wait.
inline CoreSize largest_per_queue() {
  const Time start{std::chrono::sys_days(std::chrono::year(2026) / 3 / 2)};
  pbx::SimOptions options;
  options.scenario = pbx::SimScenario::hp_prequeue;
  pbx::SimModel model(options, start, start + std::chrono::hours(10));
  app::Core core(1);
  app::CoreOutput out;
  CoreSize largest;
  Time next = start;
  while (const auto event = model.next(start + std::chrono::hours(24))) {
    core.on(*event, out);
    out.clear();
    if (event->at < next) continue;
    next = event->at + std::chrono::hours(1);
    const CoreSize now = size_of(core);
    const size_t queues = std::max<size_t>(core.pbx().tracker().queues().size(), 1);
    largest = {std::max(largest.whole, now.whole / queues), std::max(largest.signals, now.signals / queues)};
  }
  return largest;
}

// One queue with twenty busy members, and so many callers who wait in it.
inline app::Core core_with_waiting(int callers) {
  app::Core core(1);
  app::CoreOutput out;
  Time at = from_unix_seconds(1'790'000'000);
  const auto on = [&](pbx::CallEventBody body) { core.on({at, {}, std::move(body)}, out), out.clear(); };
  calls::SiteModel site;
  site.trunks = {"PJSIP/trunk"};
  core.set_site_model(at, site, out);
  on(pbx::SourceUp{"Asterisk 22", true, true, true});
  on(pbx::ResyncStarted{pbx::ResyncScope::queues});
  for (int i = 0; i < 20; ++i) {
    pbx::MemberState m;
    m.queue = "support", m.member = m.device = fmt::format("PJSIP/{}", 100 + i), m.state = pbx::DeviceState::in_use;
    on(m);
  }
  on(pbx::ResyncEnded{pbx::ResyncScope::queues});
  for (int i = 0; i < callers; ++i) {
    at += std::chrono::milliseconds(100);
    pbx::ChannelStarted c;
    c.channel = c.linked = fmt::format("1790000000.{}", 1000 + i), c.device = "PJSIP/trunk", c.dialled = "5550101",
    c.context = "from-trunk";
    on(c);
    on(pbx::ChannelStep{c.channel, pbx::StepKind::announcement, "line", "welcome", {}});
    on(pbx::QueueJoined{c.channel, "support", {}, {}});
  }
  return core;
}

inline CoreSize size_with_waiting(int callers) { return size_of(core_with_waiting(callers)); }

// The bytes that it holds in memory, as malloc() counts them.
inline size_t heap_with_waiting(int callers) {
  const size_t before = ::mallinfo2().uordblks;
  const app::Core core = core_with_waiting(callers);
  return ::mallinfo2().uordblks - before;
}

}  // namespace hf::test
