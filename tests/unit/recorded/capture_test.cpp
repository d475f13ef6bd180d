#include "hal/pbx/recorded/open_capture.hpp"

#include <gmock/gmock.h>

#include <fstream>

#include "tests/support/capture_files.hpp"

namespace hf::pbx {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kBanner = "Asterisk Call Manager/5.0.4\r\n";
const std::string kLogin = "Response: Success\r\nMessage: Authentication accepted\r\n\r\n";
const std::string kSettings = "Response: Success\r\nAsteriskVersion: 16.28.0\r\n\r\n";
const std::string kJoin = "Event: QueueCallerJoin\r\nUniqueid: 1.0\r\nQueue: sales\r\n\r\n";
const std::string kLeave = "Event: QueueCallerLeave\r\nUniqueid: 1.0\r\nQueue: sales\r\n\r\n";

std::vector<std::string> texts(CaptureReader& reader) {
  std::vector<std::string> all;
  for (Batch batch; reader.next(batch);)
    for (const CallEvent& event : batch.events) all.push_back(to_text(event));
  return all;
}

std::unique_ptr<CaptureReader> open_good(const std::filesystem::path& path) {
  auto reader = open_capture(path, SipKey{});
  EXPECT_TRUE(reader) << reader.error().what;
  return std::move(*reader);
}

// One line of ami.times for each chunk, a second apart from 100 on.
std::string times(const std::vector<std::string>& chunks) {
  std::string lines;
  size_t offset = 0, at = 100;
  for (const auto& chunk : chunks)
    lines += std::to_string(at++) + ".250 " + std::to_string(offset) + " " + std::to_string(chunk.size()) + "\n",
        offset += chunk.size();
  return lines;
}

TEST(Capture, gives_each_event_the_time_its_chunk_was_received) {
  TempFolder folder;
  folder.write_gz("ami.log.gz", kBanner + kLogin + kSettings + kJoin + kLeave);
  folder.write("ami.times", times({kBanner + kLogin, kSettings + kJoin, kLeave}));
  const auto reader = open_good(folder.path());
  EXPECT_THAT(texts(*reader), ElementsAre("100.250000 source_up product=Asterisk%2016.28.0",
                                          "101.250000 queue_joined channel=1.0 queue=sales",
                                          "102.250000 queue_left channel=1.0 queue=sales",
                                          "102.250000 source_down reason=end%20of%20the%20capture"));
  EXPECT_THAT(reader->warnings(), IsEmpty());
}

TEST(Capture, tells_the_gap_between_two_connections) {
  TempFolder folder;
  const std::string half = "Event: QueueCallerJoin\r\nUniq";
  folder.write("ami.log", kBanner + kLogin + half + kBanner + kLogin + kLeave);
  folder.write("ami.times", times({kBanner + kLogin, half, kBanner, kLogin, kLeave}));
  const size_t cut = (kBanner + kLogin + half).size();
  folder.write("ami.conns", "100.000 0 connect local=127.0.0.1:5\n101.500 " + std::to_string(cut) +
                                " closed by PBX\n102.0 " + std::to_string(cut) + " refused\n102.1 " +
                                std::to_string(cut) + " connect local=127.0.0.1:6\n");
  const auto reader = open_good(folder.path());
  EXPECT_THAT(texts(*reader),
              ElementsAre("100.250000 source_up product=Asterisk", "101.500000 source_down reason=closed%20by%20PBX",
                          "103.250000 source_up product=Asterisk", "104.250000 queue_left channel=1.0 queue=sales",
                          "104.250000 source_down reason=end%20of%20the%20capture"));
  EXPECT_THAT(reader->warnings(), ElementsAre(HasSubstr("in the middle of a message")));
}

TEST(Capture, takes_a_banner_inside_the_stream_for_a_reconnect) {
  TempFolder folder;
  const std::string half = "Event: QueueCallerJoin\r\nUniq";
  folder.write("x.log", kBanner + kLogin + half + kBanner + kLogin + kLeave);
  folder.write("x.times", times({kBanner + kLogin + half, kBanner + kLogin, kLeave}));
  EXPECT_THAT(texts(*open_good(folder / "x.log")),
              ElementsAre("100.250000 source_up product=Asterisk", "101.250000 source_down reason=connection%20lost",
                          "101.250000 source_up product=Asterisk", "102.250000 queue_left channel=1.0 queue=sales",
                          "102.250000 source_down reason=end%20of%20the%20capture"));
}

TEST(Capture, reads_times_from_the_stream_when_it_tells_them) {
  TempFolder folder;
  const std::string stamped =
      "Event: QueueCallerJoin\r\nPrivilege: agent,all\r\nTimestamp: 500.125000\r\nUniqueid: 1.0\r\nQueue: q\r\n\r\n";
  const auto path = folder.write("stream.ami", kBanner + kLogin + stamped);
  EXPECT_THAT(texts(*open_good(path)), ElementsAre("500.125000 source_up product=Asterisk",
                                                   "500.125000 queue_joined pbx_at=500.125000 channel=1.0 queue=q",
                                                   "500.125000 source_down reason=end%20of%20the%20capture"));
}

TEST(Capture, refuses_a_stream_without_any_times_and_says_what_is_missing) {
  TempFolder folder;
  const auto reader = open_capture(folder.write("x.log", kBanner + kLogin + kJoin), SipKey{});
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().kind, ErrorKind::invalid_input);
  EXPECT_THAT(reader.error().what, HasSubstr("ami.times"));
}

