// How calls sounded, summed by queue and quarter of an hour, and the figures that the sums give.
#pragma once

#include <optional>
#include <string>
#include <tuple>

#include "agent/calls/call.hpp"
#include "agent/metrics/quarter_book.hpp"

namespace hf::metrics {

// Listeners of one quarter of an hour, or of more of them added up. A listener is one side of one leg that reported what it heard: a call
// through a PBX has up to four.
struct VoiceSum {
  // MOS-LQ in hundredths. ITU-T G.107, table B.1: below R = 70, which is MOS 3.60, "many users dissatisfied".
  static constexpr uint16_t kPoor = 360;

  std::string queue;  // empty: no queue was told
  Time start{};       // of the quarter
  uint32_t listeners = 0, poor = 0;  // poor: below kPoor
  uint64_t loss_ppm = 0;             // this and the next two are sums over listeners, each of whom counts once however long he listened
  Duration jitter{};
  uint64_t mos_lq = 0;               // hundredths
  uint16_t worst_mos_lq = 0;

  auto of() const { return std::tuple<std::string_view>(queue); }
  void merge(const VoiceSum& other);  // of the same queue; the earlier start stays
  bool operator==(const VoiceSum&) const = default;
  template <class A> void fields(A& a) {
    a("queue", queue), a("start", start), a("listeners", listeners), a("poor", poor), a("loss_ppm", loss_ppm), a("jitter", jitter);
    a("mos_lq", mos_lq), a("worst_mos_lq", worst_mos_lq);
  }
};

// Of no listener there is no figure.
struct VoiceFigures {
  std::optional<double> loss;    // mean share of packets that did not arrive
  std::optional<Duration> jitter;  // mean
  std::optional<double> mos_lq, worst_mos_lq;
};
VoiceFigures figures(const VoiceSum& sum);

using VoiceBook = QuarterBook<VoiceSum>;

VoiceSum sum_of(const calls::VoiceReported& told);

}  // namespace hf::metrics
