#include "hal/pbx/pbx_text.hpp"

#include <gtest/gtest.h>

#include "hal/platform/utf8.hpp"

namespace hf::pbx {
namespace {

using std::chrono::seconds;

TEST(PbxText, keeps_utf8_and_reads_the_rest_as_latin_1) {
  EXPECT_EQ(clean_text("Jürgen"), "Jürgen");
  EXPECT_EQ(clean_text("M\xfcller"), "Müller");                     // Asterisk 16 passes old phones' bytes through
  EXPECT_EQ(clean_text("M\xef\xbf\xbdller"), "M\xef\xbf\xbdller");  // 22 has put U+FFFD there
  EXPECT_TRUE(is_utf8(clean_text("\xff\xfe\xc0\x80\xed\xa0\x80")));
}

TEST(PbxText, cuts_a_long_text_between_two_characters) {
  std::string text = "x";
  while (text.size() < 3000) text += "ü";
  EXPECT_LE(clean_text(text).size(), kMaxText);
  EXPECT_TRUE(is_utf8(clean_text(text)));
  EXPECT_LE(clean_text(std::string(3000, '\xfc')).size(), kMaxText);
}

TEST(PbxText, gives_one_caller_one_pseudonym_however_the_number_is_written) {
  const SipKey key{7};
  EXPECT_EQ(caller_key(key, "+49302810001"), caller_key(key, "49 30 281-0001"));
  EXPECT_NE(caller_key(key, "+49302810001"), caller_key(key, "+49302810002"));
  EXPECT_NE(caller_key(key, "+49302810001"), caller_key(SipKey{8}, "+49302810001"));
  for (const char* withheld : {"", "<unknown>", "unknown", "anonymous"})
    EXPECT_EQ(caller_key(key, withheld), 0u) << withheld;
}

TEST(PbxText, takes_the_running_number_off_a_channels_name) {
  EXPECT_EQ(device_of("PJSIP/trunk-0000002a"), "PJSIP/trunk");
  EXPECT_EQ(device_of("Local/1008@from-phones-00000005;1"), "Local/1008@from-phones");
  EXPECT_EQ(device_of("PJSIP/front-desk-0000002a"), "PJSIP/front-desk");
  EXPECT_EQ(device_of("PJSIP/front-desk"), "PJSIP/front-desk");
  EXPECT_EQ(device_of(""), "");
}

TEST(PbxText, reads_numbers_only_when_they_are_whole) {
  EXPECT_EQ(to_seconds("286"), seconds(286));
  EXPECT_EQ(to_seconds("0.5"), std::chrono::milliseconds(500));
  for (const char* bad : {"", "-1", "1s", " 1", "1.", "99999999999", "1e3", "0x10"})
    EXPECT_FALSE(to_seconds(bad)) << bad;
  EXPECT_EQ(to_time("1795304561.174680"), Time(Duration(1795304561174680)));
  EXPECT_EQ(to_time("1795304561.5"), Time(Duration(1795304561500000)));
  EXPECT_FALSE(to_time("999999999999999"));
}

TEST(PbxText, reads_an_age) {
  EXPECT_EQ(to_age("00:15:04"), seconds(904));
  EXPECT_EQ(to_age("100:00:01"), seconds(360001));
  for (const char* bad : {"", "15:04", "00:60:00", "00:00:60", "a:b:c", "-1:00:00"}) EXPECT_FALSE(to_age(bad)) << bad;
}

}  // namespace
}  // namespace hf::pbx
