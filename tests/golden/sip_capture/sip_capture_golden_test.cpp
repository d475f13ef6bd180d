// Packets to events as readable text: SIPp over UDP and TCP, and a FreeSWITCH whose callers hang up, are refused and
// are answered; and one call through an Asterisk 16.28 whose phones report how it sounded. After a change on purpose the actual text, which a failure prints, becomes the expected one.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "hal/pbx/recorded/open_capture.hpp"

namespace hf::pbx {
namespace {

const std::string kFolder = HF_SOURCE_DIR "/tests/golden/sip_capture/";

std::string events_of(const std::string& path) {
  auto capture = open_capture(path, SipKey{1});
  if (!capture) return capture.error().what;
  std::string text;
  for (Batch batch; (*capture)->next(batch);)
    for (const CallEvent& event : batch.events) text += to_text(event) + "\n";
  for (const std::string& warning : (*capture)->warnings()) text += "warning: " + warning + "\n";
  return text;
}

class SipCaptureGolden : public testing::TestWithParam<const char*> {};

TEST_P(SipCaptureGolden, tells_what_is_written_down) {
  std::ifstream file(kFolder + GetParam() + ".txt");
  const std::string expected(std::istreambuf_iterator<char>(file), {});
  EXPECT_FALSE(expected.empty());
  EXPECT_EQ(events_of(kFolder + GetParam() + ".pcap.gz"), expected);
}

INSTANTIATE_TEST_SUITE_P(Captures, SipCaptureGolden, testing::Values("sipp", "freeswitch", "voice"),
                         [](const auto& run) { return std::string(run.param); });

}  // namespace
}  // namespace hf::pbx
