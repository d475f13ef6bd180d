// The product-limit estimate, by hand.
#include "agent/metrics/survival.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace hf::metrics {
namespace {

TEST(ProductLimit, counts_the_censored_at_risk_until_they_go) {
  // 1 hung up at 10; 1 answered at 20; 1 hung up at 30, 1 at 40.
  const std::vector<Ends> ends{{10, 1, 0}, {20, 0, 1}, {30, 1, 0}, {40, 1, 0}};
  const auto steps = product_limit(ends);
  ASSERT_EQ(steps.size(), 3u);
  EXPECT_DOUBLE_EQ(steps[0].left, 0.75);
  EXPECT_DOUBLE_EQ(steps[1].t, 30);
  EXPECT_DOUBLE_EQ(steps[1].left, 0.375);
  EXPECT_DOUBLE_EQ(steps[2].left, 0);
}

TEST(ProductLimit, whoever_is_censored_at_a_time_is_at_risk_there) {
  const std::vector<Ends> together{{10, 0, 1}, {10, 1, 0}};
  const auto steps = product_limit(together);
  ASSERT_EQ(steps.size(), 1u);
  EXPECT_DOUBLE_EQ(steps[0].left, 0.5);
}

TEST(ProductLimit, of_nothing_and_of_the_censored_alone_has_no_steps) {
  EXPECT_TRUE(product_limit({}).empty());
  const std::vector<Ends> waiting{{10, 0, 3}};
  EXPECT_TRUE(product_limit(waiting).empty());
}

TEST(ProductLimit, thousands_in_a_bin_count_like_one_after_another) {
  std::vector<Ends> bins, single;
  for (int t = 1; t <= 4; ++t) {
    bins.push_back({static_cast<double>(t), 3, 2});
    for (int i = 0; i < 3; ++i) single.push_back({static_cast<double>(t), 1, 0});
    for (int i = 0; i < 2; ++i) single.push_back({static_cast<double>(t), 0, 1});
  }
  const auto a = product_limit(bins), b = product_limit(single);
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) EXPECT_DOUBLE_EQ(a[i].left, b[i].left);
}

}  // namespace
}  // namespace hf::metrics
