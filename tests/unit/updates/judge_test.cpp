#include "agent/updates/judge.hpp"

#include <gtest/gtest.h>

#include "agent/updates/course.hpp"
#include "agent/updates/window.hpp"

namespace hf::updates {
namespace {

using namespace std::chrono_literals;

TEST(Judge, versions_are_numbers_between_dots) {
  EXPECT_LT(compare_versions("1.9.0", "1.10.0"), 0);
  EXPECT_LT(compare_versions("1.0", "1.0.1"), 0);
  EXPECT_EQ(compare_versions("1.0.0", "1.0.0"), 0);
  EXPECT_GT(compare_versions("2", "1.99.99"), 0);
  EXPECT_EQ(compare_versions("1.01.0", "1.1.0"), 0);
  EXPECT_NE(compare_versions("1.0-rc1", "1.0-rc2"), 0);
}

TEST(Judge, what_rauc_says_becomes_a_reason) {
  EXPECT_EQ(reason_of("Bundle check failed: downgrade from 1.1.0 to 1.0.0 refused"), Reason::downgrade);
  EXPECT_EQ(reason_of("signature verification failed: Verify error: unable to get local issuer certificate"), Reason::signature);
  EXPECT_EQ(reason_of("Compatible mismatch: Expected 'holdfast-x86_64' but bundle manifest has 'holdfast-arm64'"), Reason::other_hardware);
  EXPECT_EQ(reason_of("Failed updating slot rootfs.1: Error reading: Input/output error"), Reason::damaged);
  EXPECT_EQ(reason_of("Version mismatch: Expected at least '1.1.0' but bundle manifest has '1.0.0'"), Reason::too_old) << "RAUC 1.13's own words for min-bundle-version";
  EXPECT_EQ(reason_of("Bundle rejected: Hook returned: 'the bundle is not compatible: made for holdfast-arm64, and this is holdfast-x86_64'"), Reason::other_hardware);
  EXPECT_EQ(reason_of("Signature size (7310868735423152739) exceeds bundle size"), Reason::damaged);
  EXPECT_EQ(reason_of("write failed: No space left on device"), Reason::no_space);
  EXPECT_EQ(reason_of("1.1.0 is what runs already"), Reason::same);
  EXPECT_EQ(reason_of("the bundle's root.img is larger than its partition: 600000000 bytes"), Reason::no_space);
  EXPECT_EQ(reason_of("the kernel needs 30000 kB, the boot partition has 20000"), Reason::no_space);
  EXPECT_EQ(reason_of("something new"), Reason::other);
}

TEST(Judge, a_bundle_must_say_what_it_is_be_for_this_hardware_and_newer) {
  const auto judged = [](Result<device::Fields> told) {
    Bundle bundle;
    judge(bundle, told, "1.1.0", "holdfast-x86_64");
    return std::pair(bundle.verdict, bundle.reason);
  };
  const auto of = [](const char* version, const char* compatible) { return device::Fields{{"version", version}, {"compatible", compatible}}; };
  EXPECT_EQ(judged(of("1.2.0", "holdfast-x86_64")), std::pair(Verdict::good, Reason::none));
  EXPECT_EQ(judged(of("1.2.0", "holdfast-arm64")), std::pair(Verdict::refused, Reason::other_hardware));
  EXPECT_EQ(judged(of("1.1.0", "holdfast-x86_64")), std::pair(Verdict::refused, Reason::same));
  EXPECT_EQ(judged(of("1.0.9", "holdfast-x86_64")), std::pair(Verdict::refused, Reason::downgrade));
  EXPECT_EQ(judged(of("", "holdfast-x86_64")), std::pair(Verdict::refused, Reason::damaged)) << "missing is never no check";
  EXPECT_EQ(judged(of("1.2.0", "")), std::pair(Verdict::refused, Reason::damaged));
  EXPECT_EQ(judged(fail(ErrorKind::io, "signature verification failed")), std::pair(Verdict::refused, Reason::signature));
}

TEST(Course, a_record_is_read_as_it_was_written) {
  Course course;
  course.begin({"1.1.0", "1.0.0", "anna", {}, Time(1'770'000'000s), {}, Origin::usb, Outcome::under_way, Reason::none}, Restart::window);
  course.end(Outcome::failed, Reason::damaged, "Input/output error", Time(1'770'000'100s));
  course.begin({"1.2.0", "1.0.0", "boris", {}, Time(1'770'000'200s), {}, Origin::upload, Outcome::under_way, Reason::none}, Restart::window);
  course.stage = Stage::installed;
  const auto read = read_course(write_course(course));
  ASSERT_TRUE(read);
  EXPECT_EQ(write_course(*read), write_course(course));
  EXPECT_EQ(read->wanted, Restart::window);
  EXPECT_EQ(read->attempts[0].detail, "Input/output error");
}

TEST(Course, a_record_of_others_is_refused_and_a_broken_one_is_no_crash) {
  EXPECT_EQ(read_course("{}").error().kind, ErrorKind::corrupt);
  EXPECT_EQ(read_course("").error().kind, ErrorKind::corrupt);
  EXPECT_EQ(read_course(R"({"format":2,"attempts":[]})").error().kind, ErrorKind::unsupported);
  const auto odd = read_course(R"({"format":1,"stage":"trial","restart":99,"attempts":[{"outcome":"under_way"},7,{"version":3}]})");
  ASSERT_TRUE(odd);
  EXPECT_EQ(odd->stage, Stage::idle) << "none is under way";
}

TEST(Course, the_history_has_an_end) {
  Course course;
  for (size_t i = 0; i < kMaxAttempts + 7; ++i) {
    course.begin({std::to_string(i), "0", "anna", {}, Time(), {}, Origin::upload, Outcome::under_way, Reason::none}, Restart::later);
    course.end(Outcome::failed, Reason::damaged, {}, Time());
  }
  EXPECT_EQ(course.attempts.size(), kMaxAttempts);
  EXPECT_EQ(course.attempts.front().version, "7");
}

TEST(Window, is_a_time_of_day_and_may_pass_midnight) {
  EXPECT_EQ(read_window("02:00-04:00")->to, 240);
  for (const char* bad : {"", "2:00-4:00", "02:00", "24:00-01:00", "02:60-03:00", "02-00-04-00", "aa:00-04:00", "02:00-04:000"}) EXPECT_FALSE(read_window(bad)) << bad;
  const auto utc = TimeZone::find("UTC").value();
  const Time noon = std::chrono::sys_days(2026y / 3 / 2) + 12h;
  EXPECT_EQ(next_window({120, 240}, utc, noon).from, Time(std::chrono::sys_days(2026y / 3 / 3) + 2h));
  EXPECT_EQ(next_window({23 * 60, 60}, utc, noon).to, Time(std::chrono::sys_days(2026y / 3 / 3) + 1h));
  const Window inside = next_window({11 * 60, 13 * 60}, utc, noon + 30s);
  EXPECT_EQ(inside.from, noon + 30s);
  EXPECT_EQ(inside.to, noon + 1h);
}

TEST(Window, is_the_walls_time_on_a_day_with_another_clock) {
  const auto berlin = TimeZone::find("Europe/Berlin").value();
  const Time before = std::chrono::sys_days(2026y / 3 / 28) + 20h;  // on the 29th the clock jumps from 2 to 3
  EXPECT_EQ(berlin.wall_time(next_window({240, 300}, berlin, before).from).minute, 240);
  const Time autumn = std::chrono::sys_days(2026y / 10 / 24) + 20h;
  EXPECT_EQ(berlin.wall_time(next_window({240, 300}, berlin, autumn).from).minute, 240);
}

}  // namespace
}  // namespace hf::updates
