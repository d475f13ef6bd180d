// A source that says nothing, told apart from a centre to which nobody comes.
#include <gmock/gmock.h>

#include "floor.hpp"

namespace hf::detect {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

// Two weeks of weekdays, a call every two minutes from 9 to 17, answered by the phones in turn; then the link says
// nothing in the middle of a morning.
struct Weeks : testing::Test {
  Weeks() { floor.agents("support", 1001, 1004); }
  void day(int d, double from, double to) {
    for (double s = from * 3600; s < to * 3600; s += 120) {
      const std::string id = "w" + std::to_string(++n);
      const std::string phone = "PJSIP/" + std::to_string(first + n % 3);
      floor.at(d * 86400.0 + s), floor.arrive(id, "5550101"), floor.step(id, pbx::StepKind::queue, "support");
      floor.join(id, "support"), floor.connect(id, "support", phone);
      floor.at(d * 86400.0 + s + 60), floor.done(id, "support", phone);
    }
  }
  Floor floor;
  int n = 0;
  int first = 1001;  // of the three who answer
};

TEST_F(Weeks, a_link_that_says_nothing_in_a_busy_hour_is_silent) {
  for (int d = 0; d < 14; ++d)
    if (d % 7 < 5) day(d, 9, 17);
  day(14, 9, 11);
  floor.at(14 * 86400 + 11 * 3600 + 20 * 60);
  EXPECT_THAT(floor.of(FindingKind::news, "source_silent"), IsEmpty());
  floor.at(14 * 86400 + 12 * 3600 + 10 * 60);
  const auto found = floor.of(FindingKind::news, "source_silent");
  ASSERT_THAT(found, SizeIs(1));
  floor.agents("support", 1001, 1001);
  floor.at(14 * 86400 + 12 * 3600 + 13 * 60);
  EXPECT_THAT(floor.of(FindingKind::cleared), SizeIs(1)) << "anything that comes ends it";
}

TEST_F(Weeks, a_phone_left_logged_in_after_an_early_close_is_no_silent_source) {
  floor.agents("support", 1001, 1006);
  for (int d = 0; d < 14; ++d)
    if (d % 7 < 5) day(d, 9, 17);
  day(14, 9, 11);
  for (int phone = 1001; phone <= 1004; ++phone) floor.remove("support", "PJSIP/" + std::to_string(phone));
  floor.at(14 * 86400 + 13 * 3600);
  EXPECT_THAT(floor.of(FindingKind::news, "source_silent"), IsEmpty());
}

TEST_F(Weeks, phones_left_logged_in_by_those_who_answered_long_ago_are_no_silent_source) {
  floor.agents("support", 1001, 1006);
  first = 1004;
  for (int d = 0; d < 14; ++d)
    if (d % 7 < 5) day(d, 9, 17);
  day(14, 9, 11);
  for (int phone = 1004; phone <= 1006; ++phone) floor.remove("support", "PJSIP/" + std::to_string(phone));
  floor.at(14 * 86400 + 13 * 3600);
  EXPECT_THAT(floor.of(FindingKind::news, "source_silent"), IsEmpty()) << "half of the phones are still there, and nobody at them";
}

TEST_F(Weeks, a_phone_left_behind_is_no_silent_source_in_the_hour_after_next_either) {
  for (int d = 0; d < 14; ++d)
    if (d % 7 < 5) day(d, 9, 17);
  day(14, 9, 10.72);  // the clock's hours begin at 46:40
  for (int phone = 1002; phone <= 1004; ++phone) floor.remove("support", "PJSIP/" + std::to_string(phone));
  floor.at(14 * 86400 + 11 * 3600), floor.arrive("last", "5550101"), floor.join("last", "support"), floor.hang_up("last");
  floor.at(14 * 86400 + 14 * 3600);
  EXPECT_THAT(floor.of(FindingKind::news, "source_silent"), IsEmpty()) << "the last hour brought one call, and tells of no floor";
}

TEST_F(Weeks, nights_weekends_and_a_morning_on_which_nobody_calls_are_no_silence) {
  for (int d = 0; d < 14; ++d)
    if (d % 7 < 5) day(d, 9, 17);
  floor.at(15 * 86400);
  EXPECT_THAT(floor.of(FindingKind::news, "source_silent"), IsEmpty()) << "day 14 is a holiday";
}

}  // namespace
}  // namespace hf::detect
