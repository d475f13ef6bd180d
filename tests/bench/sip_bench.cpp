// LINKS: hf_sip fmt::fmt
// SIP packets to CallEvents, beside a scan of the same bytes for '\n'. Input: the packets of a recorded run of a real
// Asterisk; HF_PCAP names another capture. In messages a second, so that it can be held against sngrep and tshark on
// the same file.
#include <cstdlib>
#include <cstring>

#include "hal/pbx/sip/packet_feed.hpp"
#include "hal/pbx/sip/pcap_file.hpp"
#include "hal/pbx/sip/sip_feed.hpp"
#include "tests/bench/ratio.hpp"

namespace {

using namespace hf::pbx;

struct Kept {
  hf::Time at{};
  std::string bytes;
};

struct Packets final : PacketTaker {
  void sip(const Endpoint&, const Endpoint&, hf::Time, std::string_view message) override {
    messages.emplace_back(message), all += message;
  }
  void rtcp(const Endpoint&, const Endpoint&, hf::Time, std::string_view) override {}
  std::vector<Kept> frames;
  std::vector<std::string> messages;
  std::string all;
};

const Packets& packets() {
  static const Packets kept = [] {
    const char* own = std::getenv("HF_PCAP");
    Packets p;
    auto file = PcapFile::open(
        own != nullptr ? own : HF_SOURCE_DIR "/tests/golden/captures/asterisk-16.28/hp-prequeue/sip.pcap.gz");
    PacketFeed feed(p);
    for (Frame frame; file && file->next(frame).value_or(false);) {
      p.frames.push_back({frame.at, std::string(frame.bytes)});
      feed.frame(frame.link, frame.bytes, frame.cut, frame.at);
    }
    return p;
  }();
  return kept;
}

void counted(benchmark::State& state) {
  const auto times = static_cast<int64_t>(state.iterations());
  state.SetBytesProcessed(times * static_cast<int64_t>(packets().all.size()));
  state.SetItemsProcessed(times * static_cast<int64_t>(packets().messages.size()));
}

void memchr_scan(benchmark::State& state) {
  size_t lines = 0;
  for (auto _ : state)
    for (const std::string& m : packets().messages) {
      const char *at = m.data(), *const end = at + m.size();
      while (at < end &&
             (at = static_cast<const char*>(std::memchr(at, '\n', static_cast<size_t>(end - at)))) != nullptr)
        ++lines, ++at;
    }
  benchmark::DoNotOptimize(lines);
  counted(state);
}

void sip_parse(benchmark::State& state) {
  size_t good = 0;
  for (auto _ : state)
    for (const std::string& m : packets().messages) good += parse_sip(m) ? 1 : 0;
  benchmark::DoNotOptimize(good);
  counted(state);
}

struct Feeder final : PacketTaker {
  void sip(const Endpoint& from, const Endpoint& to, hf::Time at, std::string_view message) override {
    feed.sip(message, from, to, at, events);
    total += events.size();
    events.clear();
  }
  void rtcp(const Endpoint&, const Endpoint&, hf::Time, std::string_view) override {}
  SipFeed feed{hf::SipKey{1}, {}};
  std::vector<CallEvent> events;
  size_t total = 0;
};

void packets_to_events(benchmark::State& state) {
  size_t events = 0;
  for (auto _ : state) {
    Feeder feeder;
    PacketFeed feed(feeder);
    for (const Kept& frame : packets().frames) feed.frame(LinkType::ethernet, frame.bytes, false, frame.at);
    events += feeder.total;
  }
  benchmark::DoNotOptimize(events);
  counted(state);
}

BENCHMARK(memchr_scan)->Unit(benchmark::kMillisecond);
BENCHMARK(sip_parse)->Unit(benchmark::kMillisecond);
BENCHMARK(packets_to_events)->Unit(benchmark::kMillisecond);

}  // namespace

int main(int argc, char** argv) {
  (void)packets();
  return hf::bench::run(argc, argv,
                        {{"SIP parsed", "sip_parse", "memchr_scan", 0.15, 1e6, "M messages/s"},
                         {"SIP packets to events", "packets_to_events", "memchr_scan", 0.05, 1e6, "M messages/s"}});
}
