// Strange values in any one series of regular rows, without a model of what it counts. In: a value per row. Out: how
// strange it is. Pure. It is the fallback where nothing is known of a series but its numbers; queues have better
// signals. Memory: 2 KB.
//
// A row is strange when it breaks a record: it lies beyond all that was seen for two weeks, or its running mean does (a
// level that moved, though each row is an ordinary one). Records need no distribution and no season: a daily peak is in
// the range as soon as it was seen once, and of n ordinary rows the next is a record once in n, by little. By how much
// it is beaten, in widths of the range, is comparable over all series.
#pragma once

#include <cstdint>
#include <deque>
#include <utility>

namespace hf::detect {

class PlainSeries {
 public:
  // In rows, since a series has no other clock. With a row every five minutes: two weeks of days, half a day, an hour
  // and a half.
  struct Settings {
    uint32_t block = 288, blocks = 14;  // the range of so many blocks is remembered, the newest one filling up
    uint32_t quiet = 144;               // a row is told only if no row of the last so many was as strange
    double weight = 0.05;               // of a row in the running mean
  };
  PlainSeries() : PlainSeries(Settings()) {}
  explicit PlainSeries(const Settings& settings) : settings_(settings) {}

  // 0 = within the range, or no stranger than a row just told; 0.1 = a tenth of the range beyond it. A value that is no
  // finite number counts as not there: 0.
  double on(double value);

 private:
  struct Range {
    double low = 0, high = 0;
  };
  // How far `value` is beyond the ranges, in widths of them together; then it belongs to them.
  double beyond(std::deque<Range>& ranges, double value) const;
  bool strangest(double strangeness);

  Settings settings_;
  std::deque<Range> values_, means_;
  double mean_ = 0;
  uint64_t row_ = 0;
  std::deque<std::pair<uint64_t, double>> strange_;  // row, strangeness: each less strange than the one before it
};

}  // namespace hf::detect
