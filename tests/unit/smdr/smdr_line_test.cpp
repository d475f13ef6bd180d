#include "hal/pbx/smdr/smdr_line.hpp"

#include <gtest/gtest.h>

#include "hal/pbx/pbx_text.hpp"
#include "smdr_templates.hpp"

namespace hf::pbx {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

struct Read {
  SmdrVerdict verdict{};
  SmdrRecord record;
  std::string problem;
};

Read read(std::string_view line, const SmdrTemplate& how, const char* zone = "UTC") {
  Read r;
  r.verdict = read_smdr(line, how, *TimeZone::find(zone), SipKey{7}, r.record, r.problem);
  return r;
}

Time at(int hour, int minute, int second = 0) {
  return Time(std::chrono::sys_days(std::chrono::year(2026) / 3 / 2)) + std::chrono::hours(hour) + minutes(minute) + seconds(second);
}

TEST(SmdrLine, reads_separated_columns) {
  const Read r = read("2026/03/02 10:00:00,00:03:10,45,+491701234567,I,sales,0800123,,0,1000014,0,T9001,Line 1,E201,Anna,5,0", test::avaya_like());
  ASSERT_EQ(r.verdict, SmdrVerdict::record) << r.problem;
  EXPECT_EQ(r.record.start, at(10, 0));
  EXPECT_EQ(r.record.ring, seconds(45));
  EXPECT_EQ(r.record.talk, seconds(190));
  EXPECT_EQ(r.record.hold, seconds(5));
  EXPECT_TRUE(r.record.answered);
  EXPECT_EQ(r.record.queue + "/" + r.record.line + "/" + r.record.device + "/" + r.record.name, "sales/0800123/E201/Anna");
  EXPECT_EQ(r.record.caller, caller_key(SipKey{7}, "+491701234567"));
}

TEST(SmdrLine, reads_columns_of_fixed_width_to_the_minute) {
  const Read r = read("03/02/26 10:04AM 1200  01 <I>01701234567            0'45 00:03'10 9876543210 TR", test::panasonic_like());
  ASSERT_EQ(r.verdict, SmdrVerdict::record) << r.problem;
  EXPECT_EQ(r.record.end, at(10, 4));
  EXPECT_FALSE(r.record.whole_seconds);
  EXPECT_EQ(r.record.ring, seconds(45));
  EXPECT_EQ(r.record.talk, seconds(190));
  EXPECT_EQ(r.record.device, "1200");
  EXPECT_EQ(r.record.caller, caller_key(SipKey{7}, "01701234567")) << "the mark before it is no part of the number";
  EXPECT_FALSE(r.record.clipped);
}

TEST(SmdrLine, sees_a_duration_at_the_end_of_its_column) {
  EXPECT_TRUE(read("03/02/26 10:04AM 1200  01 <I>01701234567            9'59 00:03'10", test::panasonic_like()).record.clipped);
  for (const char* limit : {"9'59", "59'59", "999", "23:59:59", "99:59'59"}) EXPECT_TRUE(at_its_limit(limit)) << limit;
  for (const char* ordinary : {"99", "9", "9'58", "1:59", "0:59:59", "", "990", "12:00"}) EXPECT_FALSE(at_its_limit(ordinary)) << ordinary;
}

TEST(SmdrLine, counts_the_hours_of_the_sites_wall_clock) {
  EXPECT_EQ(read("2026/07/01 10:00:00,0:00:10,45,1,I,s,0,,0,1,0", test::avaya_like(), "Europe/Berlin").record.start,
            Time(std::chrono::sys_days(std::chrono::year(2026) / 7 / 1)) + std::chrono::hours(8));
  EXPECT_EQ(read("03/02/26 12:05AM 1200  01 <I>0170                   0'45 00:03'10", test::panasonic_like()).record.end, at(0, 5));
  EXPECT_EQ(read("03/02/26 12:05PM 1200  01 <I>0170                   0'45 00:03'10", test::panasonic_like()).record.end, at(12, 5));
}

TEST(SmdrLine, passes_over_what_is_no_call_from_outside) {
  const SmdrTemplate avaya = test::avaya_like();
  EXPECT_EQ(read("Call Start,Connected Time,Ring Time", avaya).verdict, SmdrVerdict::passed_over);
  EXPECT_EQ(read("   ", avaya).verdict, SmdrVerdict::passed_over);
  EXPECT_EQ(read("2026/03/02 10:00:00,00:03:10,45,201,O,0170,0170,,0,15,0", avaya).verdict, SmdrVerdict::passed_over);
  EXPECT_EQ(read("2026/03/02 10:00:00,00:03:10,45,201,I,202,202,,1,15,0", avaya).verdict, SmdrVerdict::passed_over);
}

TEST(SmdrLine, names_the_column_that_cannot_be_read) {
  const SmdrTemplate avaya = test::avaya_like();
  const auto problem = [&](std::string_view line) {
    const Read r = read(line, avaya);
    EXPECT_EQ(r.verdict, SmdrVerdict::malformed) << line;
    return r.problem;
  };
  EXPECT_EQ(problem("2026/13/02 10:00:00,00:03:10,45,1,I"), "start: \"2026/13/02 10:00:00\"");
  EXPECT_EQ(problem("2026/02/30 10:00:00,00:03:10,45,1,I"), "start: \"2026/02/30 10:00:00\"");
  EXPECT_EQ(problem("2026/03/02 10:00:00,three,45,1,I"), "talk: \"three\"");
  EXPECT_EQ(problem("half a li"), "start: \"half a li\"");
  EXPECT_EQ(problem(",,,,I"), "no time");
  EXPECT_EQ(problem("2026/03/02 10:00:00,99999999999,45,1,I"), "talk: \"99999999999\"");
}

TEST(SmdrLine, reads_durations_as_pbxs_print_them) {
  EXPECT_EQ(to_smdr_duration("5'15"), seconds(315));
  EXPECT_EQ(to_smdr_duration("00:01'05"), seconds(65));
  EXPECT_EQ(to_smdr_duration("286"), seconds(286));
  EXPECT_EQ(to_smdr_duration("1:02:03"), seconds(3723));
  for (const char* none : {"", "-5", "1:2:3:4", "x", "5e3", "999999999:59:59"}) EXPECT_FALSE(to_smdr_duration(none)) << none;
}

}  // namespace
}  // namespace hf::pbx
