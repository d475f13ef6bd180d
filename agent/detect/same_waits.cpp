#include "agent/detect/same_waits.hpp"

#include <algorithm>
#include <cmath>

#include "agent/detect/chance.hpp"

namespace hf::detect {
namespace {

constexpr Duration kKept = std::chrono::hours(4), kNear = std::chrono::seconds(30);
constexpr double kWide = 1.5, kPriorCallers = 0.5;
constexpr std::ptrdiff_t kOvertakers = 2;  // one is a caller with a priority
constexpr uint32_t kFewest = 3;

}  // namespace

SameWait SameWaits::answered(Time joined, Time at) {
  while (!answers_.empty() && (answers_.size() >= kAnswers || at - answers_.front().at > kKept)) answers_.pop_front();
  const bool overtaken =
      std::ranges::count_if(answers_, [&](const Answer& a) { return a.joined > joined; }) >= kOvertakers;
  answers_.push_back({joined, at, overtaken});
  SameWait out;
  out.wait = at - joined;
  if (!overtaken || out.wait < kShortest) return out;
  out.since = joined;
  double near = 0, wide = 0;
  for (const Answer& a : answers_) {
    if (!a.overtaken) continue;
    const Duration apart = a.wait() < out.wait ? out.wait - a.wait() : a.wait() - out.wait;
    if (apart <= kHalfWidth)
      ++out.callers, out.since = std::min(out.since, a.joined);
    else if (std::max(a.wait(), out.wait) < kWide * std::min(a.wait(), out.wait))
      wide += 1, near += apart <= kNear ? 1 : 0;
  }
  out.of = static_cast<uint32_t>(std::ranges::count_if(answers_, [&](const Answer& a) { return a.at >= out.since; }));
  if (out.callers < kFewest) return out;
  const double width = seconds(2 * kHalfWidth), span = seconds(out.wait) * (kWide - 1 / kWide);
  const double expected = width * std::max(near / seconds(2 * kNear), (wide + kPriorCallers) / span);
  out.nats = -std::log(chance_of_at_least(out.callers - 1, kAnswers, std::min(1.0, expected / kAnswers)));
  return out;
}

}  // namespace hf::detect
