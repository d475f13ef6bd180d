// What must not be read: foreign bytes, other versions, limits, and bodies that are nearly right.
#include <gtest/gtest.h>
#include <zstd.h>

#include "agent/wire/decode.hpp"
#include "agent/wire/json_reader.hpp"
#include "agent/wire/label_rules.hpp"
#include "samples.hpp"

namespace hf::wire {
namespace {

std::string good_minutes() {
  Summary s;
  s.start = kFirstTime;
  s.answered_waits = {{3, 1}};
  return *encode(Minutes{{s}});
}

std::string good_incident() {
  Incident i;
  i.evidence.push_back({templates()[0], 3, kFirstTime, {{value_names()[0], 14000}}});
  i.lines.push_back(Id{7});
  return *encode(i);
}

// `text` with the first `from` made `to`; the test fails when there is none.
std::string changed(std::string text, std::string_view from, std::string_view to) {
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from << " in " << text;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

ErrorKind refused(const std::string& body) {
  const auto got = decode_body(body);
  EXPECT_FALSE(got) << "accepted: " << body;
  return got ? ErrorKind::internal : got.error().kind;
}

TEST(WireRefusal, another_major_version_is_refused_before_anything_else_is_read) {
  EXPECT_EQ(refused(R"({"v":[2,0],garbage that is no JSON)"), ErrorKind::unsupported);
  EXPECT_EQ(refused(R"({"kind":"minutes","v":[1,1]})"), ErrorKind::invalid_input);
  EXPECT_EQ(refused(R"({"v":[1]})"), ErrorKind::invalid_input);
}

TEST(WireRefusal, unknown_members_are_ignored) {
  EXPECT_TRUE(decode_body(changed(good_minutes(), "\"sums\"", "\"later\":[1,{\"x\":null}],\"sums\"")));
  EXPECT_TRUE(decode_body(changed(good_minutes(), "\"rev\"", "\"later\":7.5,\"rev\"")));
}

SurveyDay good_day() { return {Id{7}, kFirstTime, SurveyQuestion::csat, 1, 5, 5, 20, 3, 1}; }

TEST(WireRefusal, a_single_answer_to_a_survey_has_no_place) {
  EXPECT_TRUE(encode(Surveys{{good_day()}}));
  auto few = good_day();
  few.answers = 4, few.sum = 16;
  EXPECT_FALSE(encode(Surveys{{few}}));
  const std::string good = *encode(Surveys{{good_day()}});
  EXPECT_EQ(refused(changed(good, "\"answers\":5,\"sum\":20", "\"answers\":1,\"sum\":4")), ErrorKind::invalid_input);
  EXPECT_EQ(refused(changed(good, "\"sum\":20", "\"sum\":26")), ErrorKind::invalid_input) << "more than five fives";
  EXPECT_EQ(refused(changed(good, "\"top\":3", "\"top\":6")), ErrorKind::invalid_input);
  EXPECT_EQ(refused(changed(good, "\"high\":5", "\"high\":1")), ErrorKind::invalid_input);
  EXPECT_EQ(refused(changed(good, "946684800000", "946684860000")), ErrorKind::invalid_input) << "no day begins there";
  const std::string question = changed(good, "csat", "mood");
  EXPECT_EQ(refused(question), ErrorKind::invalid_input);
  EXPECT_EQ(decode_body(changed(question, "[1,1]", "[1,9]")).value(), Body(Ignored{})) << "nothing is left of it: no message without a sum";
}

TEST(WireRefusal, unknown_words_are_errors_unless_the_minor_version_is_newer) {
  const std::string kind = R"({"v":[1,1],"kind":"weather"})";
  EXPECT_EQ(refused(kind), ErrorKind::invalid_input);
  EXPECT_EQ(decode_body(changed(kind, "[1,1]", "[1,9]")).value(), Body(Ignored{}));
  const std::string what = changed(good_incident(), "\"what\":\"unknown\"", "\"what\":\"moon_phase\"");
  EXPECT_EQ(refused(what), ErrorKind::invalid_input);
  EXPECT_EQ(std::get<Incident>(decode_body(changed(what, "[1,1]", "[1,9]")).value()).kind, IncidentKind::unknown);
  const std::string words = changed(good_incident(), std::string(templates()[0]), "anna_berg_slept");
  EXPECT_EQ(refused(words), ErrorKind::invalid_input);
  EXPECT_TRUE(std::get<Incident>(decode_body(changed(words, "[1,1]", "[1,9]")).value()).evidence.empty());
}

TEST(WireRefusal, each_range_is_kept) {
  const std::pair<std::string_view, std::string_view> changes[] = {
      {"\"offered\":0", "\"offered\":-1"},
      {"\"offered\":0", "\"offered\":4294967296"},
      {"\"offered\":0", "\"offered\":1.5"},
      {"\"offered\":0", "\"offered\":1e400"},
      {"\"offered\":0", "\"offered\":NaN"},
      {"\"offered\":0", "\"offered\":null"},
      {"\"offered\":0", "\"offered\":\"0\""},
      {"\"offered\":0,", ""},
      {"\"talk\":0", "\"talk\":-1"},
      {"\"talk\":0", "\"talk\":99999999999999999"},
      {"\"span\":1", "\"span\":2"},
      {"\"cover\":\"1\"", "\"cover\":\"3\""},
      {"\"cover\":\"1\"", "\"cover\":\"0\""},
      {"\"cover\":\"1\"", "\"cover\":\"0x1\""},
      {"\"observed\":0", "\"observed\":61"},
      {"\"start\":946684800000", "\"start\":946684800001"},
      {"\"start\":946684800000", "\"start\":0"},
      {"\"scope\":\"queue\"", "\"scope\":\"agent\""},
      {"[3,1]", "[96,1]"},
      {"[3,1]", "[3,0]"},
      {"[3,1]", "[3]"},
      {"[3,1]", "[3,1,3,1]"},
      {"[3,1]", "[-1,1]"},
      {"\"id\":\"0000000000000000\"", "\"id\":\"4930555\""},
      {"\"id\":\"0000000000000000\"", "\"id\":\"000000000000000G\""}};
  for (const auto& [from, to] : changes)
    EXPECT_EQ(refused(changed(good_minutes(), from, to)), ErrorKind::invalid_input) << to;
}

TEST(WireRefusal, evidence_holds_only_listed_names_and_numbers_in_range) {
  const std::string value = "\"" + std::string(value_names()[0]) + "\":14000";
  EXPECT_EQ(refused(changed(good_incident(), value, "\"anna\":14000")), ErrorKind::invalid_input);
  EXPECT_EQ(refused(changed(good_incident(), ":14000", ":\"4930555\"")), ErrorKind::invalid_input);
  EXPECT_EQ(refused(changed(good_incident(), ":14000", ":10000000001")), ErrorKind::invalid_input);
  EXPECT_EQ(refused(changed(good_incident(), "\"0000000000000007\"", "\"Sales\"")), ErrorKind::invalid_input);
}

TEST(WireRefusal, what_is_not_allowed_cannot_be_written_either) {
  Incident i;
  i.evidence.push_back({"anna_berg_slept", 1, kFirstTime, {}});
  EXPECT_EQ(encode(i).error().kind, ErrorKind::invalid_input);
  i.evidence = {{templates()[0], 1, kFirstTime, {{"anna", 1}}}};
  EXPECT_EQ(encode(i).error().kind, ErrorKind::invalid_input);
  EXPECT_EQ(encode(Labels{1, {{Scope::line, Id{1}, "Call 030 5551234"}}}).error().kind, ErrorKind::invalid_input);
  EXPECT_EQ(encode(Minutes{}).error().kind, ErrorKind::invalid_input);
  EXPECT_EQ(encode(Ignored{}).error().kind, ErrorKind::invalid_input);
}

TEST(WireRefusal, lists_have_limits) {
  Summary s;
  s.start = kFirstTime;
  EXPECT_TRUE(encode(Minutes{std::vector<Summary>(kMaxSums, s)}));
  EXPECT_FALSE(encode(Minutes{std::vector<Summary>(kMaxSums + 1, s)}));
  Incident i;
  i.lines.resize(kMaxIds + 1);
  EXPECT_FALSE(encode(i));
  const std::string line(kMaxLineBytes + 1, ' ');
  EXPECT_EQ(decode(line).error().kind, ErrorKind::invalid_input);
  EXPECT_FALSE(pack({line}));
  EXPECT_FALSE(pack(std::vector<std::string>(kMaxMessages + 2, "x")));
}

TEST(WireRefusal, deep_nesting_is_refused) {
  EXPECT_EQ(refused(R"({"v":[1,1],"kind":"gap","x":)" + std::string(5000, '[') + std::string(5000, ']') + "}"),
            ErrorKind::invalid_input);
}

TEST(WireRefusal, a_bomb_is_refused_by_its_stated_size) {
  const std::string zeros(kMaxBatchBytes + 1, '\0');
  std::string bomb(ZSTD_compressBound(zeros.size()), '\0');
  bomb.resize(ZSTD_compress(bomb.data(), bomb.size(), zeros.data(), zeros.size(), 19));
  EXPECT_LT(bomb.size(), 10000U);
  EXPECT_EQ(unpack(bomb).error().kind, ErrorKind::invalid_input);
}

TEST(WireRefusal, cut_or_lengthened_or_foreign_frames_are_refused) {
  const std::string packed = pack({head_line({kVersion, "a", 1, {}, 0, 0})}).value();
  for (size_t n = 0; n < packed.size(); ++n) EXPECT_FALSE(unpack(packed.substr(0, n))) << n;
  EXPECT_FALSE(unpack(packed + "x"));
  EXPECT_FALSE(unpack(packed + packed));
  EXPECT_FALSE(unpack("GET / HTTP/1.1\r\n\r\n"));
  EXPECT_FALSE(unpack(std::string(kMaxRequestBytes + 1, 'x')));
}

TEST(WireRefusal, a_message_line_has_one_form_only) {
  const std::string body = good_minutes();
  EXPECT_TRUE(decode(message_line(5, {}, body)));
  for (const std::string& line :
       {"{\"seq\":0,\"m\":" + body + "}", "{\"seq\":-1,\"m\":" + body + "}", "{\"m\":" + body + ",\"seq\":5}",
        "{\"seq\": 5,\"m\":" + body + "}", "{\"seq\":99999999999999999999,\"m\":" + body + "}",
        "{\"seq\":5,\"m\":" + body, "{\"seq\":5,\"m\":" + body + "}}", message_line(5, {{3, 2}}, body),
        message_line(5, {{4, 5}}, body), message_line(5, {{1, 1}, {2, 2}}, body),
        message_line(5, {{3, 3}, {1, 1}}, body), "{\"seq\":5,\"replaces\":[],\"m\":" + body + "}",
        message_line(5, {{0, 1}}, body)})
    EXPECT_FALSE(decode(line)) << line.substr(0, 80);
}

TEST(WireRefusal, a_batch_needs_a_head_with_a_proper_site) {
  const std::string head = head_line({kVersion, "berlin-1", 1, {0, 1, 0}, 0, 0});
  EXPECT_TRUE(split(head + "\n"));
  EXPECT_FALSE(split(head));
  EXPECT_FALSE(split(""));
  EXPECT_FALSE(split("\n"));
  EXPECT_FALSE(split(changed(head, "berlin-1", "Berlin 1") + "\n"));
  EXPECT_FALSE(split(changed(head, "berlin-1", "a4930555123") + "\n"));
  EXPECT_FALSE(split(changed(head, "[0,1,0]", "[0,1]") + "\n"));
  EXPECT_EQ(split(changed(head, "[1,1]", "[3,0]") + "\n").error().kind, ErrorKind::unsupported);
}

TEST(Labels, that_could_hold_a_number_are_refused) {
  for (const auto* bad :
       {"12345", "Anna 030 555", "0 3 0 5 5", "(030) 55", "0.3.0.5.5", "0-3/0+5 5", "٠٣٠٥٥", "０３０５５", "1²³45",
        "030\u00a055", "030\u200955", "0\u200b3055", "", "a\nb", "a\x7f", "\xff\xfe", "\xc0\x80", "\xed\xa0\x80"})
    EXPECT_FALSE(check_label(bad)) << bad;
  EXPECT_FALSE(check_label(std::string(61, 'x')));
  EXPECT_FALSE(check_label("\xf0\x9f\x98"));
}

TEST(Labels, that_people_use_are_accepted) {
  for (const auto* good :
       {"Sales", "Support 24/7", "Line 2, floor 3", "Отдел продаж", "Größe & Maß", "2nd level (EN)", "Since 2025"})
    EXPECT_TRUE(check_label(good)) << good;
  std::string sixty;
  for (int i = 0; i < 60; ++i) sixty += "ж";
  EXPECT_TRUE(check_label(sixty));
}

TEST(WireRefusal, random_damage_never_makes_a_value_out_of_range) {
  samples::Maker make(samples::seeded());
  for (int i = 0; i < 3000; ++i) {
    std::string line = message_line(9, {{1, 2}}, *encode(make.body()));
    for (uint64_t n = 1 + make.below(3); n > 0; --n) line[make.below(line.size())] = static_cast<char>(make.below(256));
    const auto got = decode(line);
    if (!got || std::holds_alternative<Ignored>(got->body)) continue;
    EXPECT_TRUE(encode(got->body)) << line;
  }
}

}  // namespace
}  // namespace hf::wire
