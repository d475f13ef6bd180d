#include "agent/wire/messages.hpp"

#include <algorithm>

namespace hf::wire {

Bins sparse(const std::array<uint32_t, kBins>& dense_bins) {
  Bins out;
  for (size_t i = 0; i < kBins; ++i)
    if (dense_bins[i] != 0) out.emplace_back(static_cast<uint8_t>(i), dense_bins[i]);
  return out;
}

std::array<uint32_t, kBins> dense(const Bins& bins) {
  std::array<uint32_t, kBins> out{};
  for (const auto& [bin, count] : bins)
    if (bin < kBins) out[bin] = count;
  return out;
}

Duration whole_ms(Duration d) {
  const Duration limited = std::clamp(d, Duration::zero(), kMaxSpan);
  return std::chrono::floor<std::chrono::milliseconds>(limited);
}

Time whole_ms(Time t) { return std::chrono::floor<std::chrono::milliseconds>(std::clamp(t, kFirstTime, kLastTime)); }

std::string_view fault_of(const SurveyDay& d) {
  if (d.start < kFirstTime || d.start >= kLastTime || d.start.time_since_epoch() % std::chrono::days(1) != Duration::zero())
    return "does not begin with a day";
  if (d.answers < kFewestAnswers) return "is of fewer than five answers";
  if (d.low >= d.high || d.high > kMaxScore) return "has no scale";
  const uint64_t n = d.answers;
  if (d.sum < n * d.low || d.sum > n * d.high || d.top > n || d.bottom > n) return "does not fit its scale";
  return {};
}

}  // namespace hf::wire
