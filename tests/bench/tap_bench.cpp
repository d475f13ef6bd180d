// LINKS: hf_tap hf_sip fmt::fmt
// The tap on a wire: SIP packets through a veth pair, in a network namespace that ends with the program. The limit beside
// it is what the machine can send while nothing but a ring is there to look. Then 100,000 packets a second for three
// seconds, and as many as can be sent, past the tap with a source (HepSource, SipFeed) behind its socket: how many come
// through. In: SIPp's own scenario, six messages a call, each call's new. Needs root; without it nothing is measured.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <thread>

#include "hal/pbx/sip/hep_source.hpp"
#include "hal/tap/packet_filter.hpp"
#include "hal/tap/ring.hpp"
#include "hal/tap/uplink.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/unit/sip/packet_words.hpp"

namespace {

using namespace hf;
using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr size_t kCalls = 50'000, kBurst = 60;  // so many calls the source follows at once
constexpr size_t kEvents = 5;                  // of a call: began, rang, was answered, hung up, ended
constexpr size_t kEventsAtTheStart = 3;        // the source is up, and an empty picture

std::string sip(const char* start, size_t call, const char* method, const char* body = "") {
  return fmt::format(
      "{} \r\nVia: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK-1-{}-0\r\nFrom: sipp <sip:sipp@192.0.2.9:5060>;tag=1SIPpTag00{}\r\n"
      "To: service <sip:service@192.0.2.1:5060>\r\nCall-ID: {}-1@192.0.2.9\r\nCSeq: 1 {}\r\nContact: sip:sipp@192.0.2.9:5060\r\n"
      "Max-Forwards: 70\r\nSubject: Performance Test\r\nContent-Type: application/sdp\r\nContent-Length: {}\r\n\r\n{}",
      start, call, call, call, method, std::strlen(body), body);
}

std::vector<std::string> make_frames() {
  constexpr const char* kSdp =
      "v=0\r\no=user1 53655765 2353687637 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\nm=audio 6000 RTP/AVP "
      "0\r\na=rtpmap:0 PCMU/8000\r\n";
  std::vector<std::string> frames;
  const auto add = [&](const std::string& message) {
    frames.push_back(pbx::frames::frame4(pbx::frames::ipv4(17, pbx::frames::udp(5060, 5060, message))));
  };
  for (size_t i = 0; i < kCalls; ++i) {
    add(sip("INVITE sip:service@192.0.2.1:5060 SIP/2.0", i, "INVITE", kSdp));
    add(sip("SIP/2.0 180 Ringing", i, "INVITE"));
    add(sip("SIP/2.0 200 OK", i, "INVITE", kSdp));
    add(sip("ACK sip:service@192.0.2.1:5060 SIP/2.0", i, "ACK"));
    add(sip("BYE sip:service@192.0.2.1:5060 SIP/2.0", i, "BYE"));
    add(sip("SIP/2.0 200 OK", i, "BYE"));
  }
  return frames;
}

class Sender {
 public:
  explicit Sender(const char* interface) : fd_(::socket(AF_PACKET, SOCK_RAW, 0)) {
    const int on = 1;
    ::setsockopt(fd_.get(), SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof on);
    sockaddr_ll to{};
    to.sll_family = AF_PACKET, to.sll_protocol = htons(ETH_P_IP), to.sll_ifindex = static_cast<int>(::if_nametoindex(interface));
    if (::bind(fd_.get(), reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) std::perror("bind"), std::exit(1);
  }
  // Frames a second; `rate` 0 = as fast as it goes.
  double send(const std::vector<std::string>& frames, double rate) {
    const auto begun = Steady::now();
    for (size_t at = 0; at < frames.size();) {
      at += burst(frames, at);
      if (rate > 0) std::this_thread::sleep_until(begun + std::chrono::duration_cast<Steady::duration>(std::chrono::duration<double>(static_cast<double>(at) / rate)));
    }
    return static_cast<double>(frames.size()) / std::chrono::duration<double>(Steady::now() - begun).count();
  }

 private:
  size_t burst(const std::vector<std::string>& frames, size_t at) {
    std::array<iovec, kBurst> parts;
    std::array<mmsghdr, kBurst> all{};
    const size_t count = std::min(kBurst, frames.size() - at);
    for (size_t i = 0; i < count; ++i) {
      parts[i] = {const_cast<char*>(frames[at + i].data()), frames[at + i].size()};
      all[i].msg_hdr.msg_iov = &parts[i], all[i].msg_hdr.msg_iovlen = 1;
    }
    const int sent = ::sendmmsg(fd_.get(), all.data(), static_cast<unsigned>(count), 0);
    if (sent < 0 && errno != ENOBUFS && errno != EAGAIN) std::perror("sendmmsg"), std::exit(1);
    return sent > 0 ? static_cast<size_t>(sent) : 0;
  }
  Descriptor fd_;
};

struct Came {
  uint64_t frames = 0, dropped = 0;
};

// Takes what passes until nothing has come for half a second.
template <class Take, class Flush>
Came listen(tap::Ring& ring, Take take, Flush flush) {
  Came came;
  for (auto last = Steady::now(); Steady::now() - last < 500ms; flush()) {
    const auto more = ring.next(100ms, [&](Time at, std::string_view frame, bool cut) { ++came.frames, take(at, frame, cut); });
    if (more.value_or(false)) last = Steady::now();
  }
  came.dropped = ring.counts().dropped;
  return came;
}

tap::Ring open_ring() {
  auto ring = tap::Ring::open("hfb", tap::packet_filter({5060}));
  if (!ring) fmt::print(stderr, "{}\n", ring.error().what), std::exit(1);
  return std::move(*ring);
}

double limit(const std::vector<std::string>& frames) {
  auto ring = open_ring();
  double rate = 0;
  std::thread sends([&] { rate = Sender("hfa").send(frames, 0); });
  const Came came = listen(ring, [](Time, std::string_view, bool) {}, [] {});
  sends.join();
  fmt::print("sent alone: {:.0f} packets/s, of {} a ring alone took {}\n", rate, frames.size(), came.frames);
  return rate;
}

struct Counted final : pbx::EventSink {
  void on(std::vector<pbx::CallEvent> batch, pbx::Cursor) override { events += batch.size(); }
  std::atomic<uint64_t> events = 0;
};

double seconds_of(clockid_t clock) {
  timespec used{};
  ::clock_gettime(clock, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

// Returns the share of the packets that reached the source.
double through_the_tap(const std::vector<std::string>& frames, double at_rate, double& rate) {
  test::TempFolder folder;
  pbx::HepOptions options;
  options.kind = "tap", options.senders.local = folder / "tap.sock";
  pbx::HepSource source(std::move(options), system_clock());
  Counted sink;
  std::thread agent([&] { (void)source.run(sink, {}); });
  tap::Uplink uplink(folder / "tap.sock");
  while (!uplink.connected()) uplink.flush(Steady::now()), std::this_thread::yield();
  auto ring = open_ring();
  pbx::PacketFeed feed(uplink);
  std::thread sends([&] { rate = Sender("hfa").send(frames, at_rate); });
  const double before = seconds_of(CLOCK_THREAD_CPUTIME_ID);
  Came came = listen(ring, [&](Time at, std::string_view frame, bool cut) { feed.frame(pbx::LinkType::ethernet, frame, cut, at); },
                     [&] { uplink.flush(Steady::now()); });
  const double used = seconds_of(CLOCK_THREAD_CPUTIME_ID) - before;
  sends.join();
  const uint64_t whole = kCalls * kEvents + kEventsAtTheStart;
  (void)test::eventually([&] { return sink.events >= whole; }, 5s);
  fmt::print("{:.0f} packets/s: of {} the kernel lost {}, the tap {}; {} of {} events; the tap takes {:.2f} us a packet\n", rate, frames.size(),
             frames.size() - came.frames, uplink.unsent(), sink.events.load(), whole, used / static_cast<double>(came.frames) * 1e6);
  source.stop(), agent.join();
  return static_cast<double>(came.frames - uplink.unsent()) / static_cast<double>(frames.size());
}

}  // namespace

int main() {
  if (::geteuid() != 0 || ::unshare(CLONE_NEWNET) != 0) {
    fmt::print("report: the tap on a wire: not measured, since a network of its own needs root\n");
    return 0;
  }
  if (std::system("ip link add hfa type veth peer name hfb && ip link set hfa addrgenmode none up && ip link set hfb addrgenmode none up") != 0) return 1;
  const auto frames = make_frames();
  const double most = limit(frames);
  double rate = 0;
  const double steady = through_the_tap(frames, 100'000, rate);
  fmt::print("report: SIP packets past the tap: {:.2f} % of {:.0f} a second came through = {:.0f} % of what can be sent ({:.0f}/s); aim 100 % of 100,000/s\n", steady * 100, rate,
             rate / most * 100, most);
  const double flood = through_the_tap(frames, 0, rate);
  fmt::print("report: ... as many as can be sent: {:.2f} % of {:.0f} a second came through\n", flood * 100, rate);
  return steady > 0 ? 0 : 1;
}
