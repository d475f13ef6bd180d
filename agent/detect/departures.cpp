#include "agent/detect/departures.hpp"

#include <algorithm>
#include <cmath>

namespace hf::detect {
namespace {

constexpr size_t kCounts = 64;
constexpr Duration kTogether = std::chrono::minutes(2), kWornOut = std::chrono::minutes(10);
constexpr double kFewest = 2;  // one who leaves is a break

}  // namespace

void Departures::count(Time now, double members, bool learn) {
  if (!recent_.empty() && now - recent_.back().first < std::chrono::seconds(5)) return;
  while (!recent_.empty() && now - recent_.front().first > kTogether) recent_.pop_front();
  double before = members;
  for (const auto& [at, count] : recent_) before = std::max(before, count);
  recent_.emplace_back(now, members);
  if (recent_.size() > kCounts) recent_.pop_front();
  if (class_ > 0 && (members >= middle_ || now - left_ > kWornOut)) class_ = 0, own_ = 0;
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

std::optional<Departures::Emptied> Departures::emptied(Time now) const {
  if (class_ < kEmptied || gone_ < kAtOnce || now - left_ > kWornOut || now - left_ < kTogether) return std::nullopt;
  return Emptied{left_, before_};
}

double Departures::nats(Time now, double prior) const {
  if (class_ == 0 || now - left_ > kWornOut) return 0;
  const double others = at_least_[class_ - 1] - std::min(at_least_[class_ - 1], own_);  // without itself
  return std::min(kMost, -std::log((std::max(prior / 200, 0.5) + others) / (prior + counts_)));
}

}  // namespace hf::detect
