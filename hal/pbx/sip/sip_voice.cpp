#include "hal/pbx/sip/sip_voice.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "hal/pbx/voice_quality.hpp"

namespace hf::pbx {

namespace {

VoiceHeard told(const RtcpFigures& f, const LegRef& leg, bool by_pbx) {
  VoiceHeard v;
  v.channel = leg.name(), v.by_pbx = by_pbx;
  v.reports = static_cast<uint32_t>(std::min<uint64_t>(f.reports, UINT32_MAX));
  v.loss_ppm = static_cast<uint32_t>(std::lround(f.loss * 1e6));
  v.jitter = from_seconds(f.jitter_ms / 1e3);
  if (f.round_trip_ms) v.round_trip = from_seconds(*f.round_trip_ms / 1e3);
  v.mos_lq = in_hundredths(f.mos_lq);
  if (f.mos_cq) v.mos_cq = in_hundredths(*f.mos_cq);
  if (f.told_mos_lq) v.told_mos_lq = in_hundredths(*f.told_mos_lq);
  return v;
}

}  // namespace

uint64_t SipVoice::key_of(const Endpoint& end) const {
  std::array<char, 18> bytes;
  std::ranges::copy(end.ip.bytes, bytes.begin());
  bytes[16] = static_cast<char>(end.port >> 8), bytes[17] = static_cast<char>(end.port);
  return siphash24(key_, {bytes.data(), bytes.size()});
}

void SipVoice::name(Talk& talk, uint64_t leg, bool by_pbx, const Endpoint& end) {
  const uint64_t key = key_of(end);
  const auto [at, fresh] = ends_.try_emplace(key, End{leg, by_pbx});
  if (!fresh && at->second.leg != leg && by_pbx && !at->second.by_pbx) return;
  at->second = {leg, by_pbx};
  if (std::ranges::find(talk.ends, key) != talk.ends.end()) return;
  talk.ends.push_back(key);
  if (talk.ends.size() <= kMaxEnds) return;
  if (const auto old = ends_.find(talk.ends.front()); old != ends_.end() && old->second.leg == leg) ends_.erase(old);
  talk.ends.erase(talk.ends.begin());
}

bool SipVoice::media(const LegRef& ref, bool by_pbx, const SipMedia& media) {
  if (!media.rtcp && !media.muxed) return true;
  const uint64_t leg = key_of(ref);
  if (talks_.size() >= kMaxLegs && !talks_.contains(leg)) return false;
  Talk& talk = talks_[leg];
  talk.encrypted = media.encrypted, talk.clock = media.clock;
  if (media.rtcp) name(talk, leg, by_pbx, *media.rtcp);
  if (media.muxed) name(talk, leg, by_pbx, *media.muxed);
  return true;
}

bool SipVoice::on(const Endpoint& from, const Endpoint& to, std::span<const RtcpHeard> reports) {
  if (ends_.empty()) return false;
  if (const auto speaks = ends_.find(key_of(from)); speaks != ends_.end()) {
    add(speaks->second.leg, speaks->second.by_pbx, reports);
    return true;
  }
  const auto hears = ends_.find(key_of(to));
  if (hears == ends_.end()) return false;
  add(hears->second.leg, !hears->second.by_pbx, reports);
  return true;
}

void SipVoice::on(const LegRef& leg, bool by_pbx, std::span<const RtcpHeard> reports) {
  add(key_of(leg), by_pbx, reports);
}

void SipVoice::add(uint64_t leg, bool by_pbx, std::span<const RtcpHeard> reports) {
  const auto found = talks_.find(leg);
  if (found == talks_.end() || found->second.encrypted) return;
  Talk& talk = found->second;
  for (const RtcpHeard& heard : reports) (by_pbx ? talk.pbx : talk.far).add(heard, talk.clock);
}

void SipVoice::end(const LegRef& ref, Time at, std::vector<CallEvent>& out) {
  const uint64_t leg = key_of(ref);
  const auto found = talks_.find(leg);
  if (found == talks_.end()) return;
  const Talk& talk = found->second;
  if (const auto f = talk.far.figures()) out.push_back({at, {}, told(*f, ref, false)});
  if (const auto f = talk.pbx.figures()) out.push_back({at, {}, told(*f, ref, true)});
  for (const uint64_t key : talk.ends)
    if (const auto end = ends_.find(key); end != ends_.end() && end->second.leg == leg) ends_.erase(end);
  talks_.erase(found);
}

}  // namespace hf::pbx
