#include <gmock/gmock.h>

#include <cstring>
#include <fstream>

#include "hal/pbx/sip/pcap_file.hpp"
#include "hal/pbx/sip/sip_capture.hpp"
#include "packet_words.hpp"
#include "sip_words.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::pbx {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

template <class T>
std::string raw(T value, bool swapped = false) {
  std::string bytes(sizeof value, '\0');
  std::memcpy(bytes.data(), &value, sizeof value);
  return swapped ? std::string(bytes.rbegin(), bytes.rend()) : bytes;
}

const std::string kFrame =
    frames::frame4(frames::ipv4(17, frames::udp(5060, 5060, message({"INVITE sip:5550101@pbx SIP/2.0"}))));

std::string classic(uint32_t magic, bool swapped, uint32_t fraction) {
  const auto u32 = [&](size_t v) { return raw(static_cast<uint32_t>(v), swapped); };
  return u32(magic) + raw<uint16_t>(2, swapped) + raw<uint16_t>(4, swapped) + u32(0) + u32(0) + u32(65535) +
         u32(1) +  //
         u32(1'795'306'300) + u32(fraction) + u32(kFrame.size()) + u32(kFrame.size()) + kFrame;
}

std::string block(uint32_t type, std::string body) {
  body.resize((body.size() + 3) / 4 * 4);
  const auto size = static_cast<uint32_t>(body.size() + 12);
  return raw(type) + raw(size) + body + raw(size);
}
std::string section() {
  return block(0x0a0d0d0a,
               raw<uint32_t>(0x1a2b3c4d) + raw<uint16_t>(1) + raw<uint16_t>(0) + raw<uint64_t>(~uint64_t{0}));
}
std::string nano_interface() {
  return block(1, raw<uint16_t>(1) + raw<uint16_t>(0) + raw<uint32_t>(0) + raw<uint16_t>(9) + raw<uint16_t>(1) +
                      std::string("\x09\0\0\0", 4) + raw<uint32_t>(0));
}
std::string enhanced(uint64_t ticks) {
  const auto size = static_cast<uint32_t>(kFrame.size());
  return block(6, raw<uint32_t>(0) + raw(static_cast<uint32_t>(ticks >> 32)) + raw(static_cast<uint32_t>(ticks)) +
                      raw(size) + raw(size + 3) + kFrame);
}

struct Pcap : testing::Test {
  std::string file(const std::string& bytes) {
    const std::string path = folder / "x.pcap";
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }
  test::TempFolder folder;
};

TEST_F(Pcap, reads_both_byte_orders_and_both_resolutions) {
  for (const bool swapped : {false, true})
    for (const auto& [magic, fraction] : {std::pair{0xa1b2c3d4u, 250'001u}, {0xa1b23c4du, 250'001'000u}}) {
      auto pcap = PcapFile::open(file(classic(magic, swapped, fraction)));
      ASSERT_TRUE(pcap) << pcap.error().what;
      Frame frame;
      ASSERT_TRUE(pcap->next(frame).value());
      EXPECT_EQ(frame.at, Time(std::chrono::microseconds(1'795'306'300'250'001)));
      EXPECT_EQ(frame.bytes, kFrame);
      EXPECT_FALSE(pcap->next(frame).value());
    }
}

TEST_F(Pcap, reads_pcapng_with_its_own_resolution_and_the_recorders_losses) {
  const std::string statistics = block(5, raw<uint32_t>(0) + raw<uint64_t>(0) + raw<uint16_t>(5) + raw<uint16_t>(8) +
                                              raw<uint64_t>(17) + raw<uint32_t>(0));
  auto pcap = PcapFile::open(
      file(section() + nano_interface() + block(0x0bad, "other") + enhanced(1'795'306'300'250'001'000) + statistics));
  ASSERT_TRUE(pcap) << pcap.error().what;
  Frame frame;
  ASSERT_TRUE(pcap->next(frame).value());
  EXPECT_EQ(frame.at, Time(std::chrono::microseconds(1'795'306'300'250'001)));
  EXPECT_EQ(frame.bytes, kFrame);
  EXPECT_TRUE(frame.cut);
  EXPECT_FALSE(pcap->next(frame).value());
  EXPECT_EQ(pcap->lost(), 17u);
}

TEST_F(Pcap, names_the_place_where_a_file_is_damaged) {
  const std::string good = classic(0xa1b2c3d4, false, 0);
  const auto ends = [&](const std::string& bytes) {
    auto pcap = PcapFile::open(file(bytes));
    if (!pcap) return pcap.error().what;
    Frame frame;
    for (;;) {
      const auto more = pcap->next(frame);
      if (!more) return more.error().what;
      if (!*more) return std::string("clean");
    }
  };
  EXPECT_THAT(ends(good.substr(0, good.size() - 1)), HasSubstr("x.pcap: the file is cut off at byte "));
  EXPECT_THAT(ends(good.substr(0, 30)), HasSubstr("cut off at byte 30"));
  EXPECT_THAT(ends(good.substr(0, 24) + std::string(8, '\0') + std::string(8, '\xff')),
              HasSubstr("longer than any network"));
  EXPECT_THAT(ends(section() + raw<uint32_t>(1) + raw<uint32_t>(6)), HasSubstr("impossible length"));
  EXPECT_THAT(ends("no pcap at all"), HasSubstr("neither pcap nor pcapng"));
  EXPECT_THAT(ends(good.substr(0, 20) + raw<uint32_t>(147)), HasSubstr("link type 147"));
}

TEST_F(Pcap, is_replayed_as_a_source_that_says_what_it_cannot_know) {
  auto capture = SipCapture::open(file(classic(0xa1b2c3d4, false, 5)), SipKey{1});
  ASSERT_TRUE(capture) << capture.error().what;
  std::vector<CallEvent> all;
  for (Batch batch; (*capture)->next(batch);)
    for (auto& e : batch.events) all.push_back(e);
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(to_text(all[0]), "1795306300.000005 source_up product=SIP%20capture channel_events=1");
  EXPECT_THAT(to_text(all[1]), HasSubstr("channel_started"));
  EXPECT_THAT(to_text(all[2]), HasSubstr("source_down"));
  const Description d = (*capture)->describe();
  EXPECT_FALSE(d.agent_state);
  EXPECT_TRUE(d.pre_queue && d.hold_times && d.voice && d.abandons);
}

TEST_F(Pcap, says_so_when_a_capture_holds_no_sip) {
  const std::string silent = classic(0xa1b2c3d4, false, 5).substr(0, 24);
  auto capture = SipCapture::open(file(silent), SipKey{1});
  ASSERT_TRUE(capture) << capture.error().what;
  Batch batch;
  EXPECT_FALSE((*capture)->next(batch));
  EXPECT_THAT((*capture)->warnings(), ElementsAre(HasSubstr("holds no SIP")));
}

}  // namespace
}  // namespace hf::pbx
