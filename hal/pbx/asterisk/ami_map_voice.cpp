// How a channel sounded, as Asterisk 22 says when it ends (16.28 does not), in the variable RTPAUDIOQOS, class dialplan:
// "ssrc=1;themssrc=2;lp=0;rxjitter=0.003000;rxcount=26;txjitter=0.008375;txcount=315;rlp=0;rtt=0.030487;rxmes=..". lp
// and rxcount are what the PBX heard; rlp and rtt what the far end reported to it by RTCP. The jitters have each other's
// names (22.10): rxjitter is what the far end reported, as RTCPReceived shows beside it, txjitter what the PBX measured.
#include <algorithm>

#include "hal/pbx/asterisk/ami_map_detail.hpp"
#include "hal/pbx/voice_quality.hpp"

namespace hf::pbx {

namespace {

constexpr uint32_t kFewest = 50;  // packets: a second of sound, below which a share of loss says nothing

// The value of "name=" in a list parted by ';'; empty when there is none.
std::string_view value_of(std::string_view list, std::string_view name) {
  while (!list.empty()) {
    const std::string_view one = list.substr(0, list.find(';'));
    list.remove_prefix(std::min(one.size() + 1, list.size()));
    if (one.size() > name.size() && one.starts_with(name) && one[name.size()] == '=') return one.substr(name.size() + 1);
  }
  return {};
}

struct Heard {
  uint32_t lost = 0, packets = 0;  // packets: lost ones among them
  Duration jitter{};
};

VoiceHeard told(std::string channel, bool by_pbx, const Heard& heard) {
  const double loss = std::min(1.0, static_cast<double>(heard.lost) / heard.packets);
  VoiceHeard voice;
  voice.channel = std::move(channel), voice.by_pbx = by_pbx, voice.reports = 1;
  voice.loss_ppm = static_cast<uint32_t>(loss * 1e6 + 0.5), voice.jitter = heard.jitter;
  voice.mos_lq = in_hundredths(mos_lq(loss));
  return voice;
}

}  // namespace

void map_rtp_quality(const AmiContext& c) {
  const std::string_view list = c.fields[AmiKey::value];
  const auto count = [list](std::string_view name) { return to_number<uint32_t>(value_of(list, name)).value_or(0); };
  const auto time = [list](std::string_view name) { return to_seconds(value_of(list, name)).value_or(Duration(0)); };
  const uint32_t lost = count("lp"), received = count("rxcount");
  const Heard far{count("rlp"), count("txcount"), time("rxjitter")},
      pbx{lost, received + std::min(lost, UINT32_MAX - received), time("txjitter")};
  const Duration round = time("rtt");
  const bool reported = round > Duration(0) || far.jitter > Duration(0) || far.lost > 0;
  if (reported && far.packets >= kFewest) {
    VoiceHeard voice = told(c.text(AmiKey::uniqueid), false, far);
    if (round > Duration(0)) voice.round_trip = round, voice.mos_cq = in_hundredths(mos_cq(voice.loss_ppm / 1e6, round / 2));
    c.add(std::move(voice));
  }
  if (received >= kFewest) c.add(told(c.text(AmiKey::uniqueid), true, pbx));
}

}  // namespace hf::pbx
