#include "hal/pbx/freeswitch/esl_frame.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace hf::pbx {
namespace {

using Frames = std::vector<std::string>;

Frames feed(EslFramer& framer, std::string_view bytes, size_t chunk = std::string_view::npos) {
  Frames all;
  for (size_t at = 0; at < bytes.size(); at += std::min(chunk, bytes.size())) {
    std::string_view rest = bytes.substr(at, chunk);
    for (EslFrame frame; framer.next(rest, frame);)
      all.push_back(std::to_string(static_cast<int>(frame.content)) + "|" + std::string(frame.headers) + "|" +
                    std::string(frame.body));
  }
  return all;
}

std::string frame(const std::string& type, const std::string& body) {
  return "Content-Length: " + std::to_string(body.size()) + "\nContent-Type: " + type + "\n\n" + body;
}

TEST(EslFramer, takes_frames_with_and_without_a_body) {
  EslFramer framer;
  const auto all = feed(framer,
                        "Content-Type: auth/request\n\nContent-Type: command/reply\nReply-Text: +OK accepted\n\n"
                        "Content-Type: api/response\nContent-Length: 4\n\n+OK\nContent-Type: auth");
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0], "1|Content-Type: auth/request|");
  EXPECT_EQ(all[1], "2|Content-Type: command/reply\nReply-Text: +OK accepted|");
  EXPECT_EQ(all[2], "3|Content-Type: api/response\nContent-Length: 4|+OK\n");
  EXPECT_TRUE(framer.pending());
}

TEST(EslFramer, goes_by_the_length_and_not_by_blank_lines_in_the_body) {  // an event with a body has one inside
  EslFramer framer;
  const std::string event = "Event-Name: BACKGROUND_JOB\nContent-Length: 6\n\na\n\nb\n\n";
  const auto all = feed(framer, frame("text/event-plain", event) + frame("text/event-json", "{\"a\":\"b\"}") +
                                    "Content-Type: command/reply\n\n");
  ASSERT_EQ(all.size(), 3u);
  EXPECT_TRUE(all[0].ends_with("|" + event));
  EXPECT_TRUE(all[1].ends_with("|{\"a\":\"b\"}")) << "the next frame begins on the line where this one ends";
  EXPECT_TRUE(all[2].starts_with("2|"));
}

TEST(EslFramer, gives_the_same_frames_for_every_size_of_chunk) {
  const std::string bytes = "Content-Type: auth/request\n\n\n" + frame("text/event-plain", "Event-Name: A\n\n") +
                            "nonsense\nmore\n\n" + frame("text/event-json", "{}") + "Content-Length: many\n\n" +
                            frame("api/response", "x\n\ny") + "Content-Type: command/reply\nReply-Text: +OK\n\n";
  EslFramer whole;
  const Frames expected = feed(whole, bytes);
  EXPECT_EQ(expected.size(), 5u);
  EXPECT_EQ(whole.malformed(), 2u);
  for (size_t chunk = 1; chunk < bytes.size(); ++chunk) {
    EslFramer framer;
    EXPECT_EQ(feed(framer, bytes, chunk), expected) << "chunks of " << chunk;
    EXPECT_EQ(framer.malformed(), whole.malformed()) << "chunks of " << chunk;
    EXPECT_FALSE(framer.pending());
  }
}

TEST(EslFramer, drops_a_body_over_the_limit_and_goes_on_behind_it) {
  EslFramer framer;
  const std::string bytes = frame("api/response", std::string(kMaxEslBody + 1, '\n')) + frame("api/response", "good");
  for (const size_t chunk : {size_t{1000}, size_t{65536}, bytes.size()}) {
    EslFramer again;
    const auto all = feed(again, bytes, chunk);
    ASSERT_EQ(all.size(), 1u) << chunk;
    EXPECT_TRUE(all[0].ends_with("|good"));
    EXPECT_EQ(again.malformed(), 1u);
  }
}

TEST(EslFramer, drops_headers_over_the_limit_up_to_the_blank_line) {
  for (const size_t length : {kMaxEslHeaders - 3, kMaxEslHeaders - 2, kMaxEslHeaders * 40}) {
    const std::string bytes = "K: " + std::string(length, 'v') + "\n\n" + frame("api/response", "good");
    for (const size_t chunk : {size_t{1}, size_t{511}, size_t{4096}, bytes.size()}) {
      EslFramer framer;
      const auto all = feed(framer, bytes, chunk);
      const bool fits = length + 3 <= kMaxEslHeaders;
      ASSERT_EQ(all.size(), fits ? 2u : 1u) << length << " by " << chunk;
      EXPECT_TRUE(all.back().ends_with("|good"));
      EXPECT_EQ(framer.malformed(), fits ? 0u : 1u);
    }
  }
}

TEST(EslFramer, believes_no_length_that_would_make_it_deaf_for_hours) {
  EslFramer framer;
  EXPECT_EQ(feed(framer, "Content-Length: 99999999999\n\n" + frame("api/response", "good")).size(), 1u);
  EXPECT_EQ(framer.malformed(), 1u);
}

TEST(EslFramer, forgets_a_half_frame_when_the_connection_is_lost) {
  EslFramer framer;
  EXPECT_TRUE(feed(framer, "Content-Length: 100\n\nhalf").empty());
  EXPECT_TRUE(framer.pending());
  framer.reset();
  EXPECT_FALSE(framer.pending());
  EXPECT_EQ(feed(framer, "Content-Type: auth/request\n\n").size(), 1u);
}

TEST(EslHeader, is_found_by_its_whole_name) {
  EXPECT_EQ(esl_header("Content-Length: 12\nContent-Type:  text/x\r\nX: y", "Content-Type"), "text/x");
  EXPECT_EQ(esl_header("Content-Length: 12", "Content"), "");
  EXPECT_EQ(esl_header("", "Content"), "");
  EXPECT_EQ(esl_header("Reply-Text:", "Reply-Text"), "");
}

}  // namespace
}  // namespace hf::pbx
