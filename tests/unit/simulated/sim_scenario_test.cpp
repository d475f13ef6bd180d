#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/unit/simulated/sim_trace.hpp"

namespace hf::pbx {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Time kTen = kMidnight + hours(10);
constexpr Time kOnset = kTen + seconds(120);

SimTrace morning(SimScenario which, Duration length = hours(1)) { return simulate(scenario(which), kTen, length); }

// At `when`, how many members of the queue were shown free and not paused.
size_t shown_free(const SimTrace& trace, const std::string& queue, Time when) {
  std::map<std::string, bool> free;
  for (const CallEvent& event : trace.events) {
    if (event.at > when) break;
    if (const auto* s = std::get_if<MemberState>(&event.body); s && s->queue == queue)
      free[s->member] = s->state == DeviceState::not_in_use && !s->paused;
    if (const auto* r = std::get_if<MemberRemoved>(&event.body); r && r->queue == queue) free.erase(r->member);
  }
  return static_cast<size_t>(std::ranges::count_if(free, [](const auto& f) { return f.second; }));
}

size_t connects(const SimTrace& trace, const std::string& queue, Time from, Time to = Time::max()) {
  const auto all = trace.all<MemberConnected>();
  return static_cast<size_t>(std::ranges::count_if(all, [&](const auto& c) { return c.second.queue == queue && c.first >= from && c.first < to; }));
}

TEST(SimScenario, names_lead_back_to_the_scenario_and_an_unknown_one_lists_them) {
  for (const auto which : {SimScenario::normal, SimScenario::hp_holdqueue, SimScenario::restart_crash})
    EXPECT_EQ(scenario_by_name(name_of(which)), which);
  const auto unknown = scenario_by_name("armageddon");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().kind, ErrorKind::invalid_input);
  EXPECT_NE(unknown.error().what.find("hp-prequeue"), std::string::npos);
}

TEST(SimScenario, prequeue_hold_lasts_900_seconds_to_the_second_beside_free_agents) {
  const SimTrace trace = morning(SimScenario::hp_prequeue);
  size_t held = 0;
  for (const SimCallTruth& c : trace.truth.calls) {
    EXPECT_FALSE(c.held && c.queue == "sales");
    EXPECT_FALSE(c.queue != "sales" && c.arrived > kOnset && c.joined && !c.held);
    if (!c.held || !c.joined) continue;
    ++held;
    EXPECT_NEAR(hf::seconds(*c.joined - c.arrived), 904, 1.3) << c.id;  // the welcome comes before
    EXPECT_GT(shown_free(trace, c.queue, *c.joined - seconds(60)), 2u);
  }
  EXPECT_GT(held, 20u);
}

TEST(SimScenario, prequeue_hold_shows_three_announcements_and_planned_music) {
  const SimTrace trace = morning(SimScenario::hp_prequeue, minutes(30));
  const auto held = std::ranges::find_if(trace.truth.calls, [](const SimCallTruth& c) { return c.held && c.joined && c.queue == "support"; });
  ASSERT_NE(held, trace.truth.calls.end());
  std::vector<std::string> sounds;
  Duration planned{};
  for (const auto& [at, step] : trace.all<ChannelStep>()) {
    if (step.channel != held->id) continue;
    if (step.kind == StepKind::announcement) sounds.push_back(step.sound);
    if (step.planned) planned += *step.planned;
  }
  EXPECT_EQ(sounds, (std::vector<std::string>{"welcome-support", "hp-wait-15min", "hp-online-1", "hp-online-2"}));
  EXPECT_NEAR(hf::seconds(planned), 286 + 289 + 288, 2);
}

TEST(SimScenario, prequeue_hold_leaves_the_first_two_minutes_alone_and_ends_when_withdrawn) {
  SimOptions options = scenario(SimScenario::hp_prequeue);
  options.withdraw_after = minutes(20);
  const SimTrace trace = simulate(options, kTen, hours(1));
  EXPECT_EQ(trace.all<ConfigurationChanged>().size(), 2u);
  const Time end = kOnset + minutes(20);
  for (const SimCallTruth& c : trace.truth.calls) {
    if (!c.held) continue;
    EXPECT_GE(c.arrived + seconds(5), kOnset);
    EXPECT_LE(c.arrived, end);
  }
  EXPECT_TRUE(std::ranges::any_of(trace.truth.calls, [&](const SimCallTruth& c) { return c.arrived > end && c.queue == "support" && c.connected; }));
}

TEST(SimScenario, the_length_of_the_hold_is_a_parameter) {
  SimOptions options = scenario(SimScenario::hp_prequeue);
  options.hold = seconds(60);
  for (const SimCallTruth& c : simulate(options, kTen, minutes(20)).truth.calls) {
    if (!c.held || !c.joined) continue;
    EXPECT_NEAR(hf::seconds(*c.joined - c.arrived), 64, 1.3);
  }
}

TEST(SimScenario, holding_queue_ends_by_time_out_and_the_real_queue_follows) {
  const SimTrace trace = morning(SimScenario::hp_holdqueue);
  std::map<std::string, Time> entered;
  size_t held = 0;
  for (const CallEvent& event : trace.events) {
    if (const auto* joined = std::get_if<QueueJoined>(&event.body)) {
      const auto was = entered.find(joined->channel);
      if (joined->queue == "holding") {
        entered[joined->channel] = event.at;
      } else if (was != entered.end()) {
        ++held;
        EXPECT_NEAR(hf::seconds(event.at - was->second), 900, 0.1);
      }
    }
    const auto* offered = std::get_if<MemberOffered>(&event.body);
    EXPECT_FALSE(offered && offered->queue == "holding");
  }
  EXPECT_GT(held, 20u);
}

