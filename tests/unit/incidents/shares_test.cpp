#include "agent/incidents/shares.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <random>

#include "agent/incidents/overtaken.hpp"
#include "agent/incidents/patience.hpp"
#include "agent/incidents/queue_replay.hpp"

namespace hf::incidents {
namespace {

// Two hours of a queue, played with what is given, so that what was seen is consistent with it.
struct Story {
  double calls_per_hour = 120, agents = 8, handling = 180, hold = 0;
  double held_share = 1, held_until = 7200, patience = 1200;
};

SeenFloor seen_of(const Story& story, uint64_t seed = 1) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<> chance(0, 1);
  const auto exponential = [&](double mean) { return -mean * std::log(1 - chance(random)); };
  SeenFloor seen;
  seen.agents.assign(120, story.agents);
  Replay replay{.calls = {}, .agents = seen.agents, .busy_until = {}};
  for (double t = exponential(3600 / story.calls_per_hour); t < 7200; t += exponential(3600 / story.calls_per_hour)) {
    const double hold = t < story.held_until && chance(random) < story.held_share ? story.hold : 0;
    replay.calls.push_back(
        {.arrived = t, .hold = hold, .talk = exponential(story.handling), .patience = exponential(story.patience)});
  }
  const std::vector<double> waits = replay_waits(replay);
  for (size_t i = 0; i < waits.size(); ++i) {
    const ReplayCall& c = replay.calls[i];
    const bool answered = waits[i] < c.patience;
    seen.calls.push_back({.arrived = c.arrived,
                          .wait = waits[i],
                          .hold = std::min(c.hold, waits[i]),
                          .talk = answered ? c.talk : 0,
                          .answered = answered,
                          .open = false});
  }
  return seen;
}

UsualFloor usual_of(const Story& story) {
  return {.arrivals = 2 * story.calls_per_hour,
          .agents = story.agents,
          .handling_s = story.handling,
          .taking = {},
          .holds_known = true};
}

double share(const Shares& shares, Factor factor) {
  for (const Share& s : shares.parts) {
    if (s.factor == factor) return s.share;
  }
  return NAN;
}

class KnownCause : public testing::TestWithParam<uint64_t> {
 protected:
  static void expect_most(const Story& story, Factor factor) {
    const Shares shares = shares_of(seen_of(story, GetParam()), usual_of({}));
    ASSERT_EQ(shares.state, SharesState::told)
        << shares.measured_s << " " << shares.replayed_s << " " << shares.usual_s;
    EXPECT_GT(share(shares, factor), 0.8) << "seed " << GetParam();
    double sum = 0;
    for (const Share& s : shares.parts) {
      sum += s.share;
      EXPECT_LE(s.low, s.share);
      EXPECT_GE(s.high, s.share);
    }
    EXPECT_NEAR(sum, 1, 1e-9);
  }
};

TEST_P(KnownCause, only_arrivals_doubled) { expect_most({.calls_per_hour = 240}, Factor::load); }
TEST_P(KnownCause, only_staff_halved) { expect_most({.agents = 4}, Factor::staffing); }
TEST_P(KnownCause, only_handling_doubled) { expect_most({.handling = 360}, Factor::handling); }
TEST_P(KnownCause, only_held_beside_free_agents) { expect_most({.hold = 300}, Factor::avoidable); }
TEST_P(KnownCause, a_third_held) { expect_most({.hold = 900, .held_share = 0.3}, Factor::avoidable); }

// Inside the queue nobody tells who is held: members stand idle beside callers, and some are passed over.
TEST_P(KnownCause, a_third_held_inside_the_queue) {
  SeenFloor seen = seen_of({.hold = 900, .held_share = 0.3}, GetParam());
  for (SeenCall& c : seen.calls) c.hold = 0;
  seen.taking.assign(seen.agents.size(), 0.75);
  ASSERT_TRUE(hold_overtaken(seen));
  const Shares shares = shares_of(seen, usual_of({}));
  ASSERT_EQ(shares.state, SharesState::told) << shares.measured_s << " " << shares.replayed_s;
  EXPECT_GT(share(shares, Factor::avoidable), 0.8);
  EXPECT_NEAR(shares.replayed_s, shares.measured_s, 0.2 * shares.measured_s);
}

TEST_P(KnownCause, callers_served_in_turn_or_held_alike_are_not_taken_for_some_who_are_held) {
  for (const Story& story : {Story{}, Story{.calls_per_hour = 240}, Story{.agents = 4}, Story{.hold = 300},
                             Story{.hold = 900, .held_until = 6000, .patience = 300}}) {
    SeenFloor seen = seen_of(story, GetParam());
    for (SeenCall& c : seen.calls) c.hold = 0;
    EXPECT_FALSE(hold_overtaken(seen));
  }
}

TEST_P(KnownCause, surge_and_missing_staff_share_it_between_them) {
  const Shares shares = shares_of(seen_of({.calls_per_hour = 180, .agents = 5.4}, GetParam()), usual_of({}));
  ASSERT_EQ(shares.state, SharesState::told);
  EXPECT_GT(share(shares, Factor::load), 0.25);
  EXPECT_GT(share(shares, Factor::staffing), 0.25);
  EXPECT_LT(std::abs(share(shares, Factor::avoidable)), 0.1);
}
INSTANTIATE_TEST_SUITE_P(Seeds, KnownCause, testing::Values(1, 2, 3, 4));

TEST(Shares, says_too_few_below_twenty_calls) {
  SeenFloor seen = seen_of({.hold = 300});
  seen.calls.resize(kFewestCalls - 1);
  const Shares shares = shares_of(seen, usual_of({}));
  EXPECT_EQ(shares.state, SharesState::too_few);
  EXPECT_EQ(shares.calls, kFewestCalls - 1);
  EXPECT_TRUE(shares.parts.empty());
}

TEST(Shares, an_ordinary_interval_has_nothing_to_explain) {
  const Shares shares = shares_of(seen_of({}), usual_of({}));
  EXPECT_EQ(shares.state, SharesState::no_extra);
}

TEST(Shares, waits_that_the_floor_cannot_account_for_are_not_shared_out) {
  SeenFloor seen = seen_of({});
  for (SeenCall& c : seen.calls) c.wait += 600;  // not told as a hold
  EXPECT_EQ(shares_of(seen, usual_of({})).state, SharesState::unlike);
}

TEST(Shares, a_factor_whose_usual_is_unknown_is_left_out) {
  UsualFloor usual = usual_of({});
  usual.handling_s.reset(), usual.holds_known = false;
  const Shares shares = shares_of(seen_of({.agents = 4}), usual);
  ASSERT_EQ(shares.parts.size(), 2u);
  EXPECT_TRUE(std::isnan(share(shares, Factor::handling)));
  EXPECT_GT(share(shares, Factor::staffing), 0.8);
}

TEST(Shares, one_known_factor_alone_explains_nothing) {
  UsualFloor usual;
  usual.holds_known = true;
  EXPECT_EQ(shares_of(seen_of({.hold = 300}), usual).state, SharesState::too_few);
}

TEST(Shares, people_at_work_who_take_no_calls_are_the_avoidable_part) {
  SeenFloor seen = seen_of({.agents = 4});
  seen.agents.assign(120, 8), seen.taking.assign(120, 0.5);
  UsualFloor usual = usual_of({});
  usual.taking = 1.0;
  EXPECT_GT(share(shares_of(seen, usual), Factor::avoidable), 0.8);
}

TEST(Shares, nobody_there_is_staffing) {
  SeenFloor seen = seen_of({.agents = 0});
  const Shares shares = shares_of(seen, usual_of({}));
  ASSERT_EQ(shares.state, SharesState::told);
  EXPECT_GT(share(shares, Factor::staffing), 0.9);
}

TEST(Shares, the_same_again_gives_the_same_bytes) {
  EXPECT_EQ(to_bytes(shares_of(seen_of({.agents = 4}), usual_of({}))),
            to_bytes(shares_of(seen_of({.agents = 4}), usual_of({}))));
}

TEST(QueueReplay, serves_in_order_and_lets_the_impatient_go) {
  Replay replay{.calls = {{.arrived = 0, .talk = 100},
                          {.arrived = 10, .talk = 100, .patience = 30},
                          {.arrived = 20, .talk = 100}},
                .agents = {1},
                .busy_until = {}};
  EXPECT_EQ(replay_waits(replay), (std::vector<double>{0, 30, 80}));
}

TEST(QueueReplay, an_agent_who_comes_later_takes_the_first_in_line) {
  const Replay replay{
      .calls = {{.arrived = 5, .talk = 10}, {.arrived = 6, .talk = 10}}, .agents = {0, 1}, .busy_until = {}};
  EXPECT_EQ(replay_waits(replay), (std::vector<double>{55, 64}));
}

TEST(QueueReplay, a_held_caller_lets_others_pass) {
  const Replay replay{.calls = {{.arrived = 0, .hold = 60, .talk = 10}, {.arrived = 1, .talk = 10}},
                      .agents = {1, 1},
                      .busy_until = {}};
  EXPECT_EQ(replay_waits(replay), (std::vector<double>{60, 0}));
}

TEST(QueueReplay, talks_that_go_on_keep_their_agents) {
  const Replay replay{.calls = {{.arrived = 0, .talk = 10}}, .agents = {1, 1}, .busy_until = {42}};
  EXPECT_EQ(replay_waits(replay), (std::vector<double>{42}));
}

TEST(QueueReplay, half_an_agent_is_there_every_other_minute) {
  Replay replay{.calls = {}, .agents = std::vector<double>(100, 0.5), .busy_until = {}};
  for (int i = 0; i < 100; ++i) replay.calls.push_back({.arrived = i * 60.0, .talk = 60});
  const auto waits = replay_waits(replay);
  EXPECT_NEAR(waits[49], 50 * 60, 120);
}

TEST(Patience, of_the_answered_lies_beyond_their_wait_and_follows_the_hang_ups) {
  std::vector<SeenCall> calls;
  for (int i = 1; i <= 100; ++i)
    calls.push_back({.arrived = i * 1.0, .wait = i * 1.0, .hold = 0, .talk = 0, .answered = i % 2 == 0, .open = false});
  const auto patience = patience_of(calls);
  for (size_t i = 0; i < calls.size(); ++i) {
    if (calls[i].answered)
      EXPECT_GT(patience[i], calls[i].wait);
    else
      EXPECT_EQ(patience[i], calls[i].wait);
  }
}

}  // namespace
}  // namespace hf::incidents
