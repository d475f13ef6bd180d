// Real messages of Asterisk 16.28 and 22.10 (*.ami) and the events they must become (*.txt). After a wanted change:
// HF_UPDATE_GOLDEN=1 golden_ami_map_test, and look at the difference.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "hal/pbx/asterisk/ami_frame.hpp"
#include "hal/pbx/asterisk/ami_map.hpp"
#include "hal/pbx/recorded/open_capture.hpp"

namespace hf::pbx {
namespace {

namespace fs = std::filesystem;
const fs::path kFolder = fs::path(HF_SOURCE_DIR) / "tests/golden";

std::string content(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Each message and the events it became, in chunks of `chunk` bytes.
std::string mapped(const std::string& bytes, size_t chunk) {
  AmiFramer framer;
  AmiMapper mapper(SipKey{1, 2, 3});
  std::string text;
  int message_number = 0;
  for (size_t at = 0; at < bytes.size(); at += chunk) {
    std::string_view rest = std::string_view(bytes).substr(at, chunk), message;
    while (framer.next(rest, message)) {
      std::vector<CallEvent> events;
      mapper.map(message, Time(std::chrono::seconds(++message_number)), events);
      text += std::string(message.substr(0, message.find_first_of("\r\n"))) + "\n";
      for (const auto& event : events) text += "  " + to_text(event) + "\n";
    }
  }
  return text + "malformed " + std::to_string(framer.malformed()) + ", unknown " + std::to_string(mapper.unknown()) +
         "\n";
}

std::vector<fs::path> samples() {
  std::vector<fs::path> all;
  for (const auto& entry : fs::directory_iterator(kFolder / "ami_map"))
    if (entry.path().extension() == ".ami") all.push_back(entry.path());
  return all;
}

class AmiMap : public testing::TestWithParam<fs::path> {};

TEST_P(AmiMap, makes_the_expected_events_of_real_messages) {
  const std::string got = mapped(content(GetParam()), std::string::npos / 2);
  fs::path expected = GetParam();
  expected.replace_extension(".txt");
  if (std::getenv("HF_UPDATE_GOLDEN") != nullptr) std::ofstream(expected, std::ios::binary) << got;
  EXPECT_EQ(got, content(expected)) << expected;
}

TEST_P(AmiMap, makes_the_same_events_however_the_bytes_are_cut) {
  const std::string bytes = content(GetParam());
  const std::string whole = mapped(bytes, bytes.size());
  for (const size_t chunk : {1u, 2u, 3u, 7u, 64u, 1000u, 1448u, 4096u})
    EXPECT_EQ(mapped(bytes, chunk), whole) << "chunks of " << chunk;
}

TEST_P(AmiMap, makes_events_that_have_a_text_form) {
  AmiFramer framer;
  AmiMapper mapper(SipKey{});
  const std::string bytes = content(GetParam());
  std::string_view rest = bytes, message;
  std::vector<CallEvent> events;
  while (framer.next(rest, message)) mapper.map(message, Time(std::chrono::seconds(1)), events);
  for (const auto& event : events) {
    const auto back = from_text(to_text(event));
    ASSERT_TRUE(back) << to_text(event) << ": " << back.error().what;
    EXPECT_EQ(to_text(*back), to_text(event));
  }
}

INSTANTIATE_TEST_SUITE_P(Samples, AmiMap, testing::ValuesIn(samples()),
                         [](const auto& p) { return p.param.stem().string(); });

void hide_pseudonym(CallEvent& event) {  // its digits may be any
  if (auto* started = std::get_if<ChannelStarted>(&event.body)) started->caller = 0;
  if (auto* seen = std::get_if<ChannelSeen>(&event.body)) seen->caller = 0;
}

// All callers of the captures have numbers that begin so, and these names.
void expect_no_caller(CallEvent& event) {
  hide_pseudonym(event);
  const std::string text = to_text(event);
  for (const char* canary : {"+4930", "49302", "ACME", "\"Print", "Söhne", "Иванов"})
    EXPECT_EQ(text.find(canary), std::string::npos) << text;
}

TEST(AmiMapPrivacy, lets_no_callers_number_or_name_through) {
  for (const auto& version : fs::directory_iterator(kFolder / "captures")) {
    for (const auto& run : fs::directory_iterator(version.path())) {
      auto reader = open_capture(run.path(), SipKey{1});
      ASSERT_TRUE(reader) << reader.error().what;
      for (Batch batch; (*reader)->next(batch);)
        for (CallEvent& event : batch.events) expect_no_caller(event);
    }
  }
}

TEST(Captures, are_read_whole_and_understood) {
  for (const auto& version : fs::directory_iterator(kFolder / "captures")) {
    for (const auto& run : fs::directory_iterator(version.path())) {
      auto reader = open_capture(run.path(), SipKey{1});
      ASSERT_TRUE(reader) << reader.error().what;
      Time last{};
      size_t events = 0;
      for (Batch batch; (*reader)->next(batch);) {
        for (const auto& event : batch.events) {
          EXPECT_GE(event.at, last) << run.path();
          last = event.at;
          ++events;
        }
      }
      EXPECT_GT(events, 1000u) << run.path();
      EXPECT_EQ((*reader)->counts().unknown, 0u) << run.path();
      EXPECT_EQ((*reader)->counts().malformed, 0u) << run.path();
      EXPECT_TRUE((*reader)->warnings().empty()) << run.path() << ": " << (*reader)->warnings().front();
    }
  }
}

}  // namespace
}  // namespace hf::pbx
