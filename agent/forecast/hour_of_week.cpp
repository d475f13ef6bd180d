#include "agent/forecast/hour_of_week.hpp"

namespace hf::forecast {
namespace {

// Twelve five-minute steps a week in each slot: half of what a slot holds is from the last eleven weeks.
constexpr float kKept = 0.995f;

void add_to(Frequency::Tally& tally, double events, double cases) {
  tally.events = tally.events * kKept + static_cast<float>(events);
  tally.cases = tally.cases * kKept + static_cast<float>(cases);
}

double share(const Frequency::Tally& tally, double prior, double strength) {
  return (static_cast<double>(tally.events) + prior * strength) / (static_cast<double>(tally.cases) + strength);
}

}  // namespace

Slot slot_of(const TimeZone& zone, Time at) {
  const TimeZone::WallTime wall = zone.wall_time(at);
  const auto hour = static_cast<uint16_t>(wall.minute / 60);
  return {static_cast<uint16_t>(wall.weekday * 24 + hour), static_cast<uint16_t>(wall.weekday >= 5 ? hour + 24 : hour)};
}

void Frequency::add(const Slot& slot, bool event, double weight) {
  const double seen = event ? weight : 0;
  add_to(week_[slot.week], seen, weight);
  add_to(day_[slot.day], seen, weight);
  // The whole sees every step, so it fades slower by as many slots as it holds.
  all_.events = all_.events * 0.9999f + static_cast<float>(seen);
  all_.cases = all_.cases * 0.9999f + static_cast<float>(weight);
}

double Frequency::at(const Slot& slot) const {
  const double whole = share(all_, 0.5, 1);
  return share(week_[slot.week], share(day_[slot.day], whole, 4), 2);
}

void Rate::add(const Slot& slot, double calls, double span_s) { add_to(week_[slot.week], calls, span_s); }

std::optional<double> Rate::at(const Slot& slot) const {
  const Frequency::Tally& tally = week_[slot.week];
  if (tally.cases <= 0) return std::nullopt;
  return static_cast<double>(tally.events) / static_cast<double>(tally.cases);
}

}  // namespace hf::forecast
