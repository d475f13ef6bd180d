// How good forecasts turned out to be, beside two that anybody could make. In: forecast and outcome. Out: Brier scores,
// skill, a reliability diagram. Pure; 300 bytes.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "hal/platform/archive.hpp"

namespace hf::forecast {

struct Chances {  // of the same event, told at the same time
  double model = 0;
  double persistence = 0;  // 1 or 0: whether the window before missed; the climatology where it had no calls
  double climatology = 0;  // how often windows in this hour of the week missed so far
  template <class A>
  void fields(A& a) {
    a("model", model), a("persistence", persistence), a("climatology", climatology);
  }
};

struct ScoreCard {
  static constexpr size_t kBins = 10;           // of forecast probability, each a tenth wide
  static constexpr uint32_t kFewestCases = 50;  // below it scores are chance: they are told as "too few yet"

  struct Bin {
    uint32_t cases = 0, events = 0;
    double chances = 0;  // sum of the forecasts in it
    template <class A>
    void fields(A& a) {
      a("cases", cases), a("events", events), a("chances", chances);
    }
  };
  uint32_t cases = 0, events = 0;
  Chances squares;  // sums of squared differences
  std::array<Bin, kBins> bins{};

  void add(const Chances& told, bool event);
  // Adds another queue's card.
  void merge(const ScoreCard& other);
  bool enough() const { return cases >= kFewestCases; }
  // Brier scores (Monthly Weather Review 78:1-3, 1950, the half that is in use today): mean squared difference between
  // probability and outcome, 0 is perfect, 0.25 is what "half and half" always gets. Unset without cases.
  std::optional<Chances> brier() const;
  // 1 - Brier / Brier of the reference: above 0 is better than it. Unset without cases or when the reference is
  // perfect.
  std::optional<double> skill_over_persistence() const;
  std::optional<double> skill_over_climatology() const;
  // Expected calibration error: the mean gap between what was told and what happened, bins weighted by their cases.
  std::optional<double> calibration_gap() const;
  // The gap that a perfectly calibrated forecaster would show by chance: sqrt(2/pi) standard errors a bin, weighted.
  std::optional<double> gap_by_chance() const;

  template <class A>
  void fields(A& a) {
    a("cases", cases), a("events", events), a("squares", squares), a("bins", bins);
  }
};

}  // namespace hf::forecast
