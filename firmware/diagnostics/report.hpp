// What whoever helps from afar must know of a box, as one text that a site can read before it hands it on. In: what the box says of itself. Out: lines, nobody named in them.
#pragma once

#include <string>
#include <vector>

#include "hal/board/facts.hpp"
#include "hal/device/message.hpp"
#include "hal/platform/result.hpp"
#include "hal/platform/time.hpp"

namespace hf::diagnostics {

struct Section {
  std::string name;
  std::vector<std::string> lines;
};

struct Entry {  // of the system's log
  Time at{};
  std::string from, text;  // "holdfast-agent"
  bool kernel = false;
};

// The parts. What could not be had is a line that says why.
Section health_section(const Result<std::string>& health_json);
Section sources_section(const Result<std::string>& status_json);
Section device_section(const std::string& name, const Result<device::Fields>& answer);
Section board_section(const board::Facts& facts);
Section log_section(const Result<std::vector<Entry>>& log);

// 2 MiB at most: of a section that is too long its end stays, and a line says so.
std::string write_report(const std::vector<Section>& sections, Time now);
// "holdfast-diagnostics-20261127T220501Z.txt"
std::string report_name(Time now);

}  // namespace hf::diagnostics
