#include "hal/pbx/freeswitch/esl_fields.hpp"

#include <gtest/gtest.h>

#include "hal/pbx/json_members.hpp"

namespace hf::pbx {
namespace {

using K = EslKey;

TEST(EslFields, decodes_the_values_of_a_plain_event) {
  EslFields f;
  f.split_plain(
      "Event-Name: CUSTOM\nEvent-Subclass: callcenter%3A%3Ainfo\nCC-Queue: Zo%C3%AB%20%2B%2050%25%20of\nJob-UUID: "
      "1\n\n");
  EXPECT_EQ(f[K::event_subclass], "callcenter::info");
  EXPECT_EQ(f[K::cc_queue], "Zo\xc3\xab + 50% of");
  EXPECT_EQ(f.raw(K::event_name), "CUSTOM");
  EXPECT_FALSE(f.has(K::unique_id));
  EXPECT_EQ(f[K::unique_id], "");
  EXPECT_EQ(f.body(), "");
}

TEST(EslFields, keeps_the_first_of_a_repeated_header_and_of_a_list) {
  EslFields f;
  f.split_plain("Unique-ID: a\nUnique-ID: b\nCC-Agent: ARRAY%3A%3Ax%7C%3Ay\n\n");
  EXPECT_EQ(f[K::unique_id], "a");
  EXPECT_EQ(f[K::cc_agent], "x");
  f.split_json(R"({"Unique-ID":"a","Unique-ID":"b","CC-Agent":["x","y"]})");
  EXPECT_EQ(f[K::unique_id], "a");
  EXPECT_EQ(f[K::cc_agent], "x");
}

// Seen with sendevent [1.10.12]: the inner block has its Content-Length twice, and the body ends without a newline.
TEST(EslFields, takes_the_body_behind_the_inner_headers) {
  EslFields f;
  f.split_plain(
      "Event-Name: BACKGROUND_JOB\nJob-Command: status\nContent-Length: 11\nContent-Length: 11\n\n100%25 a\n\nb");
  EXPECT_EQ(f.body(), "100%25 a\n\nb") << "a body is not encoded";
  f.split_json(R"({"Event-Name":"BACKGROUND_JOB","Content-Length":"3","_body":"a\n\u0062"})");
  EXPECT_EQ(f.body(), "a\nb");
}

TEST(EslFields, is_not_misled_by_a_plain_header_named_like_the_body) {
  EslFields f;
  f.split_plain("_body: x\nUnique-ID: a\n\n");
  EXPECT_EQ(f.body(), "");
}

TEST(EslFields, reads_what_json_escapes) {
  EslFields f;
  f.split_json(
      " {\"CC-Queue\":\"a\\\"b\\\\c\\/\\u00e4\\ud83d\\ude00\\ud83dx\\u12\" , \"n\":{\"CC-Agent\":\"no\"},\"CC-Agent\" "
      ": \"yes\"}");
  EXPECT_EQ(f[K::cc_queue],
            "a\"b\\c/\xc3\xa4\xf0\x9f\x98\x80\xef\xbf\xbdx\xef\xbf\xbd"
            "12");
  EXPECT_EQ(f[K::cc_agent], "yes");
}

TEST(EslFields, reads_damaged_json_as_far_as_it_goes) {
  for (const std::string_view text : {R"({"Unique-ID":"a","CC-Agent)", R"({"Unique-ID":"a" "CC-Agent":"b"})",
                                      R"({"Unique-ID":"a","CC-Agent":[[)", R"({"Unique-ID":"a",})"}) {
    EslFields f;
    f.split_json(text);
    EXPECT_EQ(f[K::unique_id], "a") << text;
    EXPECT_FALSE(f.has(K::cc_agent)) << text;
  }
  JsonMembers none("nonsense");
  std::string_view key, value;
  EXPECT_FALSE(none.next(key, value));
  EXPECT_FALSE(none.good());
}

TEST(EslEventName, is_found_wherever_it_stands) {
  EXPECT_EQ(esl_event_name("Event-Name: A\nEvent-Sequence: 1\n\n", false), "A");
  EXPECT_EQ(esl_event_name("Event-Subclass: x\nEvent-Name: CUSTOM\n\n", false), "CUSTOM");
  EXPECT_EQ(esl_event_name("Event-Subclass: x\n\nEvent-Name: body\n", false), "") << "a body is no header";
  EXPECT_EQ(esl_event_name(R"({"Event-Subclass":"x","Event-Name":"CUSTOM"})", true), "CUSTOM");
  EXPECT_EQ(esl_event_name(R"({"Event-Name":7})", true), "");
}

TEST(PercentDecoded, leaves_what_is_no_code) {
  EXPECT_EQ(percent_decoded("a%2Bb+%zz%4"), "a+b+%zz%4");
  EXPECT_EQ(percent_decoded("%25"), "%");
  EXPECT_EQ(percent_decoded("%"), "%");
}

TEST(NextJsonObject, cuts_the_rows_of_a_list) {
  std::string_view rows = R"([{"a":"}"} , {"b":{"c":[1]}}] tail)", row;
  ASSERT_TRUE(next_json_object(rows, row));
  EXPECT_EQ(row, R"({"a":"}"})");
  ASSERT_TRUE(next_json_object(rows, row));
  EXPECT_EQ(row, R"({"b":{"c":[1]}})");
  EXPECT_FALSE(next_json_object(rows, row));
  std::string_view cut = R"([{"a":1)";
  EXPECT_FALSE(next_json_object(cut, row));
}

}  // namespace
}  // namespace hf::pbx
