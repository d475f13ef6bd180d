// Holds inside a queue, and what looks like one. The floor's agents talk 20 s; nobody rings longer than the test says.
#include "agent/detect/queue_holds.hpp"

#include <gmock/gmock.h>

#include <algorithm>

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

TEST(QueueHolds, tells_at_the_bound_that_the_page_shows_and_no_sooner) {
  Floor floor;
  const double t = morning(floor);
  Reading before;
  for (int s = 0; s <= 180 && inside(floor).empty(); s += 5) {
    s % 30 == 0 ? come(floor, "h" + std::to_string(s), t + s) : floor.at(t + s);
    for (const Reading& r : floor.detector.readings(Floor::time(t + s), floor.tracker))
      if (r.signal == "held_in_queue" && inside(floor).empty()) before = r;
  }
  ASSERT_THAT(inside(floor), testing::SizeIs(1));
  EXPECT_NEAR(before.baseline.value_or(0), 13.18, 0.02) << "one in a queue-year, shared by a hold of all and of a part";
  EXPECT_LT(before.value.value_or(99), *before.baseline);
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

// Two are shown free for half a minute in each of their breaks, while the others answer who waits beside them.
double breaks_that_are_not_shown(Floor& floor, double t, int breaks) {
  for (int i = 0; i < breaks; ++i, t += 200) {
    const std::string id = "p" + std::to_string(i);
    for (int n = 1001; n <= 1002; ++n) floor.agent("support", phone(n), false, pbx::DeviceState::in_use);
    come(floor, id, t);
    for (int n = 1001; n <= 1002; ++n) floor.agent("support", phone(n), false, pbx::DeviceState::not_in_use);
    floor.at(t + 30), floor.connect(id, "support", phone(1001 + i % 2));
    floor.at(t + 40), floor.done(id, "support", phone(1001 + i % 2));
    for (int n = 1003; n <= 1004; ++n) floor.call(t + 50 + 30 * (n - 1003), "5550101", "support", phone(n));
  }
  return t;
}

// Two callers beside these two, the others on the phone.
bool told_of_two_idle_members(int breaks) {
  Floor floor;
  double t = morning(floor);
  for (int i = 0; i < 200; ++i, t += 40) floor.call(t, "5550101", "support", phone(1001 + i % 4));
  t = breaks_that_are_not_shown(floor, t, breaks);
  for (int n = 1001; n <= 1002; ++n) floor.agent("support", phone(n), false, pbx::DeviceState::in_use);
  come(floor, "x", t), come(floor, "y", t + 5);
  floor.at(t + 60);
  return !inside(floor).empty();
}

TEST(QueueHolds, members_whom_callers_passed_by_before_say_little) {
  EXPECT_TRUE(told_of_two_idle_members(0)) << "who was always free when shown free is believed";
  EXPECT_FALSE(told_of_two_idle_members(6));
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
  for (int i = 0; i < 5; ++i) come(floor, "d" + std::to_string(i), t + 45 + i);
  for (int n = 1002; n <= 1004; ++n) floor.at(t + 58 + n % 1000), floor.agent("support", phone(n));
  floor.at(t + 240);
  const auto told = inside(floor);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told.front().signal, "dead_queue") << "the first was there before the second, who was still answered";
}

// Nobody waited when it died, so at first it looks like a hold; the book renames what is told so, if it hears of the dead
// queue before the hold's end.
TEST(QueueHolds, a_hold_that_lets_nobody_through_in_18_minutes_turns_out_to_be_a_dead_queue) {
  Floor floor;
  const double t = morning(floor);
  for (int i = 0; i < 22; ++i) come(floor, "h" + std::to_string(i), t + 60 * i);
  floor.at(t + 22 * 60);
  const auto told = floor.of(FindingKind::news);
  const auto hold = std::ranges::find(told, "held_in_queue", &Finding::signal);
  const auto dead = std::ranges::find(told, "dead_queue", &Finding::signal);
  ASSERT_NE(hold, told.end());
  ASSERT_NE(dead, told.end());
  EXPECT_EQ(dead->since, hold->since);
  const auto end = std::ranges::find_if(floor.findings, [](const Finding& f) {
    return f.kind == FindingKind::cleared && f.signal == "held_in_queue";
  });
  const auto better = std::ranges::find_if(floor.findings, [](const Finding& f) {
    return f.kind == FindingKind::news && f.signal == "dead_queue";
  });
  EXPECT_LT(better, end);
}

