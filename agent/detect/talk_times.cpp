#include "agent/detect/talk_times.hpp"

#include <algorithm>
#include <cmath>

namespace hf::detect {
namespace {

constexpr std::array<double, 3> kFactors{1.5, 2.0, 3.0};
constexpr double kSurvivalFloor = 1e-9;

double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

struct Scale {
  double mean, deviation;
  double z(Duration d, double factor) const {
    const double x = std::max(1.0, seconds(d));
    return (std::log(x) - mean - std::log(factor)) / deviation;
  }
};

double over(Duration length, const Scale& s, double factor) {
  if (length < TalkTimes::kShortest) {
    const double z1 = s.z(TalkTimes::kShortest, factor), z0 = s.z(TalkTimes::kShortest, 1);
    return std::log(std::max(kSurvivalFloor, normal_cdf(z1)) / std::max(kSurvivalFloor, normal_cdf(z0)));
  }
  const double z0 = s.z(length, 1), z1 = s.z(length, factor);
  return (z0 * z0 - z1 * z1) / 2;
}

double so_far(Duration age, const Scale& s, double factor) {
  if (age < TalkTimes::kShortest) return 0;
  return std::log(std::max(kSurvivalFloor, 1 - normal_cdf(s.z(age, factor))) /
                  std::max(kSurvivalFloor, 1 - normal_cdf(s.z(age, 1))));
}

}  // namespace

void TalkTimes::began(uint64_t key, uint64_t agent, double beyond, Time at) {
  if (talks_.size() >= kTalks) talks_.pop_front();
  if (!talks_.empty()) at = std::max(at, talks_.back().began);
  talks_.push_back({key, agent, beyond, at, true, {}});
}

std::optional<uint64_t> TalkTimes::talk_of(uint64_t agent) const {
  const auto talk =
      std::find_if(talks_.rbegin(), talks_.rend(), [&](const Talk& t) { return t.open && t.agent == agent; });
  return talk == talks_.rend() ? std::nullopt : std::optional(talk->key);
}

std::optional<TalkTimes::UnderWay> TalkTimes::under_way(uint64_t key, Time now) const {
  const auto talk = std::find_if(talks_.rbegin(), talks_.rend(), [&](const Talk& t) { return t.open && t.key == key; });
  if (talk == talks_.rend()) return std::nullopt;
  return UnderWay{talk->agent, talk->beyond, std::max(Duration{}, now - talk->began)};
}

bool TalkTimes::ended(uint64_t key, Time at, const Baseline::Talk& usual) {
  const auto talk = std::find_if(talks_.rbegin(), talks_.rend(), [&](const Talk& t) { return t.open && t.key == key; });
  if (talk == talks_.rend()) return false;
  talk->open = false;
  const Duration length = std::max(Duration{}, at - talk->began);
  for (size_t k = 0; k < kFactors.size(); ++k)
    talk->nats[k] = static_cast<float>(over(length, {usual.mean + talk->beyond, usual.deviation}, kFactors[k]));
  return true;
}

TalkTimes::Evidence TalkTimes::evidence(Time now, const Baseline::Talk& usual, const LoadParameters& p) const {
  std::array<double, 3> sum{};
  Evidence best;
  const double share = p.talk_wander * p.talk_wander / (usual.deviation * usual.deviation);
  uint32_t counted = 0;
  const Duration look_back = from_seconds(60 * p.talk_look_back_minutes);
  for (auto talk = talks_.rbegin(); talk != talks_.rend() && now - talk->began <= look_back; ++talk) {
    ++counted;
    const Scale scale{usual.mean + talk->beyond, usual.deviation};
    for (size_t k = 0; k < kFactors.size(); ++k) {
      const double own = talk->open ? so_far(now - talk->began, scale, kFactors[k]) : static_cast<double>(talk->nats[k]);
      sum[k] += std::clamp(own, -p.talk_cap, p.talk_cap);
      if (sum[k] <= 0) continue;  // most: the division is dear
      const double nats = sum[k] / (1 + share * counted);
      if (nats > best.nats) best = {nats, kFactors[k], talk->began, counted};
    }
  }
  return best;
}

size_t TalkTimes::open() const {
  return static_cast<size_t>(std::count_if(talks_.begin(), talks_.end(), [](const Talk& t) { return t.open; }));
}

}  // namespace hf::detect
