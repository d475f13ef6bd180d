#include "hal/platform/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>

#include "hal/platform/hex.hpp"

namespace hf {
namespace {

TEST(SystemRandom, fills_all_of_it_and_never_twice_alike) {
  std::array<std::byte, 4096> a{}, b{};
  system_random().fill(a);
  system_random().fill(b);
  EXPECT_NE(a, b);
  EXPECT_LT(std::count(a.begin(), a.end(), std::byte{0}), 64) << "a part was left unfilled";
}

TEST(SeededRandom, repeats_for_the_same_seed_only) {
  std::array<std::byte, 13> a{}, b{}, c{};
  SeededRandom(42).fill(a), SeededRandom(42).fill(b), SeededRandom(43).fill(c);
  EXPECT_EQ(a, b);
  EXPECT_NE(a, c);
  EXPECT_EQ(SeededRandom(1234567).next(), 6457827717110365317ULL);  // published SplitMix64 vector
}

TEST(Hex, is_read_back_and_refuses_the_rest) {
  const std::vector<uint8_t> bytes{0x00, 0x7f, 0xff};
  EXPECT_EQ(to_hex(bytes), "007fff");
  EXPECT_EQ(from_hex("007fFF"), bytes);
  EXPECT_EQ(from_hex(""), std::vector<uint8_t>{});
  for (const char* text : {"0", "0g", "0x", " 00", "00 "}) EXPECT_EQ(from_hex(text), std::nullopt) << text;
}

}  // namespace
}  // namespace hf