TEST(Capture, reads_a_cut_gzip_as_far_as_it_goes_and_names_the_place) {
  TempFolder folder;
  std::string stream = kBanner + kLogin;
  for (int i = 0; i < 20'000; ++i)
    stream += "Event: QueueCallerJoin\r\nUniqueid: " + std::to_string(i * 7919 % 20011) + "\r\nQueue: sales\r\n\r\n";
  const auto path = folder.write_gz("ami.log.gz", stream);
  folder.write("ami.times", "100 0 " + std::to_string(stream.size()) + "\n");
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  const auto reader = open_good(folder.path());
  EXPECT_GT(texts(*reader).size(), 5'000u);
  EXPECT_THAT(reader->warnings(), testing::Contains(testing::AllOf(HasSubstr("ami.log.gz"), HasSubstr("cut off"),
                                                                   HasSubstr("after byte"))));
}

TEST(Capture, stops_where_the_times_end_and_says_so) {
  TempFolder folder;
  folder.write("ami.log", kBanner + kLogin + kJoin + kLeave);
  folder.write("ami.times", times({kBanner + kLogin, kJoin}));
  const auto reader = open_good(folder.path());
  EXPECT_EQ(texts(*reader).size(), 3u);
  EXPECT_THAT(reader->warnings(), ElementsAre(testing::AllOf(HasSubstr("ami.times"), HasSubstr("has no times"))));
}

TEST(Capture, passes_over_a_bad_line_of_times_without_losing_bytes) {
  TempFolder folder;
  folder.write("ami.log", kBanner + kLogin + kJoin + kLeave);
  std::string lines = times({kBanner + kLogin, kJoin, kLeave});
  lines.replace(lines.find("101.250"), 7, "rubbish");
  folder.write("ami.times", lines);
  const auto reader = open_good(folder.path());
  EXPECT_THAT(texts(*reader), testing::Contains("102.250000 queue_joined channel=1.0 queue=sales"));
  EXPECT_THAT(reader->warnings(), testing::Contains(HasSubstr("ami.times:2")));
}

TEST(Capture, reads_rotated_queue_logs_oldest_first) {
  TempFolder folder;
  folder.write("queue_log", "300|3.0|sales|NONE|ENTERQUEUE||49301|1\n");
  folder.write_gz("queue_log.2.gz", "100|NONE|NONE|NONE|QUEUESTART|\n");
  folder.write("queue_log.1", "200|2.0|sales|NONE|ENTERQUEUE||49301|1\nrubbish\n190|2.0|sales|NONE|ABANDON|1|1|7\n");
  const auto reader = open_good(folder.path());
  EXPECT_THAT(
      texts(*reader),
      ElementsAre("100.000000 source_up product=Asterisk%20queue_log", "100.000000 pbx_life pbx_at=100.000000 state=1",
                  "200.000000 queue_joined pbx_at=200.000000 channel=2.0 queue=sales position=1",
                  "200.000000 queue_abandoned pbx_at=190.000000 channel=2.0 queue=sales wait=7000000",
                  "200.000000 queue_left pbx_at=190.000000 channel=2.0 queue=sales",
                  "300.000000 queue_joined pbx_at=300.000000 channel=3.0 queue=sales position=1",
                  "300.000000 source_down reason=end%20of%20the%20queue_log"));
  EXPECT_THAT(reader->warnings(), ElementsAre(HasSubstr("queue_log.1:2")));
  EXPECT_FALSE(reader->describe().agent_state);
  EXPECT_FALSE(reader->describe().pre_queue);
}

TEST(Capture, refuses_what_is_no_capture_by_name) {
  TempFolder folder;
  for (const auto& path : {folder / "absent", folder.path(), folder.write("photo", "\x89PNG\r\n\x1a\n")}) {
    const auto reader = open_capture(path, SipKey{});
    ASSERT_FALSE(reader) << path;
    EXPECT_THAT(reader.error().what, HasSubstr(path.string()));
  }
}

}  // namespace
}  // namespace hf::pbx
