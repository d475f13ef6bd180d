// Calls of a source that tells them when they are over.
#include <gtest/gtest.h>

#include "agent/calls/tracker.hpp"

namespace hf::calls {
namespace {

using std::chrono::seconds;

const Time kNow{std::chrono::sys_days(std::chrono::year(2026) / 3 / 2) + std::chrono::hours(10)};

pbx::CallRecorded answered() {
  pbx::CallRecorded r;
  r.call = "17", r.line = "0800123", r.caller = 99, r.queue = "sales", r.device = "201", r.name = "Anna";
  r.answered = true, r.wait = seconds(900), r.queue_wait = seconds(10), r.talk = seconds(120), r.hold = seconds(30);
  return r;
}

template <class T>
const T& only(const std::vector<Change>& changes) {
  const T* found = nullptr;
  for (const Change& change : changes)
    if (const auto* one = std::get_if<T>(&change.what)) found = one;
  EXPECT_NE(found, nullptr);
  static const T kNone{};
  return found ? *found : kNone;
}

std::vector<Change> tell(const pbx::CallRecorded& record) {
  Tracker tracker;
  std::vector<Change> changes;
  tracker.on({kNow, {}, pbx::SourceUp{"SMDR", false, false, false, true}}, changes);
  tracker.on({kNow, {}, record}, changes);
  EXPECT_TRUE(tracker.open_calls().empty());
  for (const Change& change : changes) EXPECT_EQ(change.at, kNow);
  return changes;
}

TEST(RecordedCall, has_the_times_that_its_record_tells) {
  const auto changes = tell(answered());
  const Call& call = only<CallEnded>(changes).call;
  EXPECT_EQ(call.ended, kNow);
  EXPECT_EQ(call.connected, kNow - seconds(120));
  EXPECT_EQ(call.arrived, kNow - seconds(1020));
  EXPECT_EQ(call.outcome, Outcome::answered);
  EXPECT_EQ(call.hold, seconds(30));
  ASSERT_EQ(call.stints.size(), 1u);
  EXPECT_EQ(call.stints[0].joined, kNow - seconds(130));
  EXPECT_EQ(call.stints[0].end, StintEnd::answered);
  const AgentInterval& talk = only<AgentChanged>(changes).interval;
  EXPECT_EQ(talk.name, "Anna");
  EXPECT_EQ(talk.from, kNow - seconds(120));
}

TEST(RecordedCall, is_told_in_the_order_in_which_it_happened) {
  std::vector<size_t> kinds;
  for (const Change& change : tell(answered())) kinds.push_back(change.what.index());
  const std::vector<size_t> order{Change{{}, CallArrived{}}.what.index(), Change{{}, CallJoined{}}.what.index(), Change{{}, CallConnected{}}.what.index(),
                                  Change{{}, AgentChanged{}}.what.index(), Change{{}, CallEnded{}}.what.index()};
  EXPECT_EQ(kinds, order);
  EXPECT_FALSE(only<CallArrived>(tell(answered())).call.connected);
}

TEST(RecordedCall, that_nobody_answered_was_abandoned) {
  pbx::CallRecorded r = answered();
  r.answered = false, r.talk = r.hold = {}, r.queue_wait.reset();
  const Call call = only<CallEnded>(tell(r)).call;
  EXPECT_EQ(call.outcome, Outcome::abandoned);
  EXPECT_EQ(call.arrived, kNow - seconds(900));
  EXPECT_EQ(call.stints.at(0).end, StintEnd::abandoned);
  EXPECT_EQ(call.stints.at(0).joined, call.arrived);
}

TEST(RecordedCall, whose_wait_was_cut_is_no_word_for_its_arrival) {
  pbx::CallRecorded r = answered();
  EXPECT_TRUE(only<CallEnded>(tell(r)).call.arrival_seen);
  r.wait_cut = true;
  EXPECT_FALSE(only<CallEnded>(tell(r)).call.arrival_seen);
}

TEST(RecordedCall, without_a_queue_has_no_stint) {
  pbx::CallRecorded r = answered();
  r.queue.clear();
  EXPECT_TRUE(only<CallEnded>(tell(r)).call.stints.empty());
}

TEST(RecordedCall, that_claims_what_cannot_be_is_counted_and_bounded) {
  pbx::CallRecorded r = answered();
  r.wait = -seconds(5), r.talk = std::chrono::hours(24 * 400), r.hold = seconds(-1);
  Tracker tracker;
  std::vector<Change> changes;
  tracker.on({kNow, {}, r}, changes);
  const Call call = only<CallEnded>(changes).call;
  EXPECT_EQ(tracker.oddities().negative, 1u);
  EXPECT_EQ(call.arrived, kNow - std::chrono::hours(24));
  EXPECT_EQ(call.hold, Duration{});
}

}  // namespace
}  // namespace hf::calls
