#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <thread>

#include "hal/net/identity.hpp"
#include "hal/net/tls_stream.hpp"
#include "hal/pbx/sip/hep_source.hpp"
#include "hal/platform/hex.hpp"
#include "sip_words.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/kept_events.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::pbx {
namespace {

using testing::HasSubstr;

std::string frame_of(const std::string& payload, HepPayload kind = HepPayload::sip, std::string_view key = {}) {
  HepFrame f;
  f.from = end_of(9), f.to = end_of(1), f.kind = kind, f.payload = payload, f.key = key, f.agent = 2001;
  f.sent = Time(std::chrono::microseconds(1'795'306'300'250'001));
  return render_hep(f);
}
std::string invite(const std::string& id) {
  return message({.start = "INVITE sip:5550101@pbx SIP/2.0", .call_id = id});
}

TEST(HepFrame, comes_back_as_it_was_written) {
  const std::string bytes = frame_of(invite("c1"), HepPayload::sip, "k");
  const auto f = parse_hep(bytes);
  ASSERT_TRUE(f) << f.error().what;
  EXPECT_EQ(to_string(f->from), "192.0.2.9:5060");
  EXPECT_EQ(to_string(f->to), "192.0.2.1:5060");
  EXPECT_EQ(f->sent, Time(std::chrono::microseconds(1'795'306'300'250'001)));
  EXPECT_EQ(f->kind, HepPayload::sip);
  EXPECT_EQ(f->agent, 2001u);
  EXPECT_EQ(f->key, "k");
  EXPECT_EQ(f->payload, invite("c1"));
  HepFrame named = *f;
  named.correlation = "c1@pbx";
  const std::string with_name = render_hep(named);
  EXPECT_EQ(parse_hep(with_name)->correlation, "c1@pbx");
  HepFrame six;
  const uint8_t address[16] = {0x20, 1, 0xd, 0xb8, 1};
  six.from.ip = six.to.ip = ip_v6(address), six.payload = "x";
  const std::string rendered = render_hep(six);
  EXPECT_EQ(parse_hep(rendered)->from, six.from);
  EXPECT_EQ(frame_of(std::string(70'000, 'x')), "") << "it has 16 bits for its length";
}

TEST(HepFrame, is_written_byte_for_byte_as_the_specification_says) {
  HepFrame f;
  f.from = end_of(9, 40'000), f.to = end_of(1), f.kind = HepPayload::sip, f.agent = 2001, f.key = "k", f.payload = "SIP";
  f.sent = Time(std::chrono::microseconds(1'795'306'300'250'001));
  std::string out = "before";
  ASSERT_TRUE(append_hep(f, out));
  const auto* bytes = reinterpret_cast<const uint8_t*>(out.data()) + 6;
  EXPECT_EQ(to_hex({bytes, out.size() - 6}),
            "48455033" "006d"             // HEP3, 109 bytes
            "000000010007" "02"           // AF_INET
            "000000020007" "11"           // UDP
            "00000003000a" "c0000209"     // from
            "00000004000a" "c0000201"     // to
            "000000070008" "9c40"         // their ports
            "000000080008" "13c4"
            "00000009000a" "6b02333c"     // seconds
            "0000000a000a" "0003d091"     // microseconds
            "0000000b0007" "01"           // SIP
            "0000000c000a" "000007d1"     // capture agent
            "0000000e0007" "6b"           // key
            "0000000f0009" "534950");     // payload
  const std::string long_payload(65'500, 'x');
  f.payload = long_payload;
  EXPECT_FALSE(append_hep(f, out));
  EXPECT_EQ(out.size(), 6u + 109u) << "nothing of what does not fit";
}

TEST(HepFrame, names_what_does_not_fit) {
  const auto wrong = [](std::string bytes) {
    const auto f = parse_hep(bytes);
    return f ? std::string("read") : f.error().what;
  };
  std::string bytes = frame_of("x");
  EXPECT_EQ(wrong(std::string("\2\x10\2\x11", 4)), "HEP version 2: the sender must be set to version 3");
  EXPECT_EQ(wrong("EEP3"), "HEP: no frame of version 3");
  EXPECT_THAT(wrong(bytes.substr(0, bytes.size() - 1)), HasSubstr("bytes came of"));
  std::string chunk = bytes;
  chunk[10] = '\0', chunk[11] = '\5';  // shorter than its own head
  EXPECT_EQ(wrong(chunk), "HEP: chunk 1 of type 1 does not fit");
  std::string longer = bytes;
  longer[longer.size() - 2] = '\xff';
  EXPECT_THAT(wrong(longer), HasSubstr("of type 15 does not fit"));
}

TEST(HepStream, cuts_frames_however_they_come_and_refuses_strangers) {
  const std::string all = frame_of("one") + frame_of("two") + frame_of("three");
  for (const size_t chunk : {1u, 10u, 1000u}) {
    HepStream stream;
    std::vector<std::string> payloads;
    for (size_t at = 0; at < all.size(); at += chunk) {
      stream.feed(std::string_view(all).substr(at, chunk));
      for (std::string_view frame; stream.next(frame).value();) payloads.emplace_back(parse_hep(frame)->payload);
    }
    EXPECT_THAT(payloads, testing::ElementsAre("one", "two", "three"));
  }
  HepStream stream;
  std::string_view frame;
  stream.feed("GET /");
  EXPECT_FALSE(stream.next(frame));
}

class HepSourceTest : public testing::Test {
 protected:
  void start(HepOptions options) {
    source.emplace(std::move(options), system_clock());
    runner = std::thread([this] { status = source->run(sink, {}); });
    EXPECT_TRUE(test::eventually([&] { return source->ports().tcp != 0 || !local.empty(); }));
  }
  ~HepSourceTest() override {
    if (source) source->stop();
    if (runner.joinable()) runner.join();
  }
  HepOptions on_loopback() const {
    HepOptions options;
    options.senders.address = net::HostPort{"127.0.0.1", 0};
    return options;
  }
  void say_udp(const std::string& bytes) const {
    const int fd = ::socket(AF_INET, SOCK_DGRAM, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET, to.sin_port = htons(source->ports().udp), to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::sendto(fd, bytes.data(), bytes.size(), 0, reinterpret_cast<sockaddr*>(&to), sizeof to);
    ::close(fd);
  }
  bool health_says(const std::string& words) {
    return test::eventually([&] { return source->health().what.find(words) != std::string::npos; });
  }

  test::TempFolder folder;
  std::filesystem::path local;
  test::KeptEvents sink;
  std::optional<HepSource> source;
  Status status;
  std::thread runner;
};

TEST_F(HepSourceTest, takes_sip_from_datagrams_and_from_a_stream_as_one) {
  start(on_loopback());
  say_udp(frame_of(invite("u1")));
  ASSERT_TRUE(sink.wait(4)) << "up, an empty picture, a call";
  auto stream = net::connect_tcp({"127.0.0.1", source->ports().tcp}, std::chrono::seconds(5));
  ASSERT_TRUE(stream) << stream.error().what;
  const std::string bytes = frame_of(invite("t1")) + frame_of(invite("t2"));
  ASSERT_TRUE((*stream)->write(bytes.substr(0, 70), std::chrono::seconds(1)));
  ASSERT_TRUE((*stream)->write(bytes.substr(70), std::chrono::seconds(1)));
  ASSERT_TRUE(sink.wait(6));
  EXPECT_EQ(sink.count("channel_started"), 3u);
  EXPECT_EQ(sink.events[0].pbx_at, Time(std::chrono::microseconds(1'795'306'300'250'001)))
      << "the sender's time is kept beside ours";
  EXPECT_TRUE(health_says("SIP comes to 127.0.0.1:0: 3 messages, 3 legs open"));
}

TEST_F(HepSourceTest, refuses_frames_without_the_key_and_says_so) {
  HepOptions options = on_loopback();
  options.key = Secret("right");
  start(std::move(options));
  say_udp(frame_of(invite("u1")));
  say_udp(frame_of(invite("u2"), HepPayload::sip, "wrong"));
  EXPECT_TRUE(health_says("without the right key was refused"));
  say_udp(frame_of(invite("u3"), HepPayload::sip, "right"));
  ASSERT_TRUE(sink.wait(4));
  EXPECT_EQ(sink.count("channel_started"), 1u);
  EXPECT_EQ(source->health().malformed_messages, 2u);
}

TEST_F(HepSourceTest, names_a_sender_of_the_wrong_version_and_a_stranger) {
  start(on_loopback());
  say_udp(std::string("\2\x10\2\x11") + "INVITE");
  EXPECT_TRUE(health_says("HEP version 2: the sender must be set to version 3"));
  auto stream = net::connect_tcp({"127.0.0.1", source->ports().tcp}, std::chrono::seconds(5));
  ASSERT_TRUE((*stream)->write("GET / HTTP/1.1\r\n\r\n", std::chrono::seconds(1)));
  std::string buffer(10, '\0');
  EXPECT_EQ((*stream)->read(buffer, std::chrono::seconds(5)).error().kind, ErrorKind::closed)
      << "the stranger is hung up on";
  EXPECT_TRUE(health_says("what comes is no HEP of version 3"));
}

TEST_F(HepSourceTest, takes_frames_over_tls) {
  const auto now = system_clock().now();
  auto made = net::load_or_make_server(net::identity_files(folder.path(), "hep"),
                                       {.common_name = "holdfast", .names = {"127.0.0.1"}}, now);
  ASSERT_TRUE(made) << made.error().what;
  HepOptions options = on_loopback();
  options.senders.tls_port = 0, options.senders.tls = *net::TlsContext::server(*made, {});
  start(std::move(options));
  auto client = net::TlsContext::client(made->certificate, nullptr);
  ASSERT_TRUE(client) << client.error().what;
  auto stream = net::connect_tls({"127.0.0.1", source->ports().tls}, *client, std::chrono::seconds(5));
  ASSERT_TRUE(stream) << stream.error().what;
  ASSERT_TRUE((*stream)->write(frame_of(invite("s1")), std::chrono::seconds(1)));
  EXPECT_TRUE(sink.wait(4));
}

TEST_F(HepSourceTest, tells_a_gap_when_the_tap_goes_and_a_picture_when_it_is_back) {
  HepOptions options;
  options.kind = "tap", options.senders.local = local = folder / "tap.sock";
  start(std::move(options));
  const auto connect = [&] {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    std::memcpy(to.sun_path, local.c_str(), local.string().size());
    EXPECT_TRUE(test::eventually([&] { return ::connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0; }));
    return fd;
  };
  int fd = connect();
  const std::string first = frame_of(invite("c1")) + frame_of("lost=0 frames=12", HepPayload::log),
                    second = frame_of(invite("c2"));
  ASSERT_EQ(::send(fd, first.data(), first.size(), 0), static_cast<ssize_t>(first.size()));
  ASSERT_TRUE(sink.wait(4));
  EXPECT_TRUE(health_says("frames=12"));
  ::close(fd);
  ASSERT_TRUE(sink.wait(5));
  EXPECT_EQ(sink.count("source_down"), 1u);
  fd = connect();
  ASSERT_EQ(::send(fd, second.data(), second.size(), 0), static_cast<ssize_t>(second.size()));
  ASSERT_TRUE(sink.wait(10));
  EXPECT_EQ(sink.count("channel_seen"), 1u) << "the call from before";
  EXPECT_EQ(sink.count("source_up"), 2u);
  ::close(fd);
}

TEST_F(HepSourceTest, turns_away_more_connections_than_it_has_room_for) {
  start(on_loopback());
  std::vector<std::unique_ptr<net::ByteStream>> streams;
  for (size_t i = 0; i < SenderHub::kMaxConnections; ++i)
    streams.push_back(std::move(*net::connect_tcp({"127.0.0.1", source->ports().tcp}, std::chrono::seconds(5))));
  for (auto& s : streams) ASSERT_TRUE(s->write(frame_of("x", HepPayload::other), std::chrono::seconds(1)));
  auto one_more = net::connect_tcp({"127.0.0.1", source->ports().tcp}, std::chrono::seconds(5));
  std::string buffer(10, '\0');
  EXPECT_EQ((*one_more)->read(buffer, std::chrono::seconds(5)).error().kind, ErrorKind::closed);
}

TEST(HepSourceSettings, refuse_what_cannot_mend_itself) {
  test::KeptEvents sink;
  HepOptions nowhere, no_address, no_certificate;
  EXPECT_EQ(HepSource(std::move(nowhere), system_clock()).run(sink, {}).error().kind, ErrorKind::invalid_input);
  no_address.senders.address = net::HostPort{"a name", 9060};
  EXPECT_EQ(HepSource(std::move(no_address), system_clock()).run(sink, {}).error().kind, ErrorKind::invalid_input);
  no_certificate.senders.address = net::HostPort{"127.0.0.1", 0}, no_certificate.senders.tls_port = 0;
  EXPECT_EQ(HepSource(std::move(no_certificate), system_clock()).run(sink, {}).error().kind, ErrorKind::invalid_input);
}

}  // namespace
}  // namespace hf::pbx
