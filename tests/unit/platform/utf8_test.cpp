#include "hal/platform/utf8.hpp"

#include <gtest/gtest.h>

namespace hf {
namespace {

TEST(Utf8, takes_every_length_of_character) {
  EXPECT_EQ(utf8_length("a"), 1u);
  EXPECT_EQ(utf8_length("я"), 2u);
  EXPECT_EQ(utf8_length("€"), 3u);
  EXPECT_EQ(utf8_length("\U0001F4DE"), 4u);
  EXPECT_TRUE(is_utf8("Очередь № 7 ☎"));
  EXPECT_TRUE(is_utf8(""));
}

TEST(Utf8, refuses_what_rfc_3629_forbids) {
  for (const char* text : {"\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff", "\x80", "\xc3",
                           "\xe2\x82", "a\xf8\x88\x80\x80\x80"}) {
    EXPECT_FALSE(is_utf8(text)) << testing::PrintToString(text);
  }
}

}  // namespace
}  // namespace hf
