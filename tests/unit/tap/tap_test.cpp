#include <fcntl.h>
#include <gtest/gtest.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <csignal>
#include <cstring>

#include "hal/tap/confine.hpp"
#include "hal/tap/packet_filter.hpp"
#include "hal/tap/ring.hpp"
#include "hal/tap/uplink.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/unit/sip/packet_words.hpp"

namespace hf::tap {
namespace {

using namespace pbx::frames;

// The filter as the kernel runs it: on a pair of local sockets, which take any bytes for a packet.
class Filtered {
 public:
  explicit Filtered(const std::vector<uint16_t>& ports) {
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, ends_), 0);
    auto code = packet_filter(ports);
    const sock_fprog program{static_cast<unsigned short>(code.size()), code.data()};
    EXPECT_EQ(::setsockopt(ends_[1], SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program), 0)
        << std::strerror(errno);
  }
  ~Filtered() { ::close(ends_[0]), ::close(ends_[1]); }
  bool passes(const std::string& frame) const {
    (void)::send(ends_[0], frame.data(), frame.size(), 0);
    char room[4096];
    return ::recv(ends_[1], room, sizeof room, 0) >= 0;
  }

 private:
  int ends_[2]{};
};

const std::string kSip = "OPTIONS sip:a SIP/2.0\r\n\r\n";
const std::string kReport = std::string("\x81\xc9\0\1", 4) + std::string(8, '\0');
const std::string kVoice = std::string("\x80\x08\0\1", 4) + std::string(160, '\x55');

TEST(PacketFilter, passes_the_sip_ports_in_either_direction_and_nothing_else) {
  const Filtered filter({5060, 5080});
  EXPECT_TRUE(filter.passes(frame4(ipv4(17, udp(40000, 5060, kSip)))));
  EXPECT_TRUE(filter.passes(frame4(ipv4(6, tcp(5080, 40000, 1, 0, kSip)))));
  EXPECT_TRUE(filter.passes(frame6(ipv6(17, udp(5060, 40000, kSip)))));
  EXPECT_TRUE(filter.passes(frame6(ipv6(6, tcp(40000, 5060, 1, 0, kSip)))));
  EXPECT_FALSE(filter.passes(frame4(ipv4(17, udp(40000, 53, kSip)))));
  EXPECT_FALSE(filter.passes(frame6(ipv6(6, tcp(40000, 443, 1, 0, kSip)))));
  EXPECT_FALSE(filter.passes(frame4(ipv4(1, std::string(40, '\x13') + b16(5060)))));
  EXPECT_FALSE(filter.passes(ethernet(b16(0x0806) + std::string(28, '\1'))));
  EXPECT_FALSE(filter.passes("short"));
}

TEST(PacketFilter, passes_rtcp_at_any_port_but_no_voice) {
  const Filtered filter({5060});
  EXPECT_TRUE(filter.passes(frame4(ipv4(17, udp(4001, 4003, kReport)))));
  EXPECT_TRUE(filter.passes(frame6(ipv6(17, udp(4001, 4003, kReport)))));
  EXPECT_FALSE(filter.passes(frame4(ipv4(17, udp(4000, 4002, kVoice)))));
  EXPECT_FALSE(filter.passes(frame4(ipv4(6, tcp(4000, 4002, 1, 0, kReport))))) << "RTCP has no TCP";
}

TEST(PacketFilter, looks_behind_a_vlan_tag_and_passes_fragments) {
  const Filtered filter({5060});
  const std::string v4 = ipv4(17, udp(40000, 5060, kSip));
  EXPECT_TRUE(filter.passes(ethernet(b16(0x8100) + b16(7) + b16(0x0800) + v4)));
  EXPECT_TRUE(filter.passes(ethernet(b16(0x88a8) + b16(7) + b16(0x0800) + v4)));
  EXPECT_FALSE(filter.passes(ethernet(b16(0x8100) + b16(7) + b16(0x0800) + ipv4(17, udp(1, 2, kSip)))));
  EXPECT_TRUE(filter.passes(frame4(ipv4(17, "the middle of something", 9, 40))));
  EXPECT_TRUE(filter.passes(frame6(ipv6(44, std::string("\x11\0\0\1\0\0\0\7", 8) + "a piece"))));
}

