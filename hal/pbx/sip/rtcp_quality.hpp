// Reports of sound put together: of one listener of one leg (RtcpSum), and of all that a source has seen in the last
// five minutes (RtcpQuality). Pure. In: RTCP packets with their times. Out: loss, jitter, round trip and MOS. Loss at
// the tap itself is none of this: it is counted by the tap.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hal/pbx/sip/rtcp.hpp"

namespace hf::pbx {

struct RtcpHeard {  // one report
  double loss = 0;      // 0 to 1
  uint32_t jitter = 0;  // in units of the codec's clock
  std::optional<Duration> round_trip;  // between the place of capture and the listener
  std::optional<double> told_mos_lq;   // as the phone computed it
};

struct RtcpFigures {  // means
  uint64_t reports = 0;
  double loss = 0, jitter_ms = 0;
  std::optional<double> round_trip_ms;
  double mos_lq = 0;
  std::optional<double> mos_cq;  // where a round trip is known
  std::optional<double> told_mos_lq;
};

class RtcpSum {
 public:
  // `clock`: units a second of the codec.
  void add(const RtcpHeard& heard, uint32_t clock);
  // Nothing without a report.
  std::optional<RtcpFigures> figures() const;

 private:
  uint64_t reports_ = 0, rounds_ = 0, told_ = 0;
  double loss_ = 0, jitter_ms_ = 0, round_ms_ = 0, told_mos_lq_ = 0;
};

class RtcpQuality {
 public:
  static constexpr size_t kMaxReports = 4'096, kMaxSenders = 4'096;
  static constexpr Duration kWindow = std::chrono::minutes(5);
  static constexpr uint32_t kClock = 8'000;  // of G.711, G.722 and G.729, where no codec is known

  // A packet as it is on the wire, or as JSON. What it reports, until the next call.
  std::span<const RtcpHeard> on(std::string_view packet, Time at);
  // Nothing when no report came in the last five minutes.
  std::optional<RtcpFigures> figures(Time now) const;
  // "RTCP of 5 min: 12 reports, loss 0.4 %, jitter 3 ms, MOS-LQ 4.4"; empty when there is none.
  std::string words(Time now) const;

 private:
  struct Sent {
    uint32_t middle = 0;
    Time at{};
  };
  void remember_sender(uint32_t sender, uint32_t middle, Time at);
  std::optional<Duration> round_trip(const RtcpReport& report, Time at) const;

  std::vector<RtcpHeard> now_;  // scratch of on()
  std::deque<std::pair<Time, RtcpHeard>> heard_;
  std::map<uint32_t, Sent> sent_;  // the last sender report of each
};

}  // namespace hf::pbx