// Dead for two reasons: one incident, over when both are.
TEST(QueueHolds, a_dead_queue_is_not_over_when_its_people_log_in_again_and_are_given_no_calls) {
  Floor floor;
  const double t = overtake(floor, morning(floor));
  come(floor, "first", t), come(floor, "second", t + 15);
  floor.at(t + 40), floor.agent("support", phone(1001)), floor.connect("second", "support", phone(1001));
  for (int i = 0; i < 5; ++i) come(floor, "d" + std::to_string(i), t + 45 + i);
  for (int n = 1002; n <= 1004; ++n) floor.at(t + 58 + n % 1000), floor.agent("support", phone(n));
  floor.at(t + 240);
  for (int n = 1001; n <= 1004; ++n) floor.remove("support", phone(n));
  floor.at(t + 600);
  ASSERT_EQ(floor.of(FindingKind::news, "dead_queue").size(), 2U) << "people stand idle; nobody is there";
  floor.agents("support", 1002, 1004);
  floor.at(t + 800);
  EXPECT_TRUE(floor.of(FindingKind::cleared, "dead_queue").empty());
  floor.connect("d0", "support", phone(1002));
  EXPECT_FALSE(floor.of(FindingKind::cleared, "dead_queue").empty());
}

// Beside one caller who is kept, members stand idle and then take callers who came only now.
void take_newcomers(Floor& floor, double t, int members) {
  for (int n = 0; n < members; ++n) {
    const std::string id = "new" + std::to_string(n);
    come(floor, id, t + 40 * n + 26);
    floor.at(t + 40 * n + 31), floor.connect(id, "support", phone(1001 + n));
    floor.at(t + 40 * n + 60), floor.done(id, "support", phone(1001 + n));
  }
}

TEST(QueueHolds, members_who_take_newcomers_past_two_kept_callers_show_a_hold_of_part_of_them) {
  Floor floor;
  const double t = morning(floor);
  come(floor, "kept", t), come(floor, "kept too", t + 2);
  take_newcomers(floor, t + 10, 3);
  const auto told = inside(floor);
  ASSERT_FALSE(told.empty());
  EXPECT_EQ(told.front().signal, "held_in_queue") << "some are let through: no dead queue";
}

TEST(QueueHolds, most_members_sent_away_and_one_left_idle_is_a_hold_within_a_minute_of_it) {
  Floor floor;
  double t = morning(floor);
  for (int i = 0; i < 400; ++i, t += 40) floor.call(t, "5550101", "support", phone(1001 + i % 4));
  floor.at(t);
  come(floor, "a", t), come(floor, "b", t + 1);
  for (int n = 1002; n <= 1004; ++n) floor.remove("support", phone(n));
  floor.at(t + 5 + 60);
  ASSERT_EQ(inside(floor).size(), 1U);
  EXPECT_EQ(inside(floor).front().signal, "held_in_queue");
}

TEST(QueueHolds, a_shortage_is_claimed_when_those_who_are_left_stand_idle_beside_callers) {
  Floor floor;
  QueueHolds holds;
  std::vector<Finding> out;
  const double t = morning(floor);
  const auto both = [&](const std::string& id) {
    std::vector<calls::Change> none;
    calls::CallJoined join;
    join.call.id = id, join.call.stints.push_back({.queue = "support", .joined = floor.time(t), .left = {}});
    holds.on(calls::Change{floor.time(t), join}, floor.tracker, out);
  };
  EXPECT_FALSE(holds.claims("support", floor.time(t), true, 1.4, out)) << "a queue of which nothing is known";
  floor.at(t), both("a"), both("b");
  EXPECT_FALSE(holds.claims("support", floor.time(t), true, 1.4, out)) << "they came only now";
  double s = t;
  for (; s <= t + 25; s += 5) holds.tick(floor.time(s), floor.tracker, out);
  ASSERT_FALSE(holds.hold_open()) << "too early for a hold of its own";
  EXPECT_TRUE(holds.claims("support", floor.time(s), true, 1.4, out));
  EXPECT_TRUE(holds.hold_open());
  EXPECT_EQ(out.back().signal, "held_in_queue");
  EXPECT_FALSE(holds.claims("support", floor.time(s + 5), true, 1.4, out)) << "it stands already";
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
    gap.joined(0);
    t += std::chrono::seconds(30);
    gap.answered(t, 0, from_seconds(wait), 1, p, true);
  }
  return t;
}

TEST(AnswerGap, speaks_within_ten_minutes_when_answers_stop_though_callers_come) {
  const Parameters p;
  AnswerGap gap;
  Time t = steady(gap, p);
  double at_two_minutes = 0;
  for (int s = 5; s <= 600; s += 5) {
    if (s % 30 == 0) gap.joined(0);
    gap.tick(t + std::chrono::seconds(s), 0, static_cast<size_t>(s / 30) + 1, 1);
    if (s == 120) at_two_minutes = gap.weigh(p);
  }
  EXPECT_LT(at_two_minutes, p.alarm_nats);
  EXPECT_GE(gap.weigh(p), p.alarm_nats);
}

