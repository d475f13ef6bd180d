#include "hal/pbx/asterisk/ami_frame.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace hf::pbx {
namespace {

using Messages = std::vector<std::string>;

Messages feed(AmiFramer& framer, std::string_view bytes, size_t chunk = std::string_view::npos) {
  Messages all;
  for (size_t at = 0; at < bytes.size(); at += std::min(chunk, bytes.size())) {
    std::string_view rest = bytes.substr(at, chunk), message;
    while (framer.next(rest, message)) all.emplace_back(message);
  }
  return all;
}

TEST(AmiFramer, takes_the_banner_and_the_messages_after_it) {
  AmiFramer framer;
  const auto all = feed(
      framer, "Asterisk Call Manager/5.0.4\r\nResponse: Success\r\nMessage: ok\r\n\r\nEvent: A\r\n\r\nEvent: B\r\nX");
  EXPECT_EQ(all, (Messages{"Asterisk Call Manager/5.0.4", "Response: Success\r\nMessage: ok", "Event: A"}));
  EXPECT_TRUE(framer.pending());
  EXPECT_EQ(framer.malformed(), 0u);
}

TEST(AmiFramer, gives_the_same_messages_for_every_size_of_chunk) {
  const std::string bytes =
      "Asterisk Call Manager/5.0.4\r\nEvent: A\r\nK: v\r\n\r\n\r\nEvent: B\n\n\nnonsense\r\n\r\nEvent: C\r\n\r\n: "
      "\r\n\r\nEvent: D\r\n\r\n";
  AmiFramer whole;
  const Messages expected = feed(whole, bytes);
  EXPECT_EQ(expected.size(), 5u);
  for (size_t chunk = 1; chunk < bytes.size(); ++chunk) {
    AmiFramer framer;
    EXPECT_EQ(feed(framer, bytes, chunk), expected) << "chunks of " << chunk;
    EXPECT_EQ(framer.malformed(), whole.malformed()) << "chunks of " << chunk;
  }
}

TEST(AmiFramer, passes_over_a_stray_blank_line) {  // after some TestEvents of Asterisk 16 and 22
  AmiFramer framer;
  EXPECT_EQ(feed(framer, "Event: A\r\n\r\n\r\nEvent: B\r\n\r\n"), (Messages{"Event: A", "Event: B"}));
  EXPECT_EQ(framer.malformed(), 0u);
}

TEST(AmiFramer, finds_the_end_of_a_message_of_any_length) {  // the search looks at sixteen places at a time
  for (const std::string_view blank : {"\r\n\r\n", "\n\n", "\n\r\n"}) {
    for (size_t length = 0; length < 70; ++length) {
      const std::string message =
          "K: " + std::string(length, 'v') + "\nx\n:";  // one sign between two ends is no blank line
      AmiFramer framer;
      const std::string bytes = message + std::string(blank) + "Event: After the first\r\n\r\n";
      EXPECT_EQ(feed(framer, bytes), (Messages{message, "Event: After the first"})) << length;
    }
  }
}

TEST(AmiFramer, drops_what_is_over_the_limits_and_goes_on) {
  const std::string long_line = "Event: A\r\nK: " + std::string(kMaxAmiLine, 'x') + "\r\n\r\n";
  std::string long_message = "Event: A\r\n";
  while (long_message.size() <= kMaxAmiMessage) long_message += "Key: value\r\n";
  const std::string bytes = long_line + long_message + "\r\n" + "Event: B\r\n\r\n";
  for (const size_t chunk : {bytes.size(), size_t{7}, size_t{4096}, size_t{100'000}}) {
    AmiFramer framer;
    EXPECT_EQ(feed(framer, bytes, chunk), (Messages{"Event: B"})) << chunk;
    EXPECT_EQ(framer.malformed(), 2u) << chunk;
  }
}

TEST(AmiFramer, survives_garbage_and_finds_the_next_message) {
  AmiFramer framer;
  const std::string bytes =
      std::string("\x16\x03\x01\x00 \xff garbage", 15) + std::string(300'000, '\0') + "\r\n\r\nEvent: B\r\n\r\n";
  EXPECT_EQ(feed(framer, bytes, 1000), (Messages{"Event: B"}));
  EXPECT_EQ(framer.malformed(), 1u);
}

TEST(AmiFramer, forgets_half_a_message_when_the_connection_is_lost) {
  AmiFramer framer;
  EXPECT_TRUE(feed(framer, "Event: Half\r\nK: v").empty());
  framer.reset();
  EXPECT_EQ(feed(framer, "Asterisk Call Manager/5.0.4\r\nEvent: B\r\n\r\n").back(), "Event: B");
}

}  // namespace
}  // namespace hf::pbx
