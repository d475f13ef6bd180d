#include "agent/metrics/voice_sum.hpp"

#include <algorithm>

namespace hf::metrics {

void VoiceSum::merge(const VoiceSum& other) {
  start = std::min(start, other.start);
  if (other.listeners == 0) return;
  worst_mos_lq = listeners == 0 ? other.worst_mos_lq : std::min(worst_mos_lq, other.worst_mos_lq);
  listeners += other.listeners, poor += other.poor;
  loss_ppm += other.loss_ppm, jitter += other.jitter, mos_lq += other.mos_lq;
}

VoiceFigures figures(const VoiceSum& sum) {
  if (sum.listeners == 0) return {};
  const double n = sum.listeners;
  return {static_cast<double>(sum.loss_ppm) / n / 1e6, sum.jitter / static_cast<int64_t>(sum.listeners), static_cast<double>(sum.mos_lq) / n / 100,
          sum.worst_mos_lq / 100.0};
}

VoiceSum sum_of(const calls::VoiceReported& told) {
  VoiceSum one;
  one.queue = told.queue, one.start = VoiceBook::quarter_of(told.about);
  one.listeners = 1, one.poor = told.heard.mos_lq < VoiceSum::kPoor ? 1 : 0;
  one.loss_ppm = told.heard.loss_ppm, one.jitter = told.heard.jitter;
  one.mos_lq = one.worst_mos_lq = told.heard.mos_lq;
  return one;
}

}  // namespace hf::metrics