// As steady(), with ten people; then two are left, and answers come as `every` s (0: none) for five minutes.
double after_a_walk_out(double every) {
  const Parameters p;
  AnswerGap gap;
  Time t = from_unix_seconds(1'790'000'000);
  for (int i = 0; i < 400; ++i) {
    gap.joined(0), t += std::chrono::seconds(15);
    gap.answered(t, 0, std::chrono::seconds(20), 10, p, true);
  }
  for (int s = 5; s <= 600; s += 5) {
    const Time now = t + std::chrono::seconds(s);
    if (s % 15 == 0) gap.joined(0);
    gap.tick(now, 0, static_cast<size_t>(s / 15) + 1, 2);
    if (every > 0 && s % static_cast<int>(every) == 0) gap.answered(now, 0, std::chrono::seconds(20), 2, p, false);
  }
  return gap.weigh_for_those_here();
}

TEST(AnswerGap, tells_few_who_answer_from_few_who_do_not) {
  const Parameters p;
  EXPECT_GT(after_a_walk_out(0), p.instead_nats) << "two of ten would have answered eight times";
  EXPECT_LT(after_a_walk_out(80), p.instead_nats) << "as often as two can";
}

// Answers stop on a floor whose source tells who is logged in, not who is free.
class LogInsOnly : public testing::Test {
 protected:
  LogInsOnly() {
    floor.on(pbx::SourceUp{"queue_log", false, false, false});
    floor.on(pbx::ResyncStarted{pbx::ResyncScope::queues}), floor.on(pbx::ResyncEnded{pbx::ResyncScope::queues});
    for (int n = 1001; n <= 1004; ++n) member(n);
    for (int i = 0; i < 400; ++i) call(30.0 * i);
  }
  void member(int n) {
    pbx::MemberState m;
    m.queue = "support", m.member = m.device = m.name = phone(n), m.added = true;
    floor.on(m);
  }
  void join(const std::string& id, double s) { floor.at(s), floor.on(pbx::QueueJoined{id, "support", {}, {}}); }
  void answer(const std::string& id, double s, int n) {
    floor.at(s), floor.on(pbx::QueueLeft{id, "support"});
    floor.on(pbx::MemberConnected{id, "support", phone(n), phone(n), id + "b", {}, {}});
    floor.at(s + 20), floor.on(pbx::MemberDone{id, "support", phone(n), id + "b", {}, {}, pbx::TalkEnd::agent});
  }
  void call(double s) {
    const std::string id = "c" + std::to_string(++calls_);
    join(id, s), answer(id, s + 5, 1001 + calls_ % 4);
  }
  // Nobody waits; from `s` on a caller comes every 30 s, and nobody is answered.
  void stop(double s, double until) {
    for (int i = 0; s + 30 * i < until; ++i) join("w" + std::to_string(i), s + 30 * i);
    floor.at(until);
  }
  Floor floor{false};
  int calls_ = 0;
};

TEST_F(LogInsOnly, a_stop_is_a_hold_when_answers_come_back_after_fifteen_minutes) {
  stop(12'000, 12'900);
  EXPECT_THAT(inside(floor), IsEmpty()) << "a hold or a dead queue: nobody waited at the onset";
  answer("w0", 12'901, 1001), answer("w1", 12'930, 1002);
  const auto told = inside(floor);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told.front().signal, "held_in_queue");
}

TEST_F(LogInsOnly, a_stop_is_a_dead_queue_when_no_answer_comes_after_it) {
  stop(12'000, 13'200);
  const auto told = inside(floor);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told.front().signal, "dead_queue");
  EXPECT_NEAR(Floor::since_start(told.front().at), 11'975 + 18 * 60, 60);
}

TEST(AnswerGap, is_silent_when_nobody_waits_or_too_few_come) {
  const Parameters p;
  AnswerGap gap;
  const Time t = steady(gap, p);
  for (int s = 5; s <= 7200; s += 5) gap.tick(t + std::chrono::seconds(s), 0, 0, 1);
  EXPECT_EQ(gap.weigh(p), 0);
  for (int s = 7205; s <= 9000; s += 5) gap.tick(t + std::chrono::seconds(s), 0, 2, 1);
  EXPECT_LT(gap.weigh(p), p.alarm_nats) << "two callers cannot show that dozens were not answered";
}

}  // namespace
}  // namespace hf::detect
