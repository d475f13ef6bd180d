#include <gmock/gmock.h>

#include "hal/pbx/sip/packet_feed.hpp"
#include "packet_words.hpp"
#include "sip_words.hpp"

namespace hf::pbx {
namespace {

using namespace frames;
using testing::ElementsAre;
using testing::IsEmpty;

const std::string kOptions =
    message({.start = "OPTIONS sip:a@b SIP/2.0", .method = "OPTIONS", .body = std::string(298, 'b') + "\r\n"});
const std::string kBye = message({.start = "BYE sip:a@b SIP/2.0", .method = "BYE"});

struct Heard final : PacketTaker {
  void sip(const Endpoint& from, const Endpoint& to, Time, std::string_view message) override {
    messages.emplace_back(message), ends.push_back(to_string(from) + ">" + to_string(to));
  }
  void rtcp(const Endpoint&, const Endpoint&, Time, std::string_view) override { ++reports; }
  std::vector<std::string> messages, ends;
  int reports = 0;
};

struct PacketTest : testing::Test {
  void frame(const std::string& bytes, Duration later = {}, LinkType link = LinkType::ethernet) {
    feed.frame(link, bytes, false, now += later);
  }
  Heard heard;
  PacketFeed feed{heard};
  Time now{std::chrono::seconds(1000)};
};

TEST_F(PacketTest, finds_sip_behind_vlan_tags_and_extension_headers) {
  const std::string u = udp(5060, 5080, kOptions), v4 = ipv4(17, u);
  frame(frame4(v4));
  frame(ethernet(b16(0x8100) + b16(5) + b16(0x0800) + v4));
  frame(ethernet(b16(0x88a8) + b16(5) + b16(0x8100) + b16(6) + b16(0x0800) + v4));
  frame(frame6(ipv6(17, u)));
  frame(frame6(ipv6(0, std::string("\x3c\0\1\4\0\0\0\0", 8) + std::string("\x11\0\1\4\0\0\0\0", 8) + u)));
  frame(v4, {}, LinkType::raw);
  frame(std::string(14, '\0') + b16(0x0800) + v4, {}, LinkType::linux_cooked);
  frame(b16(0x0800) + std::string(18, '\0') + v4, {}, LinkType::linux_cooked_2);
  frame(std::string(4, '\2') + v4, {}, LinkType::null);
  EXPECT_EQ(heard.messages, std::vector<std::string>(9, kOptions));
  EXPECT_EQ(heard.ends[0], "192.0.2.9:5060>192.0.2.1:5080");
  EXPECT_EQ(heard.ends[3], "[2001:db8::9]:5060>[2001:db8::1]:5080");
  EXPECT_EQ(feed.counts().malformed, 0u);
}

TEST_F(PacketTest, never_reads_behind_the_frame_whatever_its_lengths_say) {
  const std::string whole = frame4(ipv4(17, udp(5060, 5060, kOptions))),
                    six = frame6(ipv6(0, std::string("\x11\0\1\4\0\0\0\0", 8) + udp(1, 2, kOptions)));
  for (const std::string& bytes : {whole, six, frame4(ipv4(6, tcp(1, 2, 3, 0, kOptions)))})
    for (size_t size = 0; size < 80; ++size) frame(bytes.substr(0, size));
  EXPECT_GT(feed.counts().malformed, 100u);
  for (const std::string& m : heard.messages)
    EXPECT_TRUE(kOptions.starts_with(m)) << "a cut message is given as far as it goes";
}

TEST_F(PacketTest, puts_fragments_together_in_any_order) {
  const std::string u = udp(5060, 5060, kOptions);
  const std::string one = frame4(ipv4(17, u.substr(0, 160), 9, 0x2000)),
                    two = frame4(ipv4(17, u.substr(160, 160), 9, 0x2000 | 20)),
                    three = frame4(ipv4(17, u.substr(320), 9, 40));
  for (const auto& order :
       {std::vector{one, two, three}, std::vector{three, one, two}, std::vector{two, two, three, one}})
    for (const auto& f : order) frame(f);
  const auto six = [&](size_t offset, size_t size, bool more) {
    return frame6(ipv6(44, std::string("\x11\0", 2) + b16(offset | (more ? 1 : 0)) + b32(77) + u.substr(offset, size)));
  };
  frame(six(320, u.npos, false)), frame(six(0, 320, true));
  EXPECT_EQ(heard.messages, std::vector<std::string>(4, kOptions));
  EXPECT_EQ(feed.counts().lost_fragments, 0u);
}

TEST_F(PacketTest, spoils_packets_whose_fragments_overlap_and_forgets_the_unfinished) {
  const std::string u = udp(5060, 5060, kOptions);
  frame(frame4(ipv4(17, u.substr(0, 160), 9, 0x2000)));
  frame(frame4(ipv4(17, u.substr(80, 160), 9, 0x2000 | 10)));
  EXPECT_EQ(feed.counts().lost_fragments, 1u);
  for (uint16_t id = 0; id < 1000; ++id) frame(frame4(ipv4(17, u.substr(0, 160), id, 0x2000)));
  EXPECT_EQ(feed.counts().lost_fragments, 1u + 1000 - Fragments::kMaxPackets);
  frame(frame4(ipv4(17, u.substr(0, 160), 5000, 0x2000)), std::chrono::seconds(31));
  EXPECT_EQ(feed.counts().lost_fragments, 1001u) << "thirty seconds are all that is waited";
  EXPECT_THAT(heard.messages, IsEmpty());
}

struct TcpTest : PacketTest {
  void part(uint32_t offset, const std::string& bytes, char flags = '\x18', Duration later = {}) {
    frame(frame4(ipv4(6, tcp(40000, 5060, 0xffffff00u + offset, flags, bytes))), later);
  }
  std::string all = kOptions + kBye + kOptions;
};

TEST_F(TcpTest, orders_segments_across_the_end_of_the_sequence_numbers) {
  part(0, all.substr(0, 100));
  part(300, all.substr(300, 200));
  part(100, all.substr(100, 200));
  part(50, all.substr(50, 500));  // sent again, with new bytes behind
  part(550, all.substr(550));
  part(0, all.substr(0, 100));
  EXPECT_THAT(heard.messages, ElementsAre(kOptions, kBye, kOptions));
  EXPECT_EQ(feed.counts().tcp_gaps, 0u);
}

TEST_F(TcpTest, gives_up_a_segment_that_does_not_come_and_goes_on_behind_it) {
  part(0, kOptions.substr(0, 100));
  part(200, kOptions.substr(200) + kBye);
  EXPECT_THAT(heard.messages, IsEmpty());
  part(static_cast<uint32_t>(kOptions.size() + kBye.size()), kBye, '\x18', std::chrono::seconds(4));
  EXPECT_THAT(heard.messages, ElementsAre(kBye, kBye));
  EXPECT_EQ(feed.counts().tcp_gaps, 1u);
}

TEST_F(TcpTest, holds_no_more_than_its_limit) {
  part(0, kOptions.substr(0, 100));
  for (uint32_t i = 0; i < 300; ++i) part(1000 + i * 1000, std::string(1000, 'x'));
  EXPECT_EQ(feed.counts().tcp_gaps, 1u);
}

TEST_F(TcpTest, follows_no_connection_that_speaks_something_else) {
  part(0, "GET / HTTP/1.1\r\n\r\n");
  part(18, kBye);
  EXPECT_THAT(heard.messages, ElementsAre(kBye)) << "from its first SIP message on";
}

TEST_F(PacketTest, tells_rtcp_from_rtp) {
  const std::string report = std::string("\x81\xc9\0\7", 4) + std::string(28, '\0');
  frame(frame4(ipv4(17, udp(4001, 4003, report))));
  frame(frame4(ipv4(17, udp(4000, 4002, std::string("\x80\x08\0\1", 4) + std::string(168, '\x55')))));
  EXPECT_EQ(heard.reports, 1);
}

}  // namespace
}  // namespace hf::pbx
