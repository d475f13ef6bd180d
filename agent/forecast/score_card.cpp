#include "agent/forecast/score_card.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace hf::forecast {
namespace {

double square(double x) { return x * x; }

std::optional<double> skill(double ours, double reference) {
  if (reference <= 0) return std::nullopt;
  return 1 - ours / reference;
}

}  // namespace

void ScoreCard::add(const Chances& told, bool event) {
  const double outcome = event ? 1 : 0;
  ++cases;
  events += event ? 1u : 0u;
  squares.model += square(told.model - outcome);
  squares.persistence += square(told.persistence - outcome);
  squares.climatology += square(told.climatology - outcome);
  const double place = std::clamp(told.model, 0.0, 1.0) * static_cast<double>(kBins);
  Bin& bin = bins[std::min(kBins - 1, static_cast<size_t>(place))];
  ++bin.cases;
  bin.events += event ? 1u : 0u;
  bin.chances += told.model;
}

void ScoreCard::merge(const ScoreCard& other) {
  cases += other.cases, events += other.events;
  squares.model += other.squares.model;
  squares.persistence += other.squares.persistence;
  squares.climatology += other.squares.climatology;
  for (size_t i = 0; i < kBins; ++i) {
    bins[i].cases += other.bins[i].cases, bins[i].events += other.bins[i].events;
    bins[i].chances += other.bins[i].chances;
  }
}

std::optional<Chances> ScoreCard::brier() const {
  if (cases == 0) return std::nullopt;
  const double n = cases;
  return Chances{squares.model / n, squares.persistence / n, squares.climatology / n};
}

std::optional<double> ScoreCard::skill_over_persistence() const { return skill(squares.model, squares.persistence); }
std::optional<double> ScoreCard::skill_over_climatology() const { return skill(squares.model, squares.climatology); }

std::optional<double> ScoreCard::calibration_gap() const {
  if (cases == 0) return std::nullopt;
  double gap = 0;
  for (const Bin& bin : bins) gap += std::abs(bin.chances - static_cast<double>(bin.events));
  return gap / cases;
}

std::optional<double> ScoreCard::gap_by_chance() const {
  if (cases == 0) return std::nullopt;
  double gap = 0;
  for (const Bin& bin : bins) {
    if (bin.cases == 0) continue;
    const double p = bin.chances / bin.cases;
    gap += std::sqrt(2 / std::numbers::pi * bin.cases * p * (1 - p));
  }
  return gap / cases;
}

}  // namespace hf::forecast
