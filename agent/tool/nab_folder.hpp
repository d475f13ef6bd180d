// The Numenta Anomaly Benchmark as it is published: labels/combined_windows.json names the series and their labelled
// windows, data/ has them as tables of timestamp and value, plain or gzipped (then ".gz" is added to the name). In: the
// folder. Out: the series, in the order of the file.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "agent/tool/nab_score.hpp"
#include "hal/platform/result.hpp"
#include "hal/platform/time.hpp"

namespace hf::app {

struct NabFile {
  std::string name;  // "realTweets/Twitter_volume_CVS.csv"
  std::vector<Time> times;
  std::vector<double> values;
  std::vector<NabWindow> windows;
};

// not_found, corrupt as read_file and Table; invalid_input with file and line for what is no time or number, for a
// window that does not begin and end at a row, and beyond 1,000 series or a million rows in one.
Result<std::vector<NabFile>> read_nab_folder(const std::filesystem::path& folder);

}  // namespace hf::app
