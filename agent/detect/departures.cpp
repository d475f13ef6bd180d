#include "agent/detect/departures.hpp"

#include <algorithm>
#include <cmath>

namespace hf::detect {
namespace {

constexpr size_t kCounts = 64;
constexpr double kFewest = 2;  // one who leaves is a break

}  // namespace

void Departures::count(Time now, double members, bool learn, const Parameters& p) {
  if (!recent_.empty() && now - recent_.back().first < std::chrono::seconds(5)) return;
  while (!recent_.empty() && now - recent_.front().first > from_seconds(p.together_s)) recent_.pop_front();
  double before = members;
  for (const auto& [at, count] : recent_) before = std::max(before, count);
  recent_.emplace_back(now, members);
  if (recent_.size() > kCounts) recent_.pop_front();
  if (class_ > 0 && (members >= middle_ || now - left_ > from_seconds(p.departed_s))) class_ = 0, own_ = 0;
  const double ln = before - members < kFewest ? 0 : std::log(before / std::max(members, 0.5));
  const auto reached = static_cast<uint32_t>(std::ranges::count_if(kLn, [&](double step) { return ln >= step; }));
  if (reached > class_)
    left_ = now, class_ = reached, own_ = 0, middle_ = (before + members) / 2, before_ = before,
    gone_ = before - members;
  if (!learn) return;
  ++counts_;
  own_ += class_ > 0 ? 1 : 0;
  for (uint32_t i = 0; i < class_; ++i) ++at_least_[i];
}

std::optional<Departures::Emptied> Departures::emptied(Time now, const Parameters& p) const {
  if (class_ < p.departed_class || gone_ < p.departed_members || now - left_ > from_seconds(p.departed_s) || now - left_ < from_seconds(p.together_s)) return std::nullopt;
  return Emptied{left_, before_, gone_};
}

double Departures::nats(Time now, const Parameters& p) const {
  if (class_ == 0 || now - left_ > from_seconds(p.departed_s)) return 0;
  const double others = at_least_[class_ - 1] - std::min(at_least_[class_ - 1], own_);  // without itself
  return std::min(p.departed_nats,
                  -std::log((std::max(p.prior_callers / 200, 0.5) + others) / (p.prior_callers + counts_)));
}

}  // namespace hf::detect
