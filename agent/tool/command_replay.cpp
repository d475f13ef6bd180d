#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cstdio>
#include <string_view>

#include "agent/incidents/evidence_words.hpp"
#include "agent/incidents/why_words.hpp"
#include "agent/settings/smdr_template.hpp"
#include "agent/tool/command.hpp"
#include "agent/tool/ndjson_calls.hpp"
#include "agent/tool/ndjson_incidents.hpp"
#include "agent/tool/replay.hpp"
#include "agent/tool/report_page.hpp"
#include "hal/pbx/smdr/smdr_capture.hpp"
#include "hal/platform/clock.hpp"
#include "hal/platform/files.hpp"

namespace hf::app {

namespace {

using incidents::Language;

std::string clock_time(Time t) {
  return fmt::format("{:%F %T} UTC", fmt::gmtime(std::chrono::system_clock::to_time_t(std::chrono::time_point_cast<std::chrono::system_clock::duration>(t))));
}

std::string joined(const std::vector<std::string>& names) { return fmt::format("{}", fmt::join(names, ", ")); }

void print_incident(const incidents::Incident& incident, Language language) {
  fmt::print("\n{}\n", incidents::kind_sentence(incident.kind, language));
  if (!incident.lines.empty()) fmt::print("  lines      {}\n", joined(incident.lines));
  if (!incident.queues.empty()) fmt::print("  queues     {}\n", joined(incident.queues));
  if (!incident.members.empty()) fmt::print("  phones     {}\n", joined(incident.members));
  fmt::print("  onset      {} (between {} and {})\n", clock_time(incident.onset), clock_time(incident.onset_low), clock_time(incident.onset_high));
  fmt::print("  signalled  {}, {} after the onset\n", clock_time(incident.signalled),
             incidents::duration_words(incident.signalled - incident.onset, Language::en));
  fmt::print("  closed     {}\n", incident.closed ? clock_time(*incident.closed) : "still open at the end");
  if (incident.imposed_wait) fmt::print("  imposed    {:.1f} s for each of {} callers\n", seconds(*incident.imposed_wait), incident.affected_calls);
  for (const auto& evidence : incident.evidence) fmt::print("  - {}\n", incidents::evidence_words(evidence, language));
  for (const auto& link : incident.chain) fmt::print("  {} {}\n", clock_time(link.at), incidents::chain_words(link, language));
  if (incident.shares) {
    fmt::print("  = {}\n", incidents::shares_words(*incident.shares, language));
    for (const auto& part : incident.shares->parts) fmt::print("    {}\n", incidents::share_words(part, language));
  }
  for (const auto& check : incident.first_checks) fmt::print("  > {}\n", incidents::check_words(check, language));
}

bool write_lines(const std::string& path, const std::string& lines) {
  if (path.empty()) return true;
  if (path == "-") return std::fwrite(lines.data(), 1, lines.size(), stdout) == lines.size();
  if (auto written = write_file(path, lines, 0644); !written) {
    fmt::print(stderr, "holdfast replay: {}\n", written.error().what);
    return false;
  }
  return true;
}

template <class T, class Line>
std::string lines_of(const std::vector<T>& values, Line line) {
  std::string out;
  for (const auto& value : values) out += line(value);
  return out;
}

Result<History> read_records(const ReplayCommand& command) {
  if (command.paths.size() != 1) return fail(ErrorKind::invalid_input, "--smdr-template reads one file of call records");
  auto how = settings::load_smdr_template(command.smdr_template);
  if (!how) return fail(std::move(how.error()));
  const auto zone = TimeZone::find(command.time_zone);
  if (!zone) return fail(zone.error());
  auto reader = pbx::SmdrCapture::open(command.paths.front(), std::move(*how), *zone, SipKey{});
  if (!reader) return fail(std::move(reader.error()));
  return replay(**reader, calls::SiteModel{});
}

Result<History> read(const ReplayCommand& command) {
  if (!command.smdr_template.empty()) return read_records(command);
  const std::filesystem::path first(command.paths.front());
  for (const auto& journal : {first, first / "journal"})
    if (command.paths.size() == 1 && is_journal(journal)) return replay_journal(journal, system_clock().now());
  return replay({command.paths.begin(), command.paths.end()}, SipKey{}, calls::SiteModel{});
}

}  // namespace

int run_replay(const ReplayCommand& command) {
  auto history = read(command);
  if (!history) {
    fmt::print(stderr, "holdfast replay: {}\n", history.error().what);
    return 2;
  }
  const auto call_line = [&](const calls::Call& call) { return call_ndjson(call, history->source_of(call)); };
  const auto incident_line = [](const incidents::Incident& incident) { return ndjson(incident); };
  const bool written = write_lines(command.calls, lines_of(history->calls, call_line)) &&
                       write_lines(command.incidents, lines_of(history->incidents, incident_line)) &&
                       write_lines(command.agents, lines_of(history->agents, agent_ndjson)) &&
                       write_lines(command.report, command.report.empty() ? std::string{} : report_page(*history, command.russian ? Language::ru : Language::en));
  for (const auto& warning : history->warnings) fmt::print(stderr, "warning: {}\n", warning);
  if (command.calls == "-" || command.incidents == "-" || command.agents == "-" || command.report == "-") return written ? 0 : 2;
  fmt::print("{} events, {} calls, {} to {}\n", history->events, history->calls.size(), clock_time(history->first), clock_time(history->last));
  const size_t raised = history->incidents.size();
  fmt::print("{} {} would have been raised\n", raised, raised == 1 ? "incident" : "incidents");
  for (const auto& incident : history->incidents) print_incident(incident, command.russian ? Language::ru : Language::en);
  return written ? 0 : 2;
}

}  // namespace hf::app
