#include "agent/rules/score.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hf::rules {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

const Time kStart{std::chrono::hours(1000)};

TEST(Score, counts_a_target_within_the_lead_time_as_a_hit) {
  const auto s = score({kStart, kStart + 10h}, {kStart + 20min}, 5min, 30min, kStart + 100h);
  EXPECT_EQ(s.hits, 1u);
  EXPECT_EQ(s.misses, 1u);
  EXPECT_THAT(s.leads, ElementsAre(20min));
  EXPECT_EQ(s.foreseen, 1u);
}

TEST(Score, does_not_take_a_target_that_comes_at_once_or_too_late) {
  const auto s = score({kStart}, {kStart + 1min, kStart + 31min}, 5min, 30min, kStart + 100h);
  EXPECT_EQ(s.hits, 0u);
  EXPECT_EQ(s.foreseen, 0u);
  EXPECT_EQ(s.targets, 2u);
}

TEST(Score, leaves_open_what_may_still_come) {
  const auto s = score({kStart}, {}, 5min, 30min, kStart + 30min);
  EXPECT_EQ(s.open, 1u);
  EXPECT_EQ(s.misses, 0u);
}

}  // namespace
}  // namespace hf::rules
