// The same runs from the queue_log alone: every stay in a queue as the manager stream told it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/golden/calls/captures.hpp"
#include "tests/golden/calls/follow.hpp"

namespace hf::golden {
namespace {

using calls::StintEnd;

struct Compared {
  size_t stints = 0, found = 0, end_right = 0, queue_right = 0;
  double worst_wait = 0;
  std::vector<std::string> wrong;
};

// queue_log has whole seconds: each end of a wait can be up to a second off.
void compare(const calls::Call& by_ami, const calls::Call* by_log, Compared& c) {
  for (size_t i = 0; i < by_ami.stints.size(); ++i) {
    const calls::Stint& truth = by_ami.stints[i];
    ++c.stints;
    if (by_log == nullptr || by_log->stints.size() <= i) {
      c.wrong.push_back(fmt::format("{}: no stay in {}", by_ami.id, truth.queue));
      continue;
    }
    const calls::Stint& seen = by_log->stints[i];
    ++c.found;
    c.queue_right += seen.queue == truth.queue ? 1 : 0;
    c.end_right += seen.end == truth.end ? 1 : 0;
    if (seen.end != truth.end)
      c.wrong.push_back(fmt::format("{}: left {} by {} not {}", by_ami.id, truth.queue, static_cast<int>(seen.end),
                                    static_cast<int>(truth.end)));
    if (seen.left && truth.left && truth.end != StintEnd::lost)
      c.worst_wait =
          std::max(c.worst_wait, std::abs(seconds(*seen.left - seen.joined) - seconds(*truth.left - truth.joined)));
  }
}

class QueueLog : public testing::TestWithParam<std::string> {};

TEST_P(QueueLog, tells_every_stay_in_a_queue) {
  const Followed ami = follow(read_events(GetParam())), log = follow(read_events(GetParam() + "/queue_log"));
  Compared c;
  for (const auto& [id, call] : ami.calls) {
    if (call.outcome == calls::Outcome::open) continue;  // cut by the end of the recording
    const auto at = log.calls.find(id);
    compare(call, at == log.calls.end() ? nullptr : &at->second, c);
  }
  fmt::print("{:<36}{:>6} stays{:>6} found{:>6} queue{:>6} end{:>8.3f} s off\n", short_name(GetParam()), c.stints,
             c.found, c.queue_right, c.end_right, c.worst_wait);
  for (const std::string& w : c.wrong) fmt::print("    {}\n", w);
  EXPECT_GT(c.stints, 0u);
  EXPECT_EQ(c.found, c.stints);
  EXPECT_EQ(c.queue_right, c.stints);
  EXPECT_EQ(c.end_right, c.stints);
  EXPECT_LE(c.worst_wait, 1.5);
  for (const auto& [id, call] : log.calls) EXPECT_FALSE(call.arrival_seen) << "queue_log begins at the queue: " << id;
}

INSTANTIATE_TEST_SUITE_P(Recorded, QueueLog, testing::ValuesIn(captures()),
                         [](const auto& run) { return test_name(run.param); });

}  // namespace
}  // namespace hf::golden
