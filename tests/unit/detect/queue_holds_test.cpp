// Holds inside a queue, and what looks like one. The floor's agents talk 20 s; nobody rings longer than the test says.
#include "agent/detect/queue_holds.hpp"

#include <gmock/gmock.h>

#include "floor.hpp"

namespace hf::detect {
namespace {

using testing::IsEmpty;

std::string phone(int n) { return "PJSIP/" + std::to_string(n); }

// A working morning: 200 calls, two agents in turn, each call answered 3 s after it came to the queue.
double morning(Floor& floor) {
  floor.agents("support", 1001, 1004);
  for (int i = 0; i < 200; ++i) floor.call(40 * i, "5550101", "support", phone(1001 + i % 4));
  return 40 * 200;
}

void come(Floor& floor, const std::string& id, double at) {
  floor.at(at), floor.arrive(id, "5550101");
  floor.at(at + 4), floor.join(id, "support");
}

std::vector<Finding> inside(const Floor& floor) {
  std::vector<Finding> some;
  for (const Finding& f : floor.of(FindingKind::news))
    if (f.template_id == "held_in_queue" || f.template_id == "answers_stopped") some.push_back(f);
  return some;
}

TEST(QueueHolds, callers_left_standing_beside_free_agents_raise_the_alarm_within_three_minutes) {
  Floor floor;
  const double t = morning(floor);
  for (int i = 0; i < 4; ++i) come(floor, "h" + std::to_string(i), t + 30 * i);
  floor.at(t + 180);
  const auto told = inside(floor);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told.front().signal, "held_in_queue");
  EXPECT_EQ(told.front().queue, "support");
  EXPECT_NEAR(Floor::since_start(told.front().since), t + 4, 1) << "the first held caller's join";
  EXPECT_GE(told.front().values.at("callers"), 2);
  EXPECT_GE(told.front().values.at("free"), 2);
}

TEST(QueueHolds, one_lost_caller_alone_is_no_hold) {
  Floor floor;
  const double t = morning(floor);
  come(floor, "lost", t);
  for (int i = 0; i < 40; ++i) floor.call(t + 60 + 60 * i, "5550101", "support", phone(1001 + i % 4));
  EXPECT_THAT(inside(floor), IsEmpty());
}

TEST(QueueHolds, wrap_up_and_rings_that_pass_from_phone_to_phone_are_no_hold) {
  Floor floor;
  double t = morning(floor);
  for (int i = 0; i < 30; ++i) {
    const std::string id = "r" + std::to_string(i);
    come(floor, id, t);
    floor.miss(id, "support", phone(1001), 8), floor.at(t + 12), floor.miss(id, "support", phone(1002), 8);
    floor.at(t + 17), floor.connect(id, "support", phone(1003));
    floor.at(t + 40), floor.done(id, "support", phone(1003));
    t += 60;
  }
  EXPECT_THAT(inside(floor), IsEmpty());
}

TEST(QueueHolds, a_phone_left_off_beside_a_busy_floor_is_passed_by_and_no_hold) {
  Floor floor;
  double t = morning(floor);
  floor.agent("support", phone(1005));  // shown free all day, and never given a call: another skill
  for (int n = 1001; n <= 1003; ++n) floor.agent("support", phone(n), true);
  for (int i = 0; i < 60; ++i) {  // one agent works through a line of callers
    come(floor, "q" + std::to_string(i), t + 25 * i);
    floor.at(t + 25 * i + 20), floor.connect("q" + std::to_string(i), "support", phone(1004));
    floor.at(t + 25 * i + 24), floor.done("q" + std::to_string(i), "support", phone(1004));
  }
  EXPECT_THAT(inside(floor), IsEmpty());
}

TEST(QueueHolds, callers_behind_busy_agents_who_leave_at_the_queues_limit_are_no_hold) {
  Floor floor;
  const double t = morning(floor);
  for (int n = 1001; n <= 1004; ++n) floor.agent("support", phone(n), false, pbx::DeviceState::in_use);
  for (int i = 0; i < 10; ++i) come(floor, "t" + std::to_string(i), t + 60 * i);
  for (int i = 0; i < 10; ++i) floor.at(t + 904 + 60 * i), floor.time_out("t" + std::to_string(i), "support");
  EXPECT_THAT(inside(floor), IsEmpty());
}

TEST(QueueHolds, two_calls_an_hour_answered_late_once_are_no_hold) {
  Floor floor;
  floor.agents("support", 1001, 1002);
  for (int i = 0; i < 30; ++i) floor.call(1800 * i, "5550101", "support", phone(1001 + i % 2), 4, i % 10 == 9 ? 35 : 4);
  EXPECT_THAT(inside(floor), IsEmpty());
}

TEST(QueueHolds, is_over_when_callers_are_put_through_again) {
  Floor floor;
  const double t = morning(floor);
  for (int i = 0; i < 4; ++i) come(floor, "h" + std::to_string(i), t + 30 * i);
  for (int i = 0; i < 4; ++i)
    floor.at(t + 304 + 30 * i), floor.connect("h" + std::to_string(i), "support", phone(1001 + i));
  for (int i = 0; i < 4; ++i) floor.at(t + 420 + i), floor.done("h" + std::to_string(i), "support", phone(1001 + i));
  EXPECT_THAT(floor.of(FindingKind::cleared, "held_in_queue"), IsEmpty());
  for (int i = 0; i < 20; ++i) floor.call(t + 500 + 40 * i, "5550101", "support", phone(1001 + i % 4));
  EXPECT_EQ(floor.of(FindingKind::cleared, "held_in_queue").size(), 1U);
}

// Callers with priority go past others here: forty times a caller is answered before one who came 15 s earlier.
double overtake(Floor& floor, double t) {
  for (int n = 1001; n <= 1004; ++n) floor.agent("support", phone(n), false, pbx::DeviceState::in_use);
  for (int i = 0; i < 40; ++i, t += 60) {
    const std::string early = "e" + std::to_string(i), urgent = "u" + std::to_string(i);
    come(floor, early, t), come(floor, urgent, t + 15);
    floor.at(t + 22), floor.connect(urgent, "support", phone(1001)), floor.connect(early, "support", phone(1002));
    floor.at(t + 40), floor.done(urgent, "support", phone(1001)), floor.done(early, "support", phone(1002));
    for (int n = 1001; n <= 1002; ++n) floor.agent("support", phone(n), false, pbx::DeviceState::in_use);
  }
  return t;
}

TEST(QueueHolds, answers_that_stop_for_those_too_who_waited_are_a_dead_queue) {
  Floor floor;
  const double t = overtake(floor, morning(floor));
  come(floor, "first", t), come(floor, "second", t + 15);
  floor.at(t + 40), floor.agent("support", phone(1001)), floor.connect("second", "support", phone(1001));
  for (int n = 1002; n <= 1004; ++n) floor.at(t + 45 + n % 1000), floor.agent("support", phone(n));
  for (int i = 0; i < 4; ++i) come(floor, "d" + std::to_string(i), t + 60 + 15 * i);
  floor.at(t + 240);
  const auto told = inside(floor);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told.front().signal, "dead_queue") << "the first was there before the second, who was still answered";
}

