#include "agent/metrics/voice_book.hpp"

#include <algorithm>
#include <tuple>

namespace hf::metrics {

namespace {

VoiceSum of_one(const calls::VoiceReported& told) {
  VoiceSum one;
  one.queue = told.queue;
  one.start = Time(told.about.time_since_epoch() / VoiceBook::kQuarter * VoiceBook::kQuarter);
  one.listeners = 1, one.poor = told.heard.mos_lq < VoiceSum::kPoor ? 1 : 0;
  one.loss_ppm = told.heard.loss_ppm, one.jitter = told.heard.jitter;
  one.mos_lq = one.worst_mos_lq = told.heard.mos_lq;
  return one;
}

}  // namespace

void VoiceBook::on(const calls::VoiceReported& told, std::vector<VoiceSum>& changed) {
  const VoiceSum one = of_one(told);
  if (one.start < kept_from_) {
    ++too_old_;
    return;
  }
  const auto key = [](const VoiceSum& s) { return std::tie(s.start, s.queue); };
  auto at = std::ranges::lower_bound(rows_, key(one), {}, key);
  if (at != rows_.end() && key(*at) == key(one)) at->merge(one);
  else at = rows_.insert(at, one);
  changed.push_back(*at);
  if (rows_.size() <= kRows) return;
  kept_from_ = rows_.front().start + kQuarter;
  std::erase_if(rows_, [this](const VoiceSum& s) { return s.start < kept_from_; });
}

std::vector<VoiceSum> VoiceBook::sums(Time from, Time to) const {
  std::vector<VoiceSum> rows;
  for (auto row = std::ranges::lower_bound(rows_, from, {}, &VoiceSum::start); row != rows_.end() && row->start < to; ++row) rows.push_back(*row);
  return joined(rows);
}

}  // namespace hf::metrics
