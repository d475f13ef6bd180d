#include "agent/tool/nab_score.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace hf::app {

namespace {

constexpr size_t kNoWindow = std::numeric_limits<size_t>::max();

struct Row {
  double score = 0;   // the detector's
  double weight = 0;  // what an alarm here brings
  size_t window = kNoWindow;
};

// What an alarm outside the windows costs: all, or less shortly after a window.
double cost_outside(size_t row, const std::optional<NabWindow>& before) {
  if (!before) return -1;
  const auto width = static_cast<double>(before->last - before->first);
  return width > 0 ? nab_sigmoid(static_cast<double>(row - before->last) / width) : -1;
}

double gain_inside(size_t row, const NabWindow& window) {
  const auto width = static_cast<double>(window.last - window.first + 1);
  return nab_sigmoid(-static_cast<double>(window.last - row + 1) / width) / nab_sigmoid(-1);
}

// `windows`: of the series before. Rows of the probation are left out.
void add_rows(const NabSeries& series, const NabProfile& profile, size_t windows, std::vector<Row>& rows) {
  const size_t begin = nab_probation(series.scores.size());
  size_t next = 0;
  std::optional<NabWindow> before;
  for (size_t i = 0; i < series.scores.size(); ++i) {
    while (next < series.windows.size() && i > series.windows[next].last) before = series.windows[next++];
    if (i < begin) continue;
    const bool inside = next < series.windows.size() && i >= series.windows[next].first;
    if (inside)
      rows.push_back({series.scores[i], profile.hit * gain_inside(i, series.windows[next]), windows + next});
    else
      rows.push_back({series.scores[i], profile.false_alarm * cost_outside(i, before), kNoWindow});
  }
}

// Lowers the threshold from score to score, highest first, and keeps the best.
void sweep(const std::vector<Row>& rows, const NabProfile& profile, NabScore& best) {
  std::vector<double> gained(best.windows, -profile.miss);
  NabScore now = best;
  now.score = -profile.miss * best.windows;
  now.threshold = std::numeric_limits<double>::infinity();
  best = now;
  for (size_t i = 0; i < rows.size(); ++i) {
    const Row& row = rows[i];
    if (row.window == kNoWindow) {
      now.score += row.weight, ++now.false_alarms;
    } else if (row.weight > gained[row.window]) {
      now.found += gained[row.window] == -profile.miss ? 1 : 0;
      now.score += row.weight - gained[row.window];
      gained[row.window] = row.weight;
    }
    now.threshold = row.score;
    const bool whole = i + 1 == rows.size() || rows[i + 1].score != row.score;
    if (whole && now.score > best.score) best = now;
  }
}

}  // namespace

size_t nab_probation(size_t rows) {
  return static_cast<size_t>(0.15 * static_cast<double>(std::min<size_t>(rows, 5000)));
}

double nab_sigmoid(double position) { return position > 3 ? -1 : 2 / (1 + std::exp(5 * position)) - 1; }

NabScore nab_score(std::span<const NabSeries> corpus, const NabProfile& profile) {
  NabScore best;
  std::vector<Row> rows;
  for (const NabSeries& series : corpus) {
    add_rows(series, profile, best.windows, rows);
    best.windows += static_cast<uint32_t>(series.windows.size());
  }
  std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.score > b.score; });
  sweep(rows, profile, best);
  const double null = -profile.miss * best.windows, perfect = profile.hit * best.windows;
  best.normalised = best.windows > 0 ? 100 * (best.score - null) / (perfect - null) : 0;
  return best;
}

}  // namespace hf::app
