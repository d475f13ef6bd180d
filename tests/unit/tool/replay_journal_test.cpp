// An agent's own journal as history: every call of every PBX, as it would have been told.
#include <gtest/gtest.h>

#include <algorithm>

#include "agent/app/entries.hpp"
#include "agent/tool/ndjson_calls.hpp"
#include "agent/tool/replay.hpp"
#include "agent/journal/journal.hpp"
#include "hal/pbx/simulated/sim_model.hpp"
#include "hal/platform/random.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::app {
namespace {

using namespace std::chrono_literals;

const Time kMorning = Time(std::chrono::sys_days(std::chrono::year(2026) / 3 / 3).time_since_epoch()) + 8h;

std::vector<pbx::CallEvent> morning(const std::string& pbx, uint64_t seed) {
  pbx::SimOptions sim;
  sim.scenario = pbx::SimScenario::normal, sim.seed = seed;
  pbx::SimModel model(sim, kMorning, kMorning + 1h);
  std::vector<pbx::CallEvent> events;
  while (auto event = model.next(kMorning + 30min)) {
    event->pbx = pbx;
    events.push_back(std::move(*event));
  }
  return events;
}

// Ended and open, as a core of its own tells them.
size_t calls_in(const std::vector<pbx::CallEvent>& events) {
  Core core(0);
  CoreOutput out;
  size_t calls = 0;
  for (const auto& event : events) {
    core.on(event, out);
    calls += out.ended.size();
    out.clear();
  }
  for (const auto& [name, pbx] : core.pbxs()) calls += pbx.tracker().open_calls().size();
  return calls;
}

class ReplayJournal : public ::testing::Test {
 protected:
  void write(const std::vector<pbx::CallEvent>& events) {
    auto journal = journal::Journal::open(folder_ / "journal", system_clock(), system_random());
    ASSERT_TRUE(journal) << journal.error().what;
    std::vector<journal::Entry> entries;
    for (const auto& event : events) entries.push_back(to_entry(event));
    entries.push_back(note(kMorning, "loss", "nothing that a call rests on"));
    ASSERT_TRUE(journal->append(entries));
    ASSERT_TRUE(journal->close());
  }
  test::TempFolder folder_;
};

TEST_F(ReplayJournal, tells_each_call_of_each_pbx_once) {
  const auto alone = morning("", 1), north = morning("north", 2);
  std::vector<pbx::CallEvent> all = alone;
  all.insert(all.end(), north.begin(), north.end());
  std::ranges::stable_sort(all, {}, &pbx::CallEvent::at);
  write(all);
  ASSERT_TRUE(is_journal(folder_ / "journal"));
  const auto history = replay_journal(folder_ / "journal", kMorning + 30min);
  ASSERT_TRUE(history) << history.error().what;
  EXPECT_EQ(history->events, all.size());
  const auto of_north = std::ranges::count_if(history->calls, [](const auto& c) { return c.id.starts_with("north|"); });
  EXPECT_EQ(static_cast<size_t>(of_north), calls_in(north));
  EXPECT_EQ(history->calls.size() - static_cast<size_t>(of_north), calls_in(alone));
  EXPECT_GT(calls_in(alone), 20u);
  EXPECT_EQ(history->sources.size(), 2u);
  for (const auto& call : history->calls) EXPECT_EQ(call_ndjson(call, history->source_of(call)).find("\"caller_wait_s\":null") != std::string::npos, !call.caller_wait());
}

TEST_F(ReplayJournal, is_refused_where_none_lies) {
  ASSERT_FALSE(is_journal(folder_ / "journal"));
  const auto history = replay_journal(folder_ / "journal", kMorning + 30min);
  ASSERT_FALSE(history);
  EXPECT_EQ(history.error().kind, ErrorKind::invalid_input);
}

}  // namespace
}  // namespace hf::app
