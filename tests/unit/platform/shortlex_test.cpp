#include "hal/platform/shortlex.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace hf {
namespace {

TEST(Shortlex, puts_the_ids_of_one_pbx_in_the_order_of_their_counters) {
  IdSet ids{"1772442000.10", "1772442000.9", "1772442000.100", "1772441999.999"};
  EXPECT_EQ(std::vector<std::string>(ids.begin(), ids.end()),
            (std::vector<std::string>{"1772442000.9", "1772442000.10", "1772441999.999", "1772442000.100"}));
}

// The words of eight bytes are a short cut of this.
bool by_the_book(const std::string& a, const std::string& b) { return a.size() != b.size() ? a.size() < b.size() : a < b; }

TEST(Shortlex, compares_as_length_and_bytes_do_whatever_the_bytes_are) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (int i = 0; i < 20'000; ++i) {
    std::string a(random() % 20, '\0');
    for (char& c : a) c = static_cast<char>(random() % 3 == 0 ? random() : 'x');
    std::string b = a;
    if (!b.empty()) b[random() % b.size()] = static_cast<char>(random());
    if (random() % 5 == 0) b.resize(random() % 20);
    ASSERT_EQ(Shortlex()(a, b), by_the_book(a, b));
    ASSERT_EQ(Shortlex()(b, a), by_the_book(b, a));
    ASSERT_FALSE(Shortlex()(a, a));
  }
}

TEST(Shortlex, orders_pairs_by_the_first_then_by_the_second) {
  const ShortlexPair less;
  EXPECT_TRUE(less({"9", "b"}, {"10", "a"}));
  EXPECT_TRUE(less({"10", ""}, {"10", "a"}));
  EXPECT_FALSE(less({"10", "a"}, {"10", "a"}));
}

}  // namespace
}  // namespace hf
