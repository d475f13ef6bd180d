#include <fmt/format.h>

#include <cstdio>

#include "agent/detect/plain_series.hpp"
#include "agent/tool/command.hpp"
#include "agent/tool/nab_folder.hpp"

namespace hf::app {

namespace {

using Settings = detect::PlainSeries::Settings;

std::vector<NabSeries> judge(const std::vector<NabFile>& files, const Settings& settings) {
  std::vector<NabSeries> corpus;
  for (const NabFile& file : files) {
    NabSeries& series = corpus.emplace_back();
    series.windows = file.windows;
    detect::PlainSeries detector(settings);
    for (const double value : file.values) series.scores.push_back(detector.on(value));
  }
  return corpus;
}

void print_own(const std::vector<NabSeries>& corpus) {
  fmt::print("{:<20} {:>7} {:>9} {:>13} {:>10}\n", "profile", "score", "found", "false alarms", "threshold");
  for (const NabProfile& profile : kNabProfiles) {
    const NabScore s = nab_score(corpus, profile);
    fmt::print("{:<20} {:>7.1f} {:>9} {:>13} {:>10.4f}\n", profile.name, s.normalised,
               fmt::format("{}/{}", s.found, s.windows), s.false_alarms, s.threshold);
  }
}

void print_row(std::string_view what, const std::vector<NabSeries>& corpus) {
  fmt::print("  {:<34}", what);
  for (const NabProfile& profile : kNabProfiles) fmt::print(" {:>6.1f}", nab_score(corpus, profile).normalised);
  fmt::print("\n");
}

void print_sensitivity(const std::vector<NabFile>& files) {
  fmt::print("\nEach setting halved and doubled (standard, low FP, low FN):\n");
  for (const double by : {0.5, 2.0}) {
    const auto times = [by](uint32_t n) { return static_cast<uint32_t>(n * by); };
    Settings s;
    s.block = times(s.block);
    print_row(fmt::format("rows of a block {}", s.block), judge(files, s));
    s = {}, s.blocks = times(s.blocks);
    print_row(fmt::format("blocks remembered {}", s.blocks), judge(files, s));
    s = {}, s.quiet = times(s.quiet);
    print_row(fmt::format("quiet rows after one told {}", s.quiet), judge(files, s));
    s = {}, s.weight *= by;
    print_row(fmt::format("weight in the running mean {}", s.weight), judge(files, s));
  }
}

}  // namespace

int run_nab(const std::string& folder) {
  const auto files = read_nab_folder(folder);
  if (!files) {
    fmt::print(stderr, "holdfast evaluate: {}\n", files.error().what);
    return 2;
  }
  size_t rows = 0;
  for (const NabFile& file : *files) rows += file.values.size();
  fmt::print("Data: {}. Numenta Anomaly Benchmark (Lavin and Ahmad 2015), scored by its definition, version 1.1.\n",
             folder);
  fmt::print("{} series, {} rows; the plain-series fallback with one setting for all\n\n", files->size(), rows);
  print_own(judge(*files, {}));
  fmt::print(
      "\nPublished (standard, low FP, low FN): windowed Gaussian 39.6 20.9 47.4; Random Cut Forest 51.7 38.4 59.7; HTM "
      "70.1 63.1 74.3.\n");
  print_sensitivity(*files);
  return 0;
}

}  // namespace hf::app
