#include "agent/metrics/way_in.hpp"

#include <algorithm>

namespace hf::metrics {

namespace {
constexpr uint64_t kEnough = 5;
constexpr uint64_t kRemembered = 2000;
constexpr Duration kUntilKnown = std::chrono::minutes(1);
constexpr Duration kNeverUsual =
    std::chrono::minutes(2);  // beyond the legal notice no menu and no greeting takes so long
constexpr size_t kMaxLines = 10'000;
}  // namespace

void WayIn::set_site_model(const calls::SiteModel& model) {
  notices_.clear();
  for (const calls::Line& line : model.lines) notices_[line.id] = line.legal_notice;
}

void WayIn::learn(const std::string& line, Duration way) {
  const auto notice = notices_.find(line);
  const Duration legal = notice == notices_.end() ? Duration{} : notice->second;
  if (line.empty() || way > legal + kNeverUsual || (learnt_.size() >= kMaxLines && !learnt_.contains(line))) return;
  WaitHistogram& h = learnt_[line];
  if (h.count() >= kEnough && way > usual(line) * 3 + std::chrono::seconds(30)) return;
  h.add(way);
  if (h.count() < kRemembered) return;
  for (uint32_t& bin : h.bins) bin /= 2;
}

Duration WayIn::usual(const std::string& line) const {
  const auto notice = notices_.find(line);
  const Duration legal = notice == notices_.end() ? Duration{} : notice->second;
  const auto h = learnt_.find(line);
  if (h == learnt_.end() || h->second.count() < kEnough) return std::max(legal, kUntilKnown);
  return std::max(legal, h->second.quantile(0.95).value_or(kUntilKnown));
}

}  // namespace hf::metrics
