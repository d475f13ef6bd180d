// The manager stream and the queue_log of the same recorded runs, merged: no call twice, and what is cut out of the one is filled from the other.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "hal/pbx/asterisk/asterisk_merge.hpp"
#include "tests/golden/calls/captures.hpp"
#include "tests/golden/calls/follow.hpp"

namespace hf::golden {
namespace {

struct Merged {
  std::vector<pbx::CallEvent> events;
  pbx::MergeCounts counts;
};

// Both as they would have come: a line of the log when its second is over and the file was looked at.
Merged merge(const std::vector<pbx::CallEvent>& manager, const std::vector<pbx::CallEvent>& log) {
  pbx::AsteriskMerge merge;
  Merged merged;
  auto lines = pbx::AsteriskMerge::lines_of(log);
  auto line = lines.begin();
  const auto read_until = [&](Time t) {
    for (; line != lines.end() && line->front().at + std::chrono::milliseconds(1250) <= t; ++line) {
      const Time now = line->front().at + std::chrono::milliseconds(1250);
      for (pbx::CallEvent& event : *line) event.at = now;
      merge.on_log(std::move(*line), {}, now, merged.events);
    }
  };
  for (const pbx::CallEvent& event : manager) {
    read_until(event.at);
    merge.on_manager({event}, merged.events);
  }
  if (!manager.empty()) merge.advance(manager.back().at + std::chrono::hours(1), merged.events);
  merged.counts = merge.counts();
  return merged;
}

std::vector<pbx::CallEvent> log_of(const std::string& run) {
  auto log = read_events(run + "/queue_log");
  log.pop_back();  // the end of the file is no end of the log
  return log;
}

class Merge : public testing::TestWithParam<std::string> {};

TEST_P(Merge, tells_what_the_manager_tells_and_nothing_twice) {
  const auto manager = read_events(GetParam());
  const Merged merged = merge(manager, log_of(GetParam()));
  const Followed alone = follow(manager), both = follow(merged.events);
  EXPECT_EQ(both.calls.size(), alone.calls.size());
  EXPECT_EQ(both.ended_twice, 0u);
  for (const auto& [id, call] : alone.calls) {
    ASSERT_TRUE(both.calls.contains(id)) << id;
    const calls::Call& other = both.calls.at(id);
    EXPECT_EQ(other.stints.size(), call.stints.size()) << id;
    EXPECT_EQ(other.connected, call.connected) << id;
    EXPECT_EQ(other.outcome, call.outcome) << id;
  }
  fmt::print("{:<36}{:>6} by both{:>4} filled{:>4} manager silent{:>4} log silent\n", short_name(GetParam()), merged.counts.both, merged.counts.filled_in_gap,
             merged.counts.manager_silent, merged.counts.log_silent);
  EXPECT_GT(merged.counts.both, 50u);
}

// The connection breaks for four minutes or more in the middle, and comes back with a picture.
std::vector<pbx::CallEvent> cut(const std::vector<pbx::CallEvent>& manager) {
  const Time from = manager.front().at + (manager.back().at - manager.front().at) / 3;
  const auto begin = std::ranges::lower_bound(manager, from, {}, &pbx::CallEvent::at);
  const auto end = std::find_if(begin, manager.end(), [&](const pbx::CallEvent& e) {
    const auto* picture = std::get_if<pbx::ResyncStarted>(&e.body);
    return picture != nullptr && picture->scope == pbx::ResyncScope::queues && e.at > from + std::chrono::minutes(4);
  });
  if (end == manager.end()) return {};
  std::vector<pbx::CallEvent> events(manager.begin(), begin);
  events.push_back({from, {}, pbx::SourceDown{"cut"}});
  const auto up = std::ranges::find_if(manager, [](const pbx::CallEvent& e) { return std::holds_alternative<pbx::SourceUp>(e.body); });
  events.push_back({end->at, {}, up->body});
  events.insert(events.end(), end, manager.end());
  return events;
}

struct Queues {
  std::map<std::string, size_t> joined, answered, abandoned;
};
Queues count(const Followed& all) {
  Queues q;
  for (const auto& [id, call] : all.calls) {
    for (const calls::Stint& stint : call.stints) {
      ++q.joined[stint.queue];
      if (stint.end == calls::StintEnd::answered) ++q.answered[stint.queue];
      if (stint.end == calls::StintEnd::abandoned) ++q.abandoned[stint.queue];
    }
  }
  return q;
}

TEST_P(Merge, fills_a_gap_of_the_managers_from_the_queue_log) {
  const auto manager = read_events(GetParam()), with_gap = cut(manager);
  ASSERT_FALSE(with_gap.empty()) << "no picture after the middle: nothing can be cut out";
  const Queues whole = count(follow(manager)), gap = count(follow(with_gap));
  const Merged merged = merge(with_gap, log_of(GetParam()));
  const Queues filled = count(follow(merged.events));
  size_t lost = 0;
  for (const auto& [queue, n] : whole.joined) lost += n - std::min(n, gap.joined.contains(queue) ? gap.joined.at(queue) : 0);
  fmt::print("{:<36}{:>6} stays lost in the gap{:>4} things filled\n", short_name(GetParam()), lost, merged.counts.filled_in_gap);
  EXPECT_EQ(filled.joined, whole.joined);
  EXPECT_EQ(filled.answered, whole.answered);
  // Whom a restart in the gap threw out reads as gone by himself.
  if (!GetParam().ends_with("restart")) {
    EXPECT_EQ(filled.abandoned, whole.abandoned);
  }
  EXPECT_EQ(merged.counts.filled_in_gap > 0, lost > 0);
}

INSTANTIATE_TEST_SUITE_P(Recorded, Merge, testing::ValuesIn(captures()), [](const auto& run) { return test_name(run.param); });

}  // namespace
}  // namespace hf::golden
