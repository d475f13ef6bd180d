#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "tests/unit/simulated/sim_trace.hpp"

namespace hf::pbx {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::ElementsAre;

size_t fingerprint(const SimTrace& trace) {
  size_t hash = 0;
  for (const CallEvent& event : trace.events) hash = hash * 31 + std::hash<std::string>{}(to_text(event));
  return hash;
}

const SimCallTruth* find_call(const SimTrace& trace, const std::string& queue, SimOutcome outcome) {
  const auto found = std::ranges::find_if(trace.truth.calls, [&](const SimCallTruth& c) {
    return c.queue == queue && c.outcome == outcome && c.hold.count() == 0 && c.joined && trace.story(c.id).size() < 20;
  });
  return found == trace.truth.calls.end() ? nullptr : &*found;
}

std::vector<std::string> without_hangup_request(std::vector<std::string> story) {  // it comes first or last, by who hung up
  std::erase(story, "hangup_requested");
  return story;
}

TEST(SimModel, gives_the_same_events_for_the_same_seed) {
  const SimOptions options = scenario(SimScenario::hp_prequeue);
  EXPECT_EQ(fingerprint(simulate(options, kMidnight + hours(9), hours(1))), fingerprint(simulate(options, kMidnight + hours(9), hours(1))));
}

TEST(SimModel, gives_other_events_for_another_seed) {
  EXPECT_NE(fingerprint(simulate(scenario(SimScenario::normal, 1), kMidnight + hours(9), hours(1))),
            fingerprint(simulate(scenario(SimScenario::normal, 2), kMidnight + hours(9), hours(1))));
}

TEST(SimModel, lets_time_grow_strictly_over_a_whole_day) {
  const SimTrace day = simulate(scenario(SimScenario::restart), kMidnight, hours(24));
  const auto back = std::ranges::adjacent_find(day.events, [](const CallEvent& a, const CallEvent& b) { return a.at >= b.at; });
  EXPECT_EQ(back, day.events.end());
}

TEST(SimModel, has_a_few_thousand_calls_a_day_and_quiet_nights) {
  const SimTrace day = simulate(scenario(SimScenario::normal), kMidnight, hours(24));
  EXPECT_GT(day.truth.calls.size(), 2500u);
  EXPECT_LT(day.truth.calls.size(), 5000u);
  const auto between = [&day](int from, int to) {
    return std::ranges::count_if(day.truth.calls, [=](const SimCallTruth& c) { return c.arrived >= kMidnight + hours(from) && c.arrived < kMidnight + hours(to); });
  };
  EXPECT_GT(between(10, 11), 20 * between(2, 3));
}

TEST(SimModel, is_busy_in_the_small_hours_when_demo_hours_are_asked_for) {
  SimOptions options = scenario(SimScenario::normal);
  options.demo_hours = true;
  const SimTrace hour = simulate(options, kMidnight + hours(3), hours(1));
  const auto support = std::ranges::count_if(hour.truth.calls, [](const SimCallTruth& c) { return c.queue == "support"; });
  EXPECT_GE(support, 2 * 60);
  EXPECT_LE(support, 4 * 60);
}

TEST(SimModel, follows_the_local_clock) {
  SimOptions options = scenario(SimScenario::normal);
  options.utc_offset = minutes(8 * 60);
  EXPECT_GT(simulate(options, kMidnight + hours(2), hours(1)).truth.calls.size(), 200u);  // ten in the morning there
}

TEST(SimModel, begins_with_the_link_and_a_picture) {
  const SimTrace start = simulate(scenario(SimScenario::normal), kMidnight + hours(10), std::chrono::seconds(1));
  ASSERT_GT(start.events.size(), 10u);
  EXPECT_EQ(kind_name(start.events[0].body), "source_up");
  EXPECT_EQ(kind_name(start.events[1].body), "pbx_life");
  EXPECT_EQ(kind_name(start.events[2].body), "resync_started");
  EXPECT_EQ(kind_name(start.events[3].body), "queue_seen");
  EXPECT_EQ(kind_name(start.events[4].body), "member_state");
  EXPECT_EQ(start.all<ResyncEnded>().size(), 2u);
}

TEST(SimModel, tells_an_answered_call_in_the_order_of_a_real_pbx) {
  const SimTrace hour = simulate(scenario(SimScenario::normal), kMidnight + hours(10), hours(1));
  const SimCallTruth* call = find_call(hour, "support", SimOutcome::answered);
  ASSERT_NE(call, nullptr);
  EXPECT_THAT(without_hangup_request(hour.story(call->id)),
              ElementsAre("channel_started", "channel_state", "channel_state", "channel_step", "channel_step", "queue_joined", "music_started",
                          "member_offered", "music_stopped", "queue_left", "member_connected", "bridge_entered", "member_done", "bridge_left",
                          "channel_ended"));
}

TEST(SimModel, tells_an_abandoned_call_in_the_order_of_a_real_pbx) {
  const SimTrace hour = simulate(scenario(SimScenario::dead_queue), kMidnight + hours(10), hours(1));
  const SimCallTruth* call = find_call(hour, "support", SimOutcome::abandoned);
  ASSERT_NE(call, nullptr);
  EXPECT_THAT(hour.story(call->id), ElementsAre("channel_started", "channel_state", "channel_state", "channel_step", "channel_step", "queue_joined",
                                                "music_started", "hangup_requested", "queue_abandoned", "music_stopped", "queue_left",
                                                "hangup_requested", "channel_ended"));
}

TEST(SimModel, tells_a_time_out_as_an_abandon_after_which_the_caller_lives_on) {
  const SimTrace hour = simulate(scenario(SimScenario::dead_queue), kMidnight + hours(10), hours(1));
  const SimCallTruth* call = find_call(hour, "support", SimOutcome::timeout);
  ASSERT_NE(call, nullptr);
  const std::vector<std::string> story = hour.story(call->id);
  const auto left = std::ranges::find(story, "queue_abandoned");
  EXPECT_THAT(std::vector<std::string>(left, story.end()), ElementsAre("queue_abandoned", "music_stopped", "queue_left", "queue_exited", "channel_step",
                                                                       "hangup_requested", "channel_ended"));
}

TEST(SimModel, plays_everything_a_normal_day_has) {
  const SimTrace day = simulate(scenario(SimScenario::normal), kMidnight, hours(24));
  EXPECT_GT(day.all<MemberMissed>().size(), 10u);
  EXPECT_GT(day.all<HoldStarted>().size(), 50u);
  EXPECT_GT(day.all<Transferred>().size(), 10u);
  EXPECT_GT(day.all<MemberRemoved>().size(), 20u);
  const auto states = day.all<MemberState>();
  EXPECT_TRUE(std::ranges::any_of(states, [](const auto& s) { return s.second.paused; }));
  const auto channels = day.all<ChannelStarted>();
  EXPECT_TRUE(std::ranges::any_of(channels, [](const auto& c) { return c.second.device == "PJSIP/trunk" && c.second.channel != c.second.linked; }));
}

TEST(SimModel, never_offers_a_second_call_to_a_member_who_is_busy_or_in_wrap_up) {
  const SimTrace day = simulate(scenario(SimScenario::normal), kMidnight + hours(8), hours(6));
  std::map<std::string, Time> free_from;
  std::map<std::string, bool> busy;
  for (const CallEvent& event : day.events) {
    if (const auto* offered = std::get_if<MemberOffered>(&event.body)) {
      EXPECT_FALSE(busy[offered->member]) << to_text(event);
      EXPECT_GE(event.at + std::chrono::milliseconds(5), free_from[offered->member]) << to_text(event);
    }
    if (const auto* connected = std::get_if<MemberConnected>(&event.body)) busy[connected->member] = true;
    if (const auto* done = std::get_if<MemberDone>(&event.body)) {
      busy[done->member] = false;
      free_from[done->member] = event.at + std::chrono::seconds(5);
    }
  }
}

TEST(SimModel, shows_a_member_in_wrap_up_as_free_with_only_the_last_call_to_tell) {
  const SimTrace hour = simulate(scenario(SimScenario::normal), kMidnight + hours(10), hours(1));
  const auto done = hour.all<MemberDone>();
  ASSERT_FALSE(done.empty());
  const auto states = hour.all<MemberState>();
  const auto next = std::ranges::find_if(states, [&](const auto& s) { return s.first > done[0].first && s.second.member == done[0].second.member; });
  ASSERT_NE(next, states.end());
  EXPECT_EQ(next->second.state, DeviceState::not_in_use);
  EXPECT_LT(next->first - done[0].first, std::chrono::seconds(1));
  ASSERT_TRUE(next->second.last_call);
  EXPECT_LE(next->first - *next->second.last_call, std::chrono::seconds(2));
  EXPECT_EQ(next->second.wrapup, std::chrono::seconds(5));
}

TEST(SimModel, tells_in_its_truth_what_its_events_tell) {
  const SimTrace day = simulate(scenario(SimScenario::normal), kMidnight, hours(24));
  std::map<std::string, Time> connected;
  for (const auto& [at, body] : day.all<MemberConnected>()) connected.emplace(body.channel, at);
  size_t answered = 0;
  for (const SimCallTruth& call : day.truth.calls) {
    if (!call.connected) continue;
    ++answered;
    EXPECT_EQ(connected[call.id], *call.connected);
  }
  EXPECT_EQ(answered, connected.size());
}

}  // namespace
}  // namespace hf::pbx
