// LINKS: hf_core
// Any sequence of events goes into the core: lines of the text form, in any order, with any times. It never crashes,
// time never goes back, and what it saved loads to the same bytes.
#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "agent/core/core.hpp"

namespace {

void expect(bool holds) {
  if (!holds) std::abort();
}

// A day at most between two events: deadlines are walked one by one, and a year of them is no test of a parser's size.
hf::Time near(hf::Time wanted, hf::Time now) {
  constexpr hf::Duration kFarthest = std::chrono::hours(24);
  if (now == hf::Time{}) return wanted;
  return std::clamp(wanted, now - kFarthest, now + kFarthest);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), std::min<size_t>(size, 16'384));
  hf::app::Core core(1);
  hf::app::CoreOutput out;
  hf::Time now{};
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    auto event = hf::pbx::from_text(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!event) continue;
    constexpr hf::Time kFirst = hf::Time(std::chrono::hours(24 * 365)), kLast = hf::Time(std::chrono::hours(24 * 365 * 100));
    event->at = near(std::clamp(event->at, kFirst, kLast), now);
    core.on(*event, out);
    expect(core.now() >= now);
    now = core.now();
    for (const auto& call : out.ended) expect(call.outcome != hf::calls::Outcome::open && call.talk >= hf::Duration{});
    out.clear();
  }
  (void)core.pbx().detector().readings(core.now(), core.pbx().tracker());
  const std::string bytes = core.save();
  hf::app::Core again(1);
  expect(again.load(bytes));
  expect(again.save() == bytes);
  return 0;
}
