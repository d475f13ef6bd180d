#include "agent/detect/dead_queues.hpp"

#include <gmock/gmock.h>

#include "floor.hpp"

namespace hf::detect {
namespace {

using testing::IsEmpty;

void callers(Floor& floor, int n, double from, double stay) {
  for (int i = 0; i < n; ++i) {
    const std::string id = "d" + std::to_string(i);
    floor.at(from + (stay + 10) * i), floor.arrive(id, "5550101");
    floor.at(from + (stay + 10) * i + 4), floor.join(id, "support");
    floor.at(from + (stay + 10) * i + 4 + stay), floor.hang_up(id);
  }
}

TEST(DeadQueues, tells_of_callers_who_wait_where_nobody_is_logged_in) {
  Floor floor;
  floor.agents("support", 1001, 1002);
  floor.calls(3, 0, "5550101", "support", "PJSIP/1001");
  floor.remove("support", "PJSIP/1001"), floor.remove("support", "PJSIP/1002");
  callers(floor, 5, 300, 90);
  const auto news = floor.of(FindingKind::news);
  ASSERT_EQ(news.size(), 1U);
  EXPECT_EQ(news.front().signal, "dead_queue");
  EXPECT_EQ(news.front().queue, "support");
}

TEST(DeadQueues, phones_that_cannot_be_reached_are_nobody) {
  Floor floor;
  floor.agents("support", 1001, 1002);
  floor.calls(3, 0, "5550101", "support", "PJSIP/1001");
  for (const char* phone : {"PJSIP/1001", "PJSIP/1002"})
    floor.agent("support", phone, false, pbx::DeviceState::unavailable);
  callers(floor, 5, 300, 90);
  EXPECT_EQ(floor.of(FindingKind::news, "dead_queue").size(), 1U);
}

TEST(DeadQueues, a_queue_whose_agents_are_busy_lives) {
  Floor floor;
  floor.agents("support", 1001, 1002);
  floor.calls(3, 0, "5550101", "support", "PJSIP/1001");
  for (const char* phone : {"PJSIP/1001", "PJSIP/1002"}) floor.agent("support", phone, false, pbx::DeviceState::in_use);
  callers(floor, 5, 300, 90);
  EXPECT_THAT(floor.of(FindingKind::news), IsEmpty());
}

TEST(DeadQueues, a_queue_that_only_leads_on_is_not_dead) {
  Floor floor;
  floor.agents("support", 1001, 1004);
  floor.calls(3, 0, "5550101", "support", "PJSIP/1001");
  for (int i = 0; i < 5; ++i) {
    const std::string id = "h" + std::to_string(i);
    floor.at(300 + 10 * i), floor.arrive(id, "5550101");
    floor.at(304 + 10 * i), floor.join(id, "holding");
  }
  floor.at(1000);
  EXPECT_THAT(floor.of(FindingKind::news, "dead_queue"), IsEmpty());
}

TEST(DeadQueues, is_over_at_the_first_answer) {
  Floor floor;
  floor.agents("support", 1001, 1002);
  floor.calls(3, 0, "5550101", "support", "PJSIP/1001");
  floor.remove("support", "PJSIP/1001"), floor.remove("support", "PJSIP/1002");
  callers(floor, 5, 300, 90);
  floor.agent("support", "PJSIP/1001");
  floor.call(820, "5550101", "support", "PJSIP/1001");
  EXPECT_EQ(floor.of(FindingKind::cleared, "dead_queue").size(), 1U);
}

}  // namespace
}  // namespace hf::detect
