// Recorded Event Socket streams: what belongs together is found, and what is damaged is told.
#include <gmock/gmock.h>

#include "hal/pbx/recorded/open_capture.hpp"
#include "tests/support/capture_files.hpp"

namespace hf::pbx {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::string kHello =
    "Content-Type: auth/request\n\nContent-Type: command/reply\nReply-Text: +OK accepted\n\n"
    "Content-Type: command/reply\nReply-Text: +OK event listener enabled plain\n\n";

std::string event(const std::string& headers) {
  const std::string body = "Event-Name: " + headers + "\n\n";
  return "Content-Length: " + std::to_string(body.size()) + "\nContent-Type: text/event-plain\n\n" + body;
}
std::string answered(const std::string& text) {
  return "Content-Type: api/response\nContent-Length: " + std::to_string(text.size()) + "\n\n" + text;
}
const std::string kBeat = event("HEARTBEAT\nEvent-Date-Timestamp: 100000000\nUptime-msec: 1000");
const std::string kAnswer = event("CHANNEL_ANSWER\nEvent-Date-Timestamp: 101000000\nUnique-ID: c");

// One line of the .idx for each chunk, a second apart.
constexpr size_t kStart = 1795307100;
std::string index(const std::vector<std::string>& chunks) {
  std::string lines;
  size_t offset = 0, second = kStart;
  for (const auto& chunk : chunks) {
    lines += std::to_string(second++ * 1000) + " " + std::to_string(offset) + " " + std::to_string(chunk.size()) + "\n";
    offset += chunk.size();
  }
  return lines;
}

std::vector<std::string> read(CaptureReader& reader) {
  std::vector<std::string> all;
  for (Batch batch; reader.next(batch);)
    for (const auto& e : batch.events) all.push_back(to_text(e).substr(0, to_text(e).find(" pbx_at")));
  return all;
}

class EslCapture : public testing::Test {
 protected:
  std::unique_ptr<CaptureReader> open(const std::filesystem::path& path) {
    auto reader = open_capture(path, SipKey{});
    EXPECT_TRUE(reader) << reader.error().what;
    return reader ? std::move(*reader) : nullptr;
  }
  TempFolder folder;
};

TEST_F(EslCapture, is_read_with_the_times_and_questions_beside_it) {
  const std::string queues = answered("name|moh_sound\n+OK\n"), tiers = answered("+OK\n");
  folder.write_gz("esl-plain.raw.gz", kHello + kBeat + queues + tiers + tiers);
  folder.write("esl-plain.idx", index({kHello, kBeat, queues + tiers + tiers}));
  folder.write("esl-plain.sent", R"({"t": 1, "offset": 30, "cmd": "auth x"})"
                                 "\n"
                                 R"({"t": 1, "offset": 200, "cmd": "api callcenter_config queue list"})"
                                 "\n"
                                 R"({"t": 1, "offset": 200, "cmd": "api callcenter_config tier list"})"
                                 "\n"
                                 R"({"t": 1, "offset": 200, "cmd": "api callcenter_config agent list"})"
                                 "\n");
  const auto reader = open(folder.path());
  EXPECT_THAT(read(*reader),
              ElementsAre("1795307100.000000 source_up product=FreeSWITCH", "1795307101.000000 pbx_life", "1795307102.000000 resync_started",
                          "1795307102.000000 resync_ended", "1795307102.000000 source_down reason=end%20of%20the%20capture"));
  EXPECT_TRUE(reader->warnings().empty());
  EXPECT_TRUE(reader->describe().resumable);
}

TEST_F(EslCapture, tells_a_gap_and_forgets_what_the_lost_connection_was_asked) {
  const std::string half = "Content-Length: 900\nContent-Type: text/event-plain\n\nEvent-Na";
  const size_t cut = kHello.size() + kBeat.size() + half.size();
  folder.write("esl-plain.raw", kHello + kBeat + half + kHello + answered("+OK\n") + kAnswer);
  folder.write("esl-plain.idx", index({kHello, kBeat + half, kHello, answered("+OK\n") + kAnswer}));
  folder.write(
      "esl-plain.conns",
      R"({"t": 1795307100000, "offset": 0, "event": "connected"})"
      "\n{\"t\": 1795307101500, \"offset\": " +
          std::to_string(cut) + ", \"event\": \"eof\"}\n" + "{\"t\": 1795307101600, \"offset\": " + std::to_string(cut) +
          ", \"event\": \"refused\", \"err\": \"[Errno 111]\"}\n{\"t\": 1795307101900, \"offset\": " + std::to_string(cut) +
          ", \"event\": \"connected\"}\n");
  const auto reader = open(folder.path());
  const auto events = read(*reader);
  ASSERT_EQ(events.size(), 6u);
  EXPECT_EQ(events[2], "1795307101.500000 source_down reason=connection%20lost");
  EXPECT_EQ(events[3], "1795307102.000000 source_up product=FreeSWITCH");
  EXPECT_THAT(reader->warnings(), testing::Contains(HasSubstr("in the middle of a message")));
}

TEST_F(EslCapture, goes_by_the_events_own_times_when_no_others_are_there) {
  const auto path = folder.write("stream.raw", kHello + kBeat + kAnswer);
  EXPECT_THAT(read(*open(path)), ElementsAre(HasSubstr("source_up"), "100.000000 pbx_life",
                                             HasSubstr("101.000000 channel_state"), HasSubstr("source_down")));
}

TEST_F(EslCapture, names_what_is_missing_when_nothing_tells_the_times) {
  const auto path = folder.write("stream.raw", kHello);
  const auto reader = open_capture(path, SipKey{});
  ASSERT_FALSE(reader);
  EXPECT_THAT(reader.error().what, HasSubstr(".idx"));
}

}  // namespace
}  // namespace hf::pbx
