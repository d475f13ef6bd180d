#include "firmware/diagnostics/report.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <boost/json.hpp>

#include "firmware/diagnostics/persons.hpp"
#include "firmware/health/checks.hpp"
#include "hal/platform/json_reading.hpp"
#include "hal/platform/log.hpp"

namespace hf::diagnostics {

namespace {

namespace json = boost::json;

constexpr size_t kMaxSection = size_t{1} << 20, kMaxReport = size_t{2} << 20, kMaxLine = 600;

std::string stamp(Time at) { return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(std::chrono::floor<std::chrono::seconds>(at)))); }

std::string line_of(std::string_view text, bool kernel = false) { return (kernel ? without_addresses(text) : without_persons(text)).substr(0, kMaxLine); }

template <class T>
std::string or_unknown(const std::optional<T>& value, std::string_view unit) {
  return value ? fmt::format("{} {}", *value, unit) : "unknown";
}

std::string megabytes(const std::optional<uint64_t>& bytes) { return bytes ? fmt::format("{} MB", *bytes >> 20) : "unknown"; }

// The newest lines that fit.
void add(std::string& report, const Section& section) {
  size_t first = section.lines.size(), bytes = 0;
  while (first > 0 && bytes + section.lines[first - 1].size() + 1 <= kMaxSection) bytes += section.lines[--first].size() + 1;
  report += fmt::format("\n== {} ==\n", section.name);
  if (first > 0) report += fmt::format("({} older lines left out)\n", first);
  for (size_t i = first; i < section.lines.size() && report.size() < kMaxReport; ++i) report += escape_for_log(section.lines[i]) + "\n";
}

}  // namespace

Section health_section(const Result<std::string>& health_json) {
  Section section{"health", {}};
  if (!health_json) return section.lines.push_back(health_json.error().what), section;
  boost::system::error_code wrong;
  const auto value = json::parse(*health_json, wrong);
  if (wrong || !value.is_object()) return section.lines.emplace_back("what the health check left cannot be read"), section;
  const auto& record = value.get_object();
  section.lines.push_back(fmt::format("version {}, {}", text_of(record, "version"), flag_of(record, "good") ? "good" : "NOT GOOD"));
  for (const auto& check : list_of(record, "checks"))
    if (check.is_object())
      section.lines.push_back(fmt::format("{:<5}{:<11}{}", flag_of(check.get_object(), "good") ? "good" : "BAD", text_of(check.get_object(), "name"), line_of(text_of(check.get_object(), "what"))));
  if (const auto failed = text_of(record, "failed_version"); !failed.empty()) section.lines.push_back(fmt::format("version {} was given back: {}", failed, line_of(text_of(record, "failed"))));
  return section;
}

Section sources_section(const Result<std::string>& status_json) {
  Section section{"sources", {}};
  const auto word = status_json ? health::read_agent_word(*status_json) : Result<health::AgentWord>(fail(status_json.error()));
  if (!word) return section.lines.push_back(word.error().what), section;
  section.lines.push_back(fmt::format("agent {}, started {}, last heard {}", word->version, stamp(word->started), stamp(word->at)));
  for (const auto& source : word->sources) section.lines.push_back(fmt::format("{}: {}", line_of(source.name), source.heard ? "heard" : "NOT HEARD"));
  return section;
}

Section device_section(const std::string& name, const Result<device::Fields>& answer) {
  Section section{name, {}};
  if (!answer) return section.lines.push_back(line_of(answer.error().what)), section;
  for (const auto& [key, value] : *answer) section.lines.push_back(fmt::format("{} {}", key, line_of(value)));
  return section;
}

Section board_section(const board::Facts& f) {
  Section section{"board", {}};
  auto& lines = section.lines;
  for (const auto& t : f.temperatures) lines.push_back(fmt::format("{}: {:.1f} degrees, limit {}", t.sensor, t.celsius, t.limit ? fmt::format("{:.0f}", *t.limit) : "unknown"));
  for (const auto& fan : f.fans) lines.push_back(fmt::format("{}: {} turns a minute", fan.sensor, fan.rpm));
  for (const auto& l : f.links) lines.push_back(fmt::format("{}: {}, {}, {} errors, {} dropped", l.name, l.up ? "up" : "DOWN", or_unknown(l.mbps, "Mbit/s"), l.errors, l.dropped));
  for (const auto& d : f.disks) lines.push_back(fmt::format("{}: worn {}, {}", d.name, or_unknown(d.worn_percent, "%"), !d.failing ? "unknown" : *d.failing ? "FAILING" : "well"));
  lines.push_back(fmt::format("memory {}, free {}", megabytes(f.memory_total), megabytes(f.memory_available)));
  lines.push_back(fmt::format("data {}, free {}", megabytes(f.disk_total), megabytes(f.disk_free)));
  lines.push_back(fmt::format("clock {}, {}", f.clock.source, !f.clock.synchronised ? "unknown" : *f.clock.synchronised ? "kept right" : "NOT KEPT RIGHT"));
  lines.push_back(fmt::format("TPM {}", f.tpm.value_or("none")));
  return section;
}

Section log_section(const Result<std::vector<Entry>>& log) {
  Section section{"log", {}};
  if (!log) return section.lines.push_back(log.error().what), section;
  for (const auto& entry : *log) section.lines.push_back(fmt::format("{} {}: {}", stamp(entry.at), entry.from, line_of(entry.text, entry.kernel)));
  return section;
}

std::string write_report(const std::vector<Section>& sections, Time now) {
  std::string report = fmt::format("Holdfast diagnostics, {}\nNumbers that people dial, accounts and the last part of addresses were taken out.\n", stamp(now));
  for (const auto& section : sections) add(report, section);
  return report;
}

std::string report_name(Time now) {
  return fmt::format("holdfast-diagnostics-{:%Y%m%dT%H%M%SZ}.txt", fmt::gmtime(std::chrono::system_clock::to_time_t(std::chrono::floor<std::chrono::seconds>(now))));
}

}  // namespace hf::diagnostics
