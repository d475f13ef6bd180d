#include "hq/handled.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace hf::hq {
namespace {

TEST(Handled, joins_what_touches) {
  Handled h;
  EXPECT_EQ(h.floor(), 0U);
  h.add(3, 3), h.add(1, 1);
  EXPECT_EQ(h.floor(), 1U);
  h.add(2, 2);
  EXPECT_EQ(h.floor(), 3U);
  EXPECT_EQ(h.ranges(), (std::vector<Handled::Range>{{1, 3}}));
}

TEST(Handled, equals_a_plain_set_whatever_comes_in_whatever_order) {
  const auto seed = static_cast<uint64_t>(testing::UnitTest::GetInstance()->random_seed());
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  std::mt19937_64 chance(seed);
  for (int round = 0; round < 50; ++round) {
    Handled h;
    std::set<uint64_t> plain;
    for (int i = 0; i < 60; ++i) {
      const uint64_t first = 1 + chance() % 200, last = first + chance() % 9;
      h.add(first, last);
      for (uint64_t n = first; n <= last; ++n) plain.insert(n);
    }
    uint64_t up_to_100 = 0;
    for (uint64_t n = 1; n < 250; ++n) {
      ASSERT_EQ(h.contains(n), plain.contains(n)) << n;
      up_to_100 += n <= 100 && plain.contains(n);
    }
    EXPECT_EQ(h.count_up_to(100), up_to_100);
    for (size_t i = 1; i < h.ranges().size(); ++i) EXPECT_GT(h.ranges()[i].first, h.ranges()[i - 1].second + 1);
  }
}

}  // namespace
}  // namespace hf::hq