TEST(Uplink, brings_the_agent_what_was_seen_and_counts_what_it_could_not) {
  const test::TempFolder folder;
  const std::string path = folder / "tap.sock";
  Uplink uplink(path);
  auto now = std::chrono::steady_clock::now();
  uplink.sip({}, {}, {}, "lost");
  uplink.flush(now);
  EXPECT_EQ(uplink.unsent(), 1u) << "the agent is away";
  const int server = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size());
  ASSERT_EQ(::bind(server, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(::listen(server, 1), 0);
  uplink.flush(now);
  EXPECT_FALSE(uplink.connected()) << "not tried again at once";
  uplink.sip({}, {}, Time(Duration(5)), "first");
  uplink.tell({}, "dropped=0");
  uplink.flush(now += Uplink::kAgain);
  ASSERT_TRUE(uplink.connected());
  const int peer = ::accept(server, nullptr, nullptr);
  std::string bytes(4096, '\0');
  bytes.resize(static_cast<size_t>(::recv(peer, bytes.data(), bytes.size(), 0)));
  pbx::HepStream stream;
  stream.feed(bytes);
  std::string_view frame;
  ASSERT_TRUE(stream.next(frame).value());
  EXPECT_EQ(pbx::parse_hep(frame)->payload, "first");
  EXPECT_EQ(pbx::parse_hep(frame)->sent, Time(Duration(5)));
  ASSERT_TRUE(stream.next(frame).value());
  EXPECT_EQ(pbx::parse_hep(frame)->kind, pbx::HepPayload::log);
  ::close(peer);
  uplink.sip({}, {}, {}, "gone");
  uplink.flush(now += Uplink::kAgain);
  EXPECT_FALSE(uplink.connected());
  EXPECT_EQ(uplink.unsent(), 2u);
  EXPECT_EQ(uplink.messages(), 3u);
  ::close(server);
}

TEST(Uplink, loses_only_the_message_that_no_frame_can_hold) {
  Uplink uplink("/nowhere");
  uplink.sip({}, {}, {}, std::string(65'535, 'x'));
  EXPECT_EQ(uplink.unsent(), 1u);
  uplink.sip({}, {}, {}, "short");
  EXPECT_EQ(uplink.unsent(), 1u);
  uplink.flush(std::chrono::steady_clock::now());
  EXPECT_EQ(uplink.unsent(), 2u) << "the agent is away";
}

TEST(Ring, says_why_it_cannot_listen) {
  const auto none = Ring::open("no-such-interface", packet_filter({5060}));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, ErrorKind::not_found);
  EXPECT_NE(none.error().what.find("no-such-interface"), std::string::npos);
}

// What a confined child does by `call` ends it by SIGSYS, or lets it end with 0.
int confined(void (*call)()) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (!drop_capabilities() || !allow_few_calls()) ::_exit(99);
    call();
    ::syscall(SYS_exit_group, 0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
}

TEST(Confine, ends_a_program_that_opens_a_file_or_a_network_socket) {
  EXPECT_EQ(confined([] {}), 0);
  EXPECT_EQ(confined([] { ::syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY); }), SIGSYS);
  EXPECT_EQ(confined([] { ::syscall(SYS_socket, AF_INET, SOCK_STREAM, 0); }), SIGSYS);
  EXPECT_EQ(confined([] { ::syscall(SYS_socket, AF_UNIX, SOCK_STREAM, 0); }), 0);
  EXPECT_EQ(confined([] { ::syscall(SYS_execve, "/bin/true", nullptr, nullptr); }), SIGSYS);
}

TEST(Confine, becomes_only_users_who_exist) {
  EXPECT_TRUE(become(""));
  EXPECT_EQ(become("no-such-user-here").error().kind, ErrorKind::not_found);
  EXPECT_TRUE(become(::getpwuid(::geteuid())->pw_name)) << "whoever one is already";
  const pid_t child = ::fork();
  if (child == 0) {
    const bool may = ::geteuid() == 0, became = become("nobody").has_value();
    ::_exit(became == may && ::geteuid() != 0 ? 0 : 1);
  }
  int status = 1;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0) << "root becomes somebody else, nobody else does";
}

}  // namespace
}  // namespace hf::tap
