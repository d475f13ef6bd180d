#include "hal/platform/siphash.hpp"

#include <gtest/gtest.h>

#include <string>

namespace hf {
namespace {

SipKey counting_key() {
  SipKey key{};
  for (size_t i = 0; i < key.size(); ++i) key[i] = static_cast<uint8_t>(i);
  return key;
}

TEST(SipHash, gives_the_values_of_the_authors_reference) {  // vectors.h of the reference implementation, key 00..0f,
                                                            // input 00 01 02 ..
  std::string input;
  EXPECT_EQ(siphash24(counting_key(), input), 0x726fdb47dd0e0e31u);
  for (char c = 0; c < 15; ++c) input += c;
  EXPECT_EQ(siphash24(counting_key(), input), 0xa129ca6149be45e5u);  // the worked example of the paper's appendix A
}

TEST(SipHash, says_nothing_in_common_under_another_key) {
  EXPECT_NE(siphash24(counting_key(), "49302810001"), siphash24(SipKey{}, "49302810001"));
}

}  // namespace
}  // namespace hf
