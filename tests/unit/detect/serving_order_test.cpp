// Whether those who waited at an onset were still served: a hold, or a queue that answers nobody.
#include "agent/detect/serving_order.hpp"

#include <gmock/gmock.h>

#include <cmath>

namespace hf::detect {
namespace {

Time at(double s) { return from_unix_seconds(1'790'000'000 + s); }

// 400 callers, served in turn; every tenth time one with priority passes a caller who came `by` s earlier.
ServingOrder usual_day(double by = 30) {
  ServingOrder order;
  for (int i = 0; i < 400; ++i) {
    const double t = -40'000 + 100 * i;
    order.answered(at(t), at(t + 20), at(i % 10 == 0 ? t - by : t), true);
  }
  return order;
}

double odds_of_a_dead_queue(double nats) { return std::exp(nats); }

TEST(ServingOrder, a_caller_overtaken_in_the_usual_way_and_then_not_served_leaves_no_room_for_a_hold) {
  ServingOrder order = usual_day();
  order.answered(at(20), at(40), at(0), true);
  EXPECT_EQ(order.dead_nats({at(0), at(50), at(52), at(54), at(60), at(62)}, at(70), {}), Parameters{}.passed_by_nats);
}

TEST(ServingOrder, when_all_who_waited_were_served_before_members_stood_idle_it_is_a_hold) {
  ServingOrder order = usual_day();
  for (int i = 0; i < 4; ++i) order.answered(at(10 * i), at(60 + 30 * i), at(10 * i), true);
  // The first who is held came 60 s after the last who was answered; a member stood idle 10 s after the last answer.
  EXPECT_LT(odds_of_a_dead_queue(order.dead_nats({at(90), at(110)}, at(160), {})), 1.0 / 5);
}

TEST(ServingOrder, when_nobody_waited_it_cannot_be_known) {
  ServingOrder order = usual_day();
  order.answered(at(0), at(0), at(0), true);
  EXPECT_DOUBLE_EQ(order.dead_nats({at(60), at(80), at(90)}, at(60), {}), 0);
  order.left(at(50), at(50));
  EXPECT_DOUBLE_EQ(order.dead_nats({at(60), at(80), at(90)}, at(60), {}), 0) << "nor by one who gave up meanwhile";
}

TEST(ServingOrder, a_caller_passed_over_for_long_waits_for_a_reason_of_its_own) {
  ServingOrder order = usual_day();
  order.answered(at(500), at(520), at(0), true);
  const double with = order.dead_nats({at(0), at(530), at(540), at(550)}, at(530), {});
  EXPECT_LT(with, std::log(5)) << "another skill, or one of the held: it does not show a dead queue";
}

TEST(ServingOrder, a_few_who_wait_though_later_ones_are_answered_are_part_of_a_hold) {
  ServingOrder order = usual_day();
  order.answered(at(300), at(301), at(0), true);
  EXPECT_LT(order.dead_nats({at(0), at(100)}, at(310), {}), 0);
}

}  // namespace
}  // namespace hf::detect
