// The score of the Numenta Anomaly Benchmark, version 1.1 (Lavin and Ahmad 2015, "Evaluating real-time anomaly
// detection algorithms"; github.com/numenta/NAB, nab/sweeper.py and nab/runner.py). In: series of anomaly scores with
// their labelled windows. Out: the best score that one threshold for all series gives. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace hf::app {

struct NabWindow {
  size_t first = 0, last = 0;  // rows, both inside
};

struct NabSeries {
  std::vector<double> scores;      // one for each row, the higher the stranger; told before the next row is seen
  std::vector<NabWindow> windows;  // in order, apart from each other
};

struct NabProfile {  // its cost matrix
  std::string_view name;
  double hit = 1, miss = 1, false_alarm = 0.11;
};
inline constexpr std::array<NabProfile, 3> kNabProfiles{
    {{"standard", 1, 1, 0.11}, {"reward_low_FP_rate", 1, 1, 0.22}, {"reward_low_FN_rate", 1, 2, 0.11}}};

struct NabScore {
  double normalised = 0;  // 100 (score - null) / (perfect - null): 0 = says nothing, 100 = every window at its first
                          // row and no false alarm
  double score = 0;
  double threshold = 0;  // rows with this score or a higher one are alarms; infinity = none
  uint32_t windows = 0, found = 0;
  uint32_t false_alarms = 0;  // rows outside the windows
};

// The first 15 % of a series, of its first 5,000 rows at most, do not count.
size_t nab_probation(size_t rows);
// 1 - well before the right edge of a window (at -1), 0 at the edge, -1 far beyond it: 2 / (1 + e^(5 position)) - 1.
double nab_sigmoid(double position);

// normalised is 0 when no series has a window.
NabScore nab_score(std::span<const NabSeries> corpus, const NabProfile& profile);

}  // namespace hf::app