TEST(SimScenario, partial_roll_out_holds_three_callers_in_ten) {
  double held = 0, all = 0;
  for (const SimCallTruth& c : morning(SimScenario::hp_partial, hours(3)).truth.calls)
    if (c.arrived > kOnset && c.queue != "sales") all += 1, held += c.held ? 1 : 0;
  EXPECT_NEAR(held / all, 0.3, 0.06);
}

TEST(SimScenario, staff_shortage_makes_waits_long_and_uneven_with_nobody_free) {
  const SimTrace trace = morning(SimScenario::staff_shortage);
  std::vector<double> waits;
  for (const SimCallTruth& c : trace.truth.calls)
    if (c.queue == "support" && c.connected && c.arrived > kOnset + minutes(10)) waits.push_back(hf::seconds(c.wait()));
  ASSERT_GT(waits.size(), 10u);
  const auto [low, high] = std::ranges::minmax(waits);
  EXPECT_GT(high - low, 120);
  size_t free = 0;
  for (int minute = 15; minute < 60; ++minute) free += shown_free(trace, "support", kTen + minutes(minute)) > 0 ? 1 : 0;
  EXPECT_LT(free, 20u);  // who is in wrap-up is shown free
}

TEST(SimScenario, surge_brings_two_and_a_half_times_the_calls) {
  const auto usual = static_cast<double>(morning(SimScenario::normal, hours(2)).truth.calls.size());
  EXPECT_NEAR(static_cast<double>(morning(SimScenario::surge, hours(2)).truth.calls.size()) / usual, 2.5, 0.25);
}

TEST(SimScenario, dead_queue_answers_nobody_while_callers_wait) {
  const SimTrace trace = morning(SimScenario::dead_queue);
  EXPECT_GT(connects(trace, "support", kTen, kOnset), 0u);
  EXPECT_EQ(connects(trace, "support", kOnset + seconds(30)), 0u);
  EXPECT_GT(connects(trace, "printers", kOnset + seconds(30)), 20u);
  EXPECT_EQ(shown_free(trace, "support", kTen + minutes(30)), 0u);
}

TEST(SimScenario, refusing_phones_are_shown_free_and_answer_nobody) {
  const SimTrace trace = morning(SimScenario::phones_refuse);
  EXPECT_EQ(connects(trace, "printers", kOnset + seconds(30)), 0u);
  std::set<std::string> refused;
  size_t offers = 0;
  for (const auto& [at, missed] : trace.all<MemberMissed>()) {
    if (missed.queue != "printers" || at < kOnset + seconds(30)) continue;
    EXPECT_EQ(missed.rang.count(), 0);
    refused.insert(missed.member), ++offers;
  }
  EXPECT_EQ(refused.size(), 3u);
  EXPECT_GT(offers, 500u);
  EXPECT_GE(shown_free(trace, "printers", kTen + minutes(30)), 2u);  // one may be on the phone to somebody
  EXPECT_GT(connects(trace, "support", kOnset), 100u);
}

TEST(SimScenario, restart_ends_every_call_within_a_second_and_a_new_boot_follows) {
  const SimTrace trace = morning(SimScenario::restart, minutes(20));
  const auto down = trace.all<SourceDown>();
  const auto up = trace.all<SourceUp>();
  ASSERT_EQ(down.size(), 1u);
  ASSERT_EQ(up.size(), 2u);
  EXPECT_NEAR(hf::seconds(up[1].first - down[0].first), 5, 0.5);
  const auto life = trace.all<PbxLife>();
  ASSERT_EQ(life.size(), 3u);
  EXPECT_EQ(life[1].second.state, PbxState::stopping);
  EXPECT_GT(*life[2].second.booted, *life[0].second.booted);
  std::set<std::string> open;
  for (const CallEvent& event : trace.events) {
    if (event.at >= down[0].first) break;
    if (const auto* c = std::get_if<ChannelStarted>(&event.body)) open.insert(c->channel);
    if (const auto* c = std::get_if<ChannelEnded>(&event.body)) open.erase(c->channel);
  }
  EXPECT_TRUE(open.empty());
  const auto channels = trace.all<ChannelStarted>();
  const auto first = std::ranges::find_if(channels, [&](const auto& c) { return c.first > up[1].first; });
  ASSERT_NE(first, channels.end());
  EXPECT_TRUE(first->second.channel.ends_with(".0")) << first->second.channel;
  EXPECT_GT(connects(trace, "support", up[1].first), 10u);
}

TEST(SimScenario, a_crash_ends_no_call_and_the_new_picture_is_empty) {
  const SimTrace trace = morning(SimScenario::restart_crash, minutes(20));
  const auto down = trace.all<SourceDown>();
  ASSERT_EQ(down.size(), 1u);
  const auto ended = trace.all<ChannelEnded>();
  EXPECT_FALSE(std::ranges::any_of(ended, [&](const auto& e) { return e.first > down[0].first - seconds(1) && e.first < down[0].first + seconds(6); }));
  EXPECT_TRUE(trace.all<ChannelSeen>().empty());
  const auto cut = [&](const SimCallTruth& c) { return c.ended && *c.ended > down[0].first - seconds(1) && *c.ended < down[0].first + seconds(1); };
  EXPECT_GT(std::ranges::count_if(trace.truth.calls, cut), 3);
  EXPECT_GT(std::ranges::count_if(trace.truth.calls, [](const SimCallTruth& c) { return c.outcome == SimOutcome::lost; }), 0);
}

}  // namespace
}  // namespace hf::pbx
