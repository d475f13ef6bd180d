// holdfast-tap: listens at a mirror port and brings the agent the SIP and RTCP that pass there.
#include <fmt/format.h>
#include <getopt.h>
#include <net/if.h>

#include <atomic>
#include <charconv>
#include <csignal>
#include <cstdlib>

#include "hal/tap/confine.hpp"
#include "hal/tap/packet_filter.hpp"
#include "hal/tap/ring.hpp"
#include "hal/tap/uplink.hpp"

namespace {

using namespace hf;
using Steady = std::chrono::steady_clock;

std::atomic<bool> stopping = false;
static_assert(std::atomic<bool>::is_always_lock_free);

struct Options {
  std::string interface, socket = "/run/holdfast/tap.sock", user;
  std::vector<uint16_t> ports = {5060, 5080};
  bool help = false;
};

constexpr std::string_view kUsage =
    "holdfast-tap --interface NAME [--socket PATH] [--ports 5060,5080] [--user NAME]\n"
    "Brings the agent ([pbx] kind = \"tap\") the SIP and RTCP that pass the interface. Needs CAP_NET_RAW at the "
    "start.\n"
    "--user: whom to become when started as root.\n";

Result<std::vector<uint16_t>> parse_ports(std::string_view text) {
  std::vector<uint16_t> ports;
  while (!text.empty()) {
    const std::string_view one = text.substr(0, text.find(','));
    uint16_t port = 0;
    const auto [end, error] = std::from_chars(one.data(), one.data() + one.size(), port);
    if (error != std::errc() || end != one.data() + one.size() || port == 0 || ports.size() >= tap::kMaxPorts)
      return fail(ErrorKind::invalid_input,
                  fmt::format("--ports takes up to {} ports joined by commas", tap::kMaxPorts));
    ports.push_back(port);
    text.remove_prefix(std::min(one.size() + 1, text.size()));
  }
  return ports;
}

Result<Options> parse(int count, char** arguments) {
  static const option kOptions[] = {{"interface", required_argument, nullptr, 'i'},
                                    {"socket", required_argument, nullptr, 's'},
                                    {"ports", required_argument, nullptr, 'p'},
                                    {"user", required_argument, nullptr, 'u'},
                                    {"help", no_argument, nullptr, 'h'},
                                    {nullptr, 0, nullptr, 0}};
  Options o;
  for (int c = 0; (c = ::getopt_long(count, arguments, "", kOptions, nullptr)) != -1;) {
    if (c == 'i')
      o.interface = optarg;
    else if (c == 's')
      o.socket = optarg;
    else if (c == 'u')
      o.user = optarg;
    else if (c == 'h')
      o.help = true;
    else if (c == 'p') {
      auto ports = parse_ports(optarg);
      if (!ports) return fail(std::move(ports.error()));
      o.ports = std::move(*ports);
    } else
      return fail(ErrorKind::invalid_input, std::string(kUsage));
  }
  if (!o.help && (o.interface.empty() || o.interface.size() >= IFNAMSIZ))
    return fail(ErrorKind::invalid_input, std::string(kUsage));
  return o;
}

std::string words_of(tap::Ring& ring, const pbx::PacketFeed& feed, const tap::Uplink& uplink) {
  const auto& kernel = ring.counts();
  const auto seen = feed.counts();
  return fmt::format(
      "the tap saw frames={} and lost dropped={} (kernel) unsent={} (agent away), fragments={} tcp_gaps={} "
      "malformed={}",
      kernel.frames, kernel.dropped, uplink.unsent(), seen.lost_fragments, seen.tcp_gaps, seen.malformed);
}

Status listen(tap::Ring& ring, tap::Uplink& uplink) {
  pbx::PacketFeed feed(uplink);
  Steady::time_point told{};
  while (!stopping) {
    const auto more = ring.next(std::chrono::milliseconds(200), [&](Time at, std::string_view frame, bool cut) {
      feed.frame(pbx::LinkType::ethernet, frame, cut, at);
    });
    if (!more) return fail(more.error());
    const auto now = Steady::now();
    if (now - told > std::chrono::seconds(1)) {
      told = now;
      uplink.tell(std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()),
                  words_of(ring, feed, uplink));
    }
    uplink.flush(now);
  }
  fmt::print(stderr, "{} messages\n{}\n", uplink.messages(), words_of(ring, feed, uplink));
  return {};
}

Status run(const Options& o) {
  auto ring = tap::Ring::open(o.interface, tap::packet_filter(o.ports));
  if (!ring) return fail(std::move(ring.error()));
  if (auto good = tap::become(o.user); !good) return good;
  if (auto good = tap::drop_capabilities(); !good) return good;
  if (auto good = tap::allow_few_calls(); !good) return good;
  tap::Uplink uplink(o.socket);
  return listen(*ring, uplink);
}

}  // namespace

int main(int count, char** arguments) {
  const auto options = parse(count, arguments);
  if (!options || options->help) {
    fmt::print(options ? stdout : stderr, "{}{}", options ? kUsage : options.error().what, options ? "" : "\n");
    return options ? 0 : 2;
  }
  struct sigaction stop{};
  stop.sa_handler = [](int) { stopping = true; };
  ::sigaction(SIGTERM, &stop, nullptr), ::sigaction(SIGINT, &stop, nullptr);
  if (const auto good = run(*options); !good) {
    fmt::print(stderr, "holdfast-tap: {}\n", good.error().what);
    return 1;
  }
  return 0;
}
