#include "hal/pbx/sip/rtcp_quality.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "hal/pbx/voice_quality.hpp"

namespace hf::pbx {

void RtcpSum::add(const RtcpHeard& heard, uint32_t clock) {
  ++reports_;
  loss_ += heard.loss, jitter_ms_ += heard.jitter * 1e3 / clock;
  if (heard.round_trip) ++rounds_, round_ms_ += seconds(*heard.round_trip) * 1e3;
  if (heard.told_mos_lq) ++told_, told_mos_lq_ += *heard.told_mos_lq;
}

std::optional<RtcpFigures> RtcpSum::figures() const {
  if (reports_ == 0) return std::nullopt;
  const auto all = static_cast<double>(reports_);
  RtcpFigures f{reports_, loss_ / all, jitter_ms_ / all, {}, mos_lq(loss_ / all), {}, {}};
  if (rounds_ > 0) {
    f.round_trip_ms = round_ms_ / static_cast<double>(rounds_);
    f.mos_cq = mos_cq(f.loss, from_seconds(*f.round_trip_ms / 2e3));
  }
  if (told_ > 0) f.told_mos_lq = told_mos_lq_ / static_cast<double>(told_);
  return f;
}

// From the tap to the reporter and back: the sender report passed here, and its echo does now.
std::optional<Duration> RtcpQuality::round_trip(const RtcpReport& report, Time at) const {
  const auto sent = sent_.find(report.sender);
  if (report.last_sr == 0 || sent == sent_.end() || sent->second.middle != report.last_sr) return std::nullopt;
  const Duration waited(static_cast<int64_t>(report.since_sr) * 1'000'000 / 65'536);
  const Duration round = at - sent->second.at - waited;
  return round < Duration(0) || round > std::chrono::seconds(10) ? std::nullopt : std::optional(round);
}

void RtcpQuality::remember_sender(uint32_t sender, uint32_t middle, Time at) {
  if (sent_.size() >= kMaxSenders && !sent_.contains(sender))
    sent_.erase(std::ranges::min_element(sent_, {}, [](const auto& s) { return s.second.at; }));
  sent_[sender] = {middle, at};
}

std::span<const RtcpHeard> RtcpQuality::on(std::string_view bytes, Time at) {
  now_.clear();
  const std::optional<RtcpPacket> packet = bytes.starts_with('{') ? parse_rtcp_json(bytes) : parse_rtcp(bytes);
  if (!packet) return {};
  for (const RtcpReport& report : packet->reports)
    now_.push_back({report.loss, report.jitter, round_trip(report, at),
                    packet->voice ? packet->voice->mos_lq : std::nullopt});
  for (const RtcpHeard& heard : now_) heard_.emplace_back(at, heard);
  if (packet->sender) remember_sender(*packet->sender, packet->sent, at);
  while (!heard_.empty() && (heard_.size() > kMaxReports || at - heard_.front().first > kWindow)) heard_.pop_front();
  return now_;
}

std::optional<RtcpFigures> RtcpQuality::figures(Time now) const {
  RtcpSum sum;
  for (const auto& [at, heard] : heard_)
    if (now - at <= kWindow) sum.add(heard, kClock);
  return sum.figures();
}

std::string RtcpQuality::words(Time now) const {
  const auto f = figures(now);
  if (!f) return {};
  std::string text = fmt::format("RTCP of 5 min: {} reports, loss {:.1f} %, jitter {:.0f} ms, MOS-LQ {:.1f}",
                                 f->reports, f->loss * 100, f->jitter_ms, f->mos_lq);
  if (f->mos_cq) text += fmt::format(", MOS-CQ {:.1f} at a round trip of {:.0f} ms", *f->mos_cq, *f->round_trip_ms);
  if (f->told_mos_lq) text += fmt::format(", phones say MOS-LQ {:.1f}", *f->told_mos_lq);
  return text;
}

}  // namespace hf::pbx
