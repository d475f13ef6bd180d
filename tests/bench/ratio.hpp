// Runs the registered benchmarks, then says how each figure stands to the raw limit that was measured in the same run.
#pragma once

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <map>
#include <string>
#include <vector>

namespace hf::bench {

// The rate ("bytes_per_second" or "items_per_second") of each benchmark: the median of the repetitions.
class Rates final : public benchmark::ConsoleReporter {
 public:
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      failed_ = failed_ || run.error_occurred;
      if (run.run_type == Run::RT_Aggregate && run.aggregate_name != "median") continue;
      for (const char* rate : {"bytes_per_second", "items_per_second"})
        if (const auto found = run.counters.find(rate); found != run.counters.end()) rates_[run.run_name.function_name] = found->second;
    }
    ConsoleReporter::ReportRuns(runs);
  }
  double of(const std::string& name) const {
    const auto found = rates_.find(name);
    return found == rates_.end() ? 0.0 : found->second;
  }
  bool failed() const { return failed_; }

 private:
  std::map<std::string, double> rates_;
  bool failed_ = false;
};

struct Ratio {
  std::string what, measured, limit;  // benchmarks' names
  double aim = 0;                     // share of the limit; 0 = the aim is `at_least`
  double unit = 1e6;                  // figures are printed in this many per second
  std::string unit_name = "MB/s";
  double at_least = 0;                // per second, whatever the limit is
};

// Figures are told beside their limit and their aim; speed is never a failure, since machines differ and are busy. A benchmark that gave no
// figure is one.
inline int run(int argc, char** argv, const std::vector<Ratio>& ratios) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  Rates rates;
  benchmark::RunSpecifiedBenchmarks(&rates);
  bool good = !rates.failed();
  for (const Ratio& r : ratios) {
    const double measured = rates.of(r.measured), limit = rates.of(r.limit);
    const double share = limit > 0 ? measured / limit : 0.0;
    good = good && share > 0;
    const std::string aim = r.aim > 0 ? fmt::format("{:.0f} %", r.aim * 100) : fmt::format("{:.1f} {}", r.at_least / r.unit, r.unit_name);
    fmt::print("report: {}: {:.1f} {} = {:.3g} % of {} ({:.1f} {}); aim {}\n", r.what, measured / r.unit, r.unit_name, share * 100, r.limit, limit / r.unit,
               r.unit_name, aim);
  }
  return good ? 0 : 1;
}

}  // namespace hf::bench
