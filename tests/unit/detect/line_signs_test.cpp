// What finished calls say: each sign stands under an imposed wait, and is quiet where people simply wait their turn.
#include "agent/detect/line_signs.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "agent/detect/chance.hpp"

namespace hf::detect {
namespace {

Time time(double s) { return from_unix_seconds(1'790'000'000 + s); }

// Callers come at random, `gap` seconds apart on average; `wait` says how long the i-th waits, given its arrival.
template <class Wait>
Calls centre(int n, double gap, uint32_t seed, Wait wait) {
  std::mt19937 random(seed);
  std::exponential_distribution<double> next(1 / gap);
  Calls calls;
  double at = 0;
  for (int i = 0; i < n; ++i) {
    at += next(random);
    EndedCall c;
    c.arrived = time(at), c.connected = time(at + wait(at, random)), c.joined = *c.connected - std::chrono::seconds(3);
    c.ended = *c.connected + std::chrono::minutes(3);
    for (const EndedCall& before : calls) c.ahead += *before.connected > c.arrived ? 1u : 0u;
    calls.push_back(c);
  }
  return calls;
}

// Everybody for 900 s, give or take the ring.
Calls held(uint32_t seed) {
  return centre(60, 60, seed,
                [](double, auto& random) { return 903.0 + std::uniform_real_distribution(0.0, 1.0)(random); });
}
// Jittered: 700 to 1,100 s.
Calls jittered(uint32_t seed) {
  return centre(60, 60, seed,
                [](double, auto& random) { return std::uniform_real_distribution(700.0, 1100.0)(random); });
}
// One agent too few: served in order, `talk` seconds each on average.
Calls overloaded(uint32_t seed) {
  double free_at = 0;
  return centre(90, 60, seed, [&free_at](double at, auto& random) {
    const double begins = std::max(at, free_at);
    free_at = begins + std::exponential_distribution<double>(1 / 75.0)(random);
    return begins - at + 3;
  });
}
Calls quick(uint32_t seed) {
  return centre(60, 60, seed, [](double, auto& random) { return std::uniform_real_distribution(4.0, 12.0)(random); });
}

constexpr auto kStanding = ReadingState::standing;

class LineSigns : public testing::TestWithParam<uint32_t> {};
INSTANTIATE_TEST_SUITE_P(Seeds, LineSigns, testing::Range(1u, 9u));

TEST_P(LineSigns, a_wait_that_does_not_follow_the_load) {
  EXPECT_EQ(wait_without_load(held(GetParam())).state, kStanding);
  EXPECT_EQ(wait_without_load(jittered(GetParam())).state, kStanding) << "noise does not hide it";
  EXPECT_NE(wait_without_load(overloaded(GetParam())).state, kStanding);
  EXPECT_NE(wait_without_load(quick(GetParam())).state, kStanding);
}

TEST_P(LineSigns, answers_that_are_the_arrivals_shifted) {
  const Sign s = shifted_arrivals(held(GetParam()));
  EXPECT_EQ(s.state, kStanding);
  EXPECT_NEAR(s.value.value_or(0), 903.5, 1.5);
  EXPECT_NE(shifted_arrivals(jittered(GetParam())).state, kStanding);
  EXPECT_NE(shifted_arrivals(overloaded(GetParam())).state, kStanding);
  EXPECT_NE(shifted_arrivals(quick(GetParam())).state, kStanding);
}

TEST_P(LineSigns, a_queue_as_long_as_the_arrivals_of_one_constant_time) {
  const Sign s = constant_queue(held(GetParam()));
  EXPECT_EQ(s.state, kStanding);
  EXPECT_NEAR(s.value.value_or(0), 903.5, 1.5);
  EXPECT_NE(constant_queue(overloaded(GetParam())).state, kStanding);
  EXPECT_NE(constant_queue(quick(GetParam())).state, kStanding);
}

TEST_P(LineSigns, waits_on_round_numbers) {
  EXPECT_EQ(round_wait(held(GetParam())).state, kStanding);  // 900 s to the queue, 3 s in it
  EXPECT_NE(round_wait(jittered(GetParam())).state, kStanding);
  EXPECT_NE(round_wait(overloaded(GetParam())).state, kStanding);
}

TEST_P(LineSigns, a_service_level_that_falls_against_its_own_past) {
  EXPECT_EQ(service_level(held(GetParam()), quick(GetParam())).state, kStanding);
  EXPECT_NE(service_level(quick(GetParam() + 100), quick(GetParam())).state, kStanding);
  EXPECT_EQ(service_level(held(GetParam()), {}).state, ReadingState::unknown) << "nothing to compare with";
}

TEST(SilentDialog, somebody_is_picked_up_and_left_alone_for_one_constant_time) {
  Calls calls = held(1), before = quick(1);
  for (auto* some : {&calls, &before})
    for (EndedCall& c : *some) c.alone = c.wait() - std::chrono::seconds(1);
  EXPECT_EQ(silent_dialog(calls, before).state, kStanding);
  EXPECT_NE(silent_dialog(before, before).state, kStanding);
  Calls menu = jittered(1);
  for (EndedCall& c : menu) c.alone = c.wait();
  EXPECT_NE(silent_dialog(menu, before).state, kStanding) << "a menu takes everybody another time";
}

// Thirty callers who hang up at `when` seconds; announcements at 300 and 600 s.
Calls leaving(const std::vector<double>& when) {
  Calls calls;
  for (size_t i = 0; i < when.size(); ++i) {
    EndedCall c;
    c.arrived = time(60.0 * static_cast<double>(i)), c.ended = c.arrived + from_seconds(when[i]), c.abandoned = true;
    for (const double sound : {300.0, 600.0}) {
      c.near += from_seconds(std::clamp(when[i] - sound, 0.0, 15.0));
      c.left_near = c.left_near || (when[i] >= sound && when[i] <= sound + 15);
    }
    calls.push_back(c);
  }
  return calls;
}

TEST(HangUps, pile_up_after_an_announcement) {
  std::vector<double> after, spread;
  for (int i = 0; i < 20; ++i) after.push_back(i % 4 == 0 ? 150 + 20 * i : 300 + i % 14), spread.push_back(40 + 35 * i);
  const Sign s = hangups_after_announcement(leaving(after));
  EXPECT_EQ(s.state, kStanding);
  EXPECT_GT(s.value.value_or(0), 5);
  EXPECT_NE(hangups_after_announcement(leaving(spread)).state, kStanding);
}

TEST(Chance, agrees_with_the_binomial_distribution) {
  EXPECT_NEAR(chance_of_at_least(5, 5, 4.0 / 30), 4.2e-5, 1e-6);
  EXPECT_NEAR(chance_of_at_most(0, 8, 0.5), 0.00390625, 1e-9);
  EXPECT_NEAR(chance_of_at_least(3, 10, 0.2) + chance_of_at_most(2, 10, 0.2), 1, 1e-9);
  EXPECT_EQ(chance_of_at_least(0, 10, 0.0), 1);
}

TEST(Signs, of_nothing_are_unknown) {
  for (const Sign& s :
       {wait_without_load({}), shifted_arrivals({}), constant_queue({}), round_wait({}), silent_dialog({}, {}),
        hangups_after_announcement({}), service_level({}, {})})
    EXPECT_EQ(s.state, ReadingState::unknown);
}

}  // namespace
}  // namespace hf::detect
