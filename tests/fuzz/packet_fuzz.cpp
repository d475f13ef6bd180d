// LINKS: hf_sip
// Frames of any link, fragments and segments among them: nothing is read behind them.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "hal/pbx/sip/packet_feed.hpp"
#include "hal/pbx/sip/rtcp_quality.hpp"

namespace {

using namespace hf::pbx;

struct Counter final : PacketTaker {
  void sip(const Endpoint&, const Endpoint&, hf::Time, std::string_view message) override { bytes += message.size(); }
  void rtcp(const Endpoint&, const Endpoint&, hf::Time at, std::string_view packet) override { quality.on(packet, at); }
  size_t bytes = 0;
  RtcpQuality quality;
};

constexpr LinkType kLinks[] = {LinkType::ethernet, LinkType::raw, LinkType::null, LinkType::linux_cooked,
                               LinkType::linux_cooked_2};

}  // namespace

// Frames, each behind a byte that tells its link and two that tell its length.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Counter counter;
  PacketFeed feed(counter);
  hf::Time now{};
  for (size_t at = 0; at + 3 <= size;) {
    const LinkType link = kLinks[data[at] % std::size(kLinks)];
    const size_t length = std::min<size_t>(size_t{data[at + 1]} * 256 + data[at + 2], size - at - 3);
    // A copy of exactly its length: a read behind it is seen.
    const std::string frame(reinterpret_cast<const char*>(data) + at + 3, length);
    feed.frame(link, frame, (data[at] & 0x80) != 0, now += std::chrono::milliseconds(700));
    at += 3 + length;
  }
  (void)counter.quality.words(now);
  if (feed.counts().frames > size) std::abort();
  return 0;
}
