// Callers answered after one and the same wait: a hold of some, and what looks like one.
#include "agent/detect/same_waits.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

#include "floor.hpp"

namespace hf::detect {
namespace {

constexpr double kAlarm = 12.5;

Time time(double s) { return from_unix_seconds(1'790'000'000 + s); }

struct Caller {
  double came = 0, answered = 0;
};

// The largest evidence that any of the answers brings.
SameWait most(std::vector<Caller> callers) {
  std::ranges::sort(callers, {}, &Caller::answered);
  SameWaits waits;
  SameWait most;
  for (const Caller& c : callers)
    if (const SameWait s = waits.answered(time(c.came), time(c.answered)); s.nats > most.nats) most = s;
  return most;
}

std::vector<double> arrivals(int n, double gap, uint32_t seed) {
  std::mt19937 random(seed);
  std::exponential_distribution<double> next(1 / gap);
  std::vector<double> all;
  double at = 0;
  for (int i = 0; i < n; ++i) all.push_back(at += next(random));
  return all;
}

// Served in order by `members`, each talk as long as `talk` says.
template <class Talk>
std::vector<Caller> in_turn(const std::vector<double>& came, size_t members, Talk talk) {
  std::vector<double> free_at(members, 0.0);
  std::vector<Caller> all;
  for (const double at : came) {
    auto next = std::ranges::min_element(free_at);
    const double begins = std::max(at, *next);
    *next = begins + talk();
    all.push_back({at, begins + 3});
  }
  return all;
}

class SameWaitsOf : public testing::TestWithParam<uint32_t> {};
INSTANTIATE_TEST_SUITE_P(Seeds, SameWaitsOf, testing::Range(1u, 21u));

TEST_P(SameWaitsOf, three_in_ten_held_for_900_s_show_among_quick_answers) {
  std::mt19937 random(GetParam());
  std::vector<Caller> callers;
  int n = 0;
  for (const double at : arrivals(90, 40, GetParam() + 100))
    callers.push_back({at, at + (++n % 10 < 3 ? static_cast<double>(901 + random() % 2) : static_cast<double>(4 + random() % 40))});
  const SameWait s = most(callers);
  EXPECT_GE(s.nats, kAlarm);
  EXPECT_NEAR(seconds(s.wait), 901, 2);
}

TEST_P(SameWaitsOf, overload_and_fixed_talks_served_in_turn_say_nothing) {
  std::mt19937 random(GetParam());
  std::exponential_distribution<double> talk(1 / 200.0);
  EXPECT_LT(most(in_turn(arrivals(300, 40, GetParam()), 4, [&] { return talk(random); })).nats, kAlarm);
  EXPECT_LT(most(in_turn(arrivals(300, 40, GetParam()), 4, [] { return 170.0; })).nats, kAlarm) << "robots";
}

// At 900 s the queue calls on further members: a ceiling, reached in turn.
TEST_P(SameWaitsOf, a_ceiling_at_900_s_says_nothing) {
  std::mt19937 random(GetParam());
  std::exponential_distribution<double> talk(1 / 200.0);
  auto callers = in_turn(arrivals(300, 30, GetParam()), 4, [&] { return talk(random); });
  for (Caller& c : callers) c.answered = std::min(c.answered, c.came + 900);
  EXPECT_LT(most(callers).nats, kAlarm);
}

// One in ten goes first; the others' waits fall anywhere.
TEST_P(SameWaitsOf, callers_with_a_priority_overtake_and_say_nothing) {
  std::mt19937 random(GetParam());
  std::exponential_distribution<double> talk(1 / 200.0);
  std::vector<double> free_at(4, 0.0);
  std::multimap<double, double> waiting;  // by urgency, when they came
  std::vector<Caller> callers;
  const auto came = arrivals(400, 48, GetParam());
  for (size_t next = 0; next < came.size() || !waiting.empty();) {
    auto member = std::ranges::min_element(free_at);
    while (next < came.size() && (waiting.empty() || came[next] <= *member))
      waiting.emplace(came[next] - (next % 10 == 0 ? 600 : 0), came[next]), ++next;
    const double at = waiting.begin()->second, begins = std::max(at, *member);
    waiting.erase(waiting.begin());
    *member = begins + talk(random);
    callers.push_back({at, begins + 3});
  }
  EXPECT_LT(most(callers).nats, kAlarm);
}

// Without idle members beside them nothing else tells those who are held (H25).
TEST(SameWaits, of_a_part_of_the_callers_open_an_incident_of_their_queue) {
  Floor floor;
  floor.agents("support", 1001, 1001);
  double t = 0;
  for (int i = 0; i < 30; ++i, t += 60) floor.call(t, "5550101", "support", "PJSIP/1001");
  for (int i = 0; i < 4; ++i, t += 180) {
    const std::string held = "h" + std::to_string(i);
    floor.at(t), floor.arrive(held, "5550101"), floor.join(held, "support");
    for (int n = 0; n < 2; ++n) {  // one member, who talks most of the time
      const std::string id = held + "/" + std::to_string(n);
      const double at = t + 2 + 85 * n;
      floor.at(at), floor.arrive(id, "5550101"), floor.join(id, "support");
      floor.at(at + 3), floor.connect(id, "support", "PJSIP/1001");
      floor.at(at + 78), floor.done(id, "support", "PJSIP/1001");
    }
    floor.at(t + 174), floor.connect(held, "support", "PJSIP/1001");
    floor.at(t + 178), floor.done(held, "support", "PJSIP/1001");
  }
  const auto news = floor.of(FindingKind::news, "same_wait");
  ASSERT_FALSE(news.empty());
  EXPECT_NEAR(news[0].values.at("wait_s"), 174, 1);
  EXPECT_EQ(news[0].queue, "support");
}

}  // namespace
}  // namespace hf::detect
