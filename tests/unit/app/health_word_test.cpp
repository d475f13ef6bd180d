#include "agent/app/health_word.hpp"

#include <gtest/gtest.h>

namespace hf::app {
namespace {

constexpr Time kNow{std::chrono::seconds(1'772'445'600)};
constexpr std::string_view kGivenBack = R"({"good":true,"failed_version":"1.2.0","failed":"page: refused","checks":[{"name":"protection","good":true,"what":"the data is sealed"}]})";

TEST(HealthWord, tells_that_a_version_was_given_back_and_why) {
  const auto problems = health_problems(kGivenBack, "1.1.0", kNow);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].id, "update_given_back");
  EXPECT_NE(problems[0].what.find("1.2.0"), std::string::npos);
  EXPECT_NE(problems[0].what.find("page: refused"), std::string::npos);
}

TEST(HealthWord, is_silent_while_that_version_runs_itself) { EXPECT_TRUE(health_problems(kGivenBack, "1.2.0", kNow).empty()); }

TEST(HealthWord, tells_a_disk_that_lies_open) {
  const auto problems = health_problems(R"({"checks":[{"name":"protection","good":true,"what":"WEAK: there is no TPM"}]})", "1", kNow);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].id, "protection");
}

TEST(HealthWord, that_cannot_be_read_tells_nothing) {
  for (const char* wrong : {"", "[]", "{\"checks\":5}", "{\"checks\":[1,{\"name\":7}]}", "{\"failed_version\":\"\"}"}) EXPECT_TRUE(health_problems(wrong, "1", kNow).empty()) << wrong;
}

}  // namespace
}  // namespace hf::app
