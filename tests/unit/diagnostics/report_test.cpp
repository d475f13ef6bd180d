#include "firmware/diagnostics/report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hf::diagnostics {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const Time kNow = from_unix_seconds(1'795'816'800);  // 2026-11-27T22:00:00Z

TEST(Report, is_named_by_its_time) { EXPECT_EQ(report_name(kNow), "holdfast-diagnostics-20261127T220000Z.txt"); }

TEST(Report, tells_health_and_why_a_version_was_given_back) {
  const auto section = health_section(R"({"good":false,"version":"1.1.0","checks":[{"name":"page","good":false,"what":"192.0.2.7 refuses"},{"name":"disk","good":true,"what":"9 GB free"}],
                                          "failed_version":"1.2.0","failed":"agent: silent"})");
  EXPECT_THAT(section.lines, ElementsAre("version 1.1.0, NOT GOOD", "BAD  page       192.0.2.* refuses", "good disk       9 GB free", "version 1.2.0 was given back: agent: silent"));
}

TEST(Report, names_no_source_by_its_whole_address) {
  const auto section = sources_section(R"({"at":1795816795,"started":1795810000,"version":"1.1.0","address":"https://0.0.0.0:443/","sources":[{"kind":"ami","address":"192.0.2.1:5038","state":"healthy"}]})");
  ASSERT_EQ(section.lines.size(), 2u);
  EXPECT_EQ(section.lines[1], "ami 192.0.2.*:5038: heard");
}

TEST(Report, says_what_could_not_be_had) {
  const Result<std::string> none = fail(ErrorKind::not_found, "health.json: No such file");
  EXPECT_THAT(health_section(none).lines, ElementsAre("health.json: No such file"));
  EXPECT_THAT(sources_section("{}").lines, ElementsAre(HasSubstr("status.json")));
  EXPECT_THAT(device_section("device", fail(ErrorKind::timed_out, "no answer")).lines, ElementsAre("no answer"));
  EXPECT_THAT(board_section({}).lines, Not(ElementsAre(HasSubstr(" 0 MB"))));
}

TEST(Report, holds_the_log_with_nobody_in_it_and_forges_no_line) {
  const std::vector<Entry> log{{kNow, "kernel", "Memory: 1002345 pages", true}, {kNow, "holdfast-agent", "call by +493012345678\n== health ==\ngood", false}};
  const std::string report = write_report({log_section(log)}, kNow);
  EXPECT_THAT(report, HasSubstr("2026-11-27T22:00:00Z kernel: Memory: 1002345 pages\n"));
  EXPECT_THAT(report, HasSubstr("holdfast-agent: call by <number>"));
  EXPECT_THAT(report, Not(HasSubstr("\n== health ==")));
}

TEST(Report, keeps_the_newest_of_a_log_that_is_too_long) {
  std::vector<Entry> log;
  for (int i = 0; i < 5000; ++i) log.push_back({kNow, "x", std::string(590, 'a') + std::string(1, static_cast<char>('a' + i % 26)), false});
  log.back().text = "the last word";
  const std::string report = write_report({log_section(log)}, kNow);
  EXPECT_LE(report.size(), size_t{2} << 20);
  EXPECT_THAT(report, HasSubstr("older lines left out"));
  EXPECT_THAT(report, HasSubstr("the last word"));
}

}  // namespace
}  // namespace hf::diagnostics