TEST(Tail, believes_its_prior_first_and_what_it_saw_later) {
  Tail tail;
  const double first = tail.nats(std::chrono::seconds(20), 200);
  EXPECT_NEAR(first, 5.3, 0.1) << "ln 200";
  for (int i = 0; i < 10'000; ++i) tail.add(i % 50 == 0 ? std::chrono::seconds(25) : std::chrono::seconds(0));
  EXPECT_NEAR(tail.nats(std::chrono::seconds(20), 200), 3.9, 0.1) << "ln 50";
  EXPECT_GT(tail.nats(std::chrono::seconds(120), 200), 9) << "never seen in 10,000";
  EXPECT_EQ(tail.nats(std::chrono::seconds(5), 200), 0);
}

// Answers every 30 s, each caller waiting 20 s for it.
Time steady(AnswerGap& gap, const Parameters& p, double wait = 20) {
  Time t = from_unix_seconds(1'790'000'000);
  for (int i = 0; i < 200; ++i) {
    gap.joined(t);
    t += std::chrono::seconds(30);
    gap.answered(t, from_seconds(wait), 1, p, true);
  }
  return t;
}

TEST(AnswerGap, speaks_within_ten_minutes_when_answers_stop_though_callers_come) {
  const Parameters p;
  AnswerGap gap;
  Time t = steady(gap, p);
  double at_two_minutes = 0;
  for (int s = 5; s <= 600; s += 5) {
    if (s % 30 == 0) gap.joined(t + std::chrono::seconds(s));
    gap.tick(t + std::chrono::seconds(s), static_cast<size_t>(s / 30) + 1, 1);
    if (s == 120) at_two_minutes = gap.weigh(p);
  }
  EXPECT_LT(at_two_minutes, p.alarm_nats);
  EXPECT_GE(gap.weigh(p), p.alarm_nats);
}

TEST(AnswerGap, is_silent_when_nobody_waits_or_too_few_come) {
  const Parameters p;
  AnswerGap gap;
  const Time t = steady(gap, p);
  for (int s = 5; s <= 7200; s += 5) gap.tick(t + std::chrono::seconds(s), 0, 1);
  EXPECT_EQ(gap.weigh(p), 0);
  for (int s = 7205; s <= 9000; s += 5) gap.tick(t + std::chrono::seconds(s), 2, 1);
  EXPECT_LT(gap.weigh(p), p.alarm_nats) << "two callers cannot show that dozens were not answered";
}

}  // namespace
}  // namespace hf::detect
