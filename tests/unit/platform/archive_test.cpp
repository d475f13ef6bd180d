#include "hal/platform/archive.hpp"

#include <gtest/gtest.h>

namespace hf {
namespace {

struct Point {
  int32_t x = 0;
  std::string name;
  std::optional<double> weight;
  std::map<std::string, std::vector<uint16_t>> tags;
  bool operator==(const Point&) const = default;
  template <class A>
  void fields(A& a) { a("x", x), a("name", name), a("weight", weight), a("tags", tags); }
};

const Point kPoint{-7, "sales", 2.5, {{"a", {1, 2}}, {"b", {}}}};

TEST(Archive, loads_what_it_saved) {
  Point back;
  ASSERT_TRUE(from_bytes(to_bytes(kPoint), back));
  EXPECT_EQ(back, kPoint);
}

TEST(Archive, refuses_every_shortened_input) {
  const std::string bytes = to_bytes(kPoint);
  for (size_t n = 0; n < bytes.size(); ++n) {
    Point back;
    EXPECT_FALSE(from_bytes(std::string_view(bytes).substr(0, n), back)) << n << " bytes";
  }
}

TEST(Archive, refuses_a_count_larger_than_the_input) {
  std::string bytes = to_bytes(std::vector<std::string>{"a"});
  bytes[3] = '\x7f';
  std::vector<std::string> back;
  EXPECT_FALSE(from_bytes(bytes, back));
}

}  // namespace
}  // namespace hf
