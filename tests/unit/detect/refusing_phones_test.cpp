#include "agent/detect/refusing_phones.hpp"

#include <gmock/gmock.h>

#include "floor.hpp"

namespace hf::detect {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> members(const Floor& floor) {
  std::vector<std::string> all;
  for (const Finding& f : floor.of(FindingKind::news, "phones_refuse"))
    all.insert(all.end(), f.members.begin(), f.members.end());
  return all;
}

// A caller waits from `s` on and 1001 refuses it every five seconds, n times.
void refuse(Floor& floor, double s, int n, double rang = 0) {
  floor.at(s), floor.arrive("r", "5550101");
  floor.at(s + 4), floor.join("r", "support");
  for (int i = 0; i < n; ++i) floor.at(s + 5 + (rang + 5) * i), floor.miss("r", "support", "PJSIP/1001", rang);
}

TEST(RefusingPhones, names_the_member_who_refuses_every_offer) {
  Floor floor;
  floor.agents("support", 1001, 1002);
  refuse(floor, 0, 12);
  EXPECT_THAT(members(floor), ElementsAre("PJSIP/1001"));
  const Finding f = floor.of(FindingKind::news).front();
  EXPECT_LE(Floor::since_start(f.at), 60);
  EXPECT_EQ(Floor::since_start(f.since), 5);
  EXPECT_EQ(f.values.at("refused"), f.values.at("offers"));
}

TEST(RefusingPhones, tells_which_lines_lead_to_the_queue) {
  Floor floor;
  floor.agents("support", 1001, 1002);
  floor.agents("sales", 1003, 1003);
  floor.call(0, "5550101", "support", "PJSIP/1002");
  floor.call(40, "5550102", "sales", "PJSIP/1003");
  refuse(floor, 100, 12);
  std::vector<std::string> lines;
  for (const Finding& f : floor.of(FindingKind::evidence, "phones_refuse"))
    if (!f.line.empty()) lines.push_back(f.line);
  EXPECT_THAT(lines, ElementsAre("5550101"));
}

TEST(RefusingPhones, names_the_member_who_never_answers) {
  Floor floor;
  floor.agents("support", 1001, 1002);
  refuse(floor, 0, 5, 15);
  EXPECT_THAT(members(floor), ElementsAre("PJSIP/1001"));
}

TEST(RefusingPhones, a_few_missed_offers_are_ordinary) {
  Floor floor;
  floor.agents("support", 1001, 1002);
  refuse(floor, 0, 3, 15);
  floor.at(300);
  EXPECT_THAT(members(floor), IsEmpty());
}

TEST(RefusingPhones, a_member_who_answers_in_between_is_not_named) {
  Floor floor;
  floor.agents("support", 1001, 1002);
  for (int i = 0; i < 10; ++i) {
    floor.at(100 * i), floor.arrive("c" + std::to_string(i), "5550101");
    floor.at(100 * i + 4), floor.join("c" + std::to_string(i), "support");
    for (int k = 0; k < 4; ++k)
      floor.at(100 * i + 5 + 15 * k), floor.miss("c" + std::to_string(i), "support", "PJSIP/1001", 0);
    floor.at(100 * i + 70), floor.connect("c" + std::to_string(i), "support", "PJSIP/1001");
    floor.at(100 * i + 90), floor.done("c" + std::to_string(i), "support", "PJSIP/1001");
  }
  EXPECT_THAT(members(floor), IsEmpty());
}

TEST(RefusingPhones, is_over_when_the_phone_answers) {
  Floor floor;
  floor.agents("support", 1001, 1002);
  refuse(floor, 0, 12);
  EXPECT_THAT(floor.of(FindingKind::cleared), IsEmpty());
  floor.at(80), floor.connect("r", "support", "PJSIP/1001");
  const auto cleared = floor.of(FindingKind::cleared, "phones_refuse");
  ASSERT_EQ(cleared.size(), 2U);
  EXPECT_THAT(cleared[0].members, ElementsAre("PJSIP/1001"));
  EXPECT_THAT(cleared[1].members, IsEmpty());  // nobody is left: the whole signal is over
}

TEST(RefusingPhones, is_over_when_the_member_is_paused) {
  Floor floor;
  floor.agents("support", 1001, 1002);
  refuse(floor, 0, 12);
  floor.at(80), floor.agent("support", "PJSIP/1001", true);
  floor.at(90);
  EXPECT_EQ(floor.of(FindingKind::cleared, "phones_refuse").size(), 2U);
}

TEST(RefusingPhones, is_never_called_an_artificial_hold) {
  Floor floor;
  floor.agents("support", 1001, 1003);
  for (int i = 0; i < 6; ++i) floor.call(40 * i, "5550101", "support", "PJSIP/1001");
  for (int i = 0; i < 4; ++i)
    floor.at(300 + i), floor.arrive("r" + std::to_string(i), "5550101"), floor.at(304 + i),
        floor.join("r" + std::to_string(i), "support");
  for (int i = 0; i < 100; ++i)
    for (const char* phone : {"PJSIP/1001", "PJSIP/1002", "PJSIP/1003"})
      floor.at(310 + 5 * i), floor.miss("r0", "support", phone, 0);
  EXPECT_THAT(floor.held_lines(), IsEmpty());
  EXPECT_EQ(members(floor).size(), 3U);
}

}  // namespace
}  // namespace hf::detect
