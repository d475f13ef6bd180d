#include <gtest/gtest.h>

#include <fstream>

#include "agent/wire/answer.hpp"
#include "agent/wire/decode.hpp"
#include "agent/wire/opaque_id.hpp"
#include "samples.hpp"

namespace hf::wire {
namespace {

TEST(Wire, every_body_comes_back_as_it_was_sent) {
  samples::Maker make(samples::seeded());
  for (int i = 0; i < 500; ++i) {
    const Body sent = make.body();
    const auto bytes = encode(sent);
    ASSERT_TRUE(bytes) << bytes.error().what;
    const auto got = decode(message_line(7, {{1, 3}, {5, 6}}, *bytes));
    ASSERT_TRUE(got) << got.error().what << "\n" << *bytes;
    EXPECT_EQ(got->sequence, 7U);
    EXPECT_EQ(got->replaces, (std::vector<Range>{{1, 3}, {5, 6}}));
    ASSERT_EQ(got->body, sent) << *bytes;
    EXPECT_EQ(*encode(got->body), *bytes);
  }
}

TEST(Wire, a_batch_comes_back_line_by_line) {
  samples::Maker make(samples::seeded());
  const Head head{kVersion, "berlin-1", 0x9f00c2d1a4b35e77, {0, 1, 0}, 1, 3};
  std::vector<std::string> lines{head_line(head)};
  for (uint64_t n = 1; n <= 3; ++n) lines.push_back(message_line(n, {}, *encode(make.body())));
  const auto packed = pack(lines);
  ASSERT_TRUE(packed);
  const auto text = unpack(*packed);
  ASSERT_TRUE(text);
  const auto batch = split(*text);
  ASSERT_TRUE(batch) << batch.error().what;
  EXPECT_EQ(batch->head, head);
  ASSERT_EQ(batch->messages.size(), 3U);
  for (size_t i = 0; i < 3; ++i) EXPECT_EQ(batch->messages[i], lines[i + 1]);
}

TEST(Wire, a_sign_of_life_is_a_batch_without_messages) {
  const auto packed = pack({head_line({kVersion, "a", 1, {}, 0, 0})});
  const auto text = unpack(*packed);
  ASSERT_TRUE(text);
  EXPECT_TRUE(split(*text)->messages.empty());
}

TEST(Wire, times_are_cut_to_milliseconds_and_to_their_range) {
  Summary s;
  s.start = kFirstTime;
  s.talk = std::chrono::microseconds(1999), s.hold = std::chrono::microseconds(-5), s.waiting = Duration::max();
  const auto got = decode_body(*encode(Minutes{{s}}));
  ASSERT_TRUE(got) << got.error().what;
  const auto& back = std::get<Minutes>(*got).sums.at(0);
  EXPECT_EQ(back.talk, std::chrono::milliseconds(1));
  EXPECT_EQ(back.hold, Duration::zero());
  EXPECT_EQ(back.waiting, kMaxSpan);
}

TEST(Wire, the_example_of_the_document_is_read) {
  std::ifstream in(std::string(HF_SOURCE_DIR) + "/agent/wire/WIRE.md");
  ASSERT_TRUE(in) << "WIRE.md not found";
  const std::string all{std::istreambuf_iterator<char>(in), {}};
  const size_t from = all.rfind("```\n{\"v\"") + 4, to = all.rfind("```");
  std::string text = all.substr(from, to - from);
  for (size_t at = 0; (at = text.find("\n  ", at)) != std::string::npos;) text.erase(at, 3);
  const auto batch = split(text);
  ASSERT_TRUE(batch) << batch.error().what;
  ASSERT_EQ(batch->messages.size(), 2U);
  for (const auto line : batch->messages) {
    const auto message = decode(line);
    ASSERT_TRUE(message) << message.error().what;
    EXPECT_EQ(message_line(message->sequence, {}, *encode(message->body)), line)
        << "the document shows what the program writes";
  }
}

TEST(Wire, an_answer_comes_back) {
  const Answer answer{{{1, 57}, {59, 60}}, {{58, RefusedReason::other_bytes}, {61, RefusedReason::invalid}}, 2};
  const auto got = decode_answer(encode_answer(answer));
  ASSERT_TRUE(got) << got.error().what;
  EXPECT_EQ(*got, answer);
}

TEST(Wire, acknowledged_sequences_join_into_ranges) {
  EXPECT_EQ(ranges_of({5, 1, 2, 2, 3, 9}), (std::vector<Range>{{1, 3}, {5, 5}, {9, 9}}));
  EXPECT_TRUE(ranges_of({}).empty());
}

TEST(Wire, an_id_depends_on_key_scope_and_name) {
  const SiteKey one{1}, other{2};
  const Id id = opaque_id(one, Scope::line, "4930555");
  EXPECT_EQ(id, opaque_id(one, Scope::line, "4930555"));
  EXPECT_NE(id, opaque_id(other, Scope::line, "4930555"));
  EXPECT_NE(id, opaque_id(one, Scope::queue, "4930555"));
  EXPECT_NE(id, opaque_id(one, Scope::line, "4930556"));
  EXPECT_EQ(incident_id(one, "00ff00ff00ff00ff").value, 0x00ff00ff00ff00ffU);
  EXPECT_NE(incident_id(one, "Anna Berg").value, incident_id(other, "Anna Berg").value);
}

}  // namespace
}  // namespace hf::wire
