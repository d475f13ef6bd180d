#include "agent/metrics/voice_sum.hpp"

#include <algorithm>
#include <map>

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

std::vector<VoiceSum> joined(const std::vector<VoiceSum>& parts) {
  std::map<std::string, VoiceSum> sums;
  for (const VoiceSum& part : parts) {
    const auto [at, fresh] = sums.try_emplace(part.queue, part);
    if (!fresh) at->second.merge(part);
  }
  std::vector<VoiceSum> out;
  out.reserve(sums.size());
  for (auto& [queue, sum] : sums) out.push_back(std::move(sum));
  return out;
}

}  // namespace hf::metrics
