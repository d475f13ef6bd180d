#include "agent/app/source_tools.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "agent/app/live_view.hpp"
#include "agent/calls/pbx_name.hpp"
#include "agent/settings/smdr_template.hpp"
#include "hal/net/digest.hpp"
#include "hal/pbx/survey_csv.hpp"
#include "hal/platform/files.hpp"

namespace hf::app {

namespace {

constexpr size_t kAtOnce = 1'000;             // events handed to the loop together
constexpr size_t kImportsKept = size_t{1} << 20;  // bytes of the list of files taken: 16,000

std::string_view name_of(pbx::SmdrVerdict verdict) {
  switch (verdict) {
    case pbx::SmdrVerdict::record: return "record";
    case pbx::SmdrVerdict::passed_over: return "passed_over";
    case pbx::SmdrVerdict::malformed: return "malformed";
  }
  return "malformed";
}

std::string hex_of(const net::Sha256& digest) {
  std::string out;
  for (const uint8_t byte : digest) out += fmt::format("{:02x}", byte);
  return out;
}

}  // namespace

std::string toml_of(const pbx::SmdrTemplate& how) {
  const std::string all = settings::dump(how);
  std::string out;
  for (size_t from = all.find_first_not_of('\n'); from < all.size();) {
    const size_t end = std::min(all.find('\n', from), all.size());
    const std::string_view line = std::string_view(all).substr(from, end - from);
    if (!line.ends_with(" = \"\"") || line.starts_with("separator")) out.append(line) += '\n';
    from = end + 1;
  }
  return out;
}

web::SmdrView view_of(const pbx::SmdrProposal& proposal) {
  web::SmdrView view;
  view.toml = toml_of(proposal.how);
  for (const pbx::SmdrDoubt doubt : proposal.doubts) view.doubts.emplace_back(to_string(doubt));
  view.lines.reserve(proposal.lines.size());
  for (const pbx::SmdrLineRead& l : proposal.lines) {
    const pbx::SmdrRecord& r = l.record;
    view.lines.push_back({l.line, std::string(name_of(l.verdict)), l.problem, r.start, r.end, r.ring, r.talk, r.total, r.line, r.device, r.call, r.caller != 0, r.answered});
  }
  return view;
}

web::ListenView view_of(const pbx::ListenReport& report) {
  web::ListenView view;
  view.from = report.from, view.listened = report.listened, view.clock_ahead = report.clock_ahead;
  view.heard.reserve(report.heard.size());
  for (const auto& h : report.heard) view.heard.push_back({std::string(h.kind), h.count, h.examples});
  for (const auto& m : report.missing) view.missing.emplace_back(m.kind, m.reason);
  return view;
}

Result<AppTools::SiteNow> AppTools::site() {
  return on_loop(parts_.inbox, [this] {
    SiteNow now{parts_.engine.site_model(), parts_.engine.health().journal_problem, 0, 0, parts_.engine.now(), {}};
    now.pbxs.reserve(parts_.engine.core().pbxs().size());
    for (const auto& [name, pbx] : parts_.engine.core().pbxs()) {
      now.too_old += pbx.surveys().too_old(), now.too_old_voice += pbx.voice().too_old();
      now.pbxs.push_back(name);
    }
    return now;
  });
}

Result<web::SurveyReport> AppTools::surveys(Time from, Time to) {
  auto found = parts_.store.surveys(from, to);
  if (!found) return fail(std::move(found.error()));
  const auto now = site();
  if (!now) return fail(now.error());
  const Labels labels(now->model);
  web::SurveyReport report;
  report.too_old = now->too_old;
  for (metrics::SurveySum& sum : metrics::joined(*found)) {
    web::Named queue = sum.queue.empty() ? web::Named{} : labels.queue(sum.queue);
    report.rows.push_back({std::move(queue), std::move(sum)});
  }
  return report;
}

Result<web::VoiceReport> AppTools::voice(Time from, Time to) {
  auto found = parts_.store.voice(from, to);
  if (!found) return fail(std::move(found.error()));
  const auto now = site();
  if (!now) return fail(now.error());
  const Labels labels(now->model);
  web::VoiceReport report;
  report.too_old = now->too_old_voice;
  for (metrics::VoiceSum& sum : metrics::joined(*found)) {
    web::Named queue = sum.queue.empty() ? web::Named{} : labels.queue(sum.queue);
    report.rows.emplace_back(std::move(queue), std::move(sum));
  }
  return report;
}

Result<bool> AppTools::taken_before(const std::string& digest) const {
  const auto list = read_file(parts_.state_dir / "survey-imports", kImportsKept);
  if (!list && list.error().kind == ErrorKind::not_found) return false;
  if (!list) return fail(list.error());
  return list->find(digest) != list->npos;
}

Status AppTools::remember(const std::string& digest) {
  const Path path = parts_.state_dir / "survey-imports";
  std::string list = read_file(path, kImportsKept).value_or(std::string{});
  if (list.size() + digest.size() + 1 > kImportsKept) list.erase(0, kImportsKept / 2);
  return write_file(path, list + digest + '\n', 0600);
}

// Into the journal, like everything that the core believes. A file is remembered before it is taken: after a power cut between the two its
// answers are missing and not doubled.
Result<web::SurveyImport> AppTools::import_surveys(std::string_view csv) {
  const auto now = site();
  if (!now) return fail(now.error());
  if (!now->journal_problem.empty()) return fail(ErrorKind::busy, now->journal_problem);
  const auto zone = TimeZone::find(now->model.time_zone.empty() ? "UTC" : now->model.time_zone);
  if (!zone) return fail(zone.error());
  auto file = pbx::read_survey_csv(csv, *zone);
  if (!file) return fail(std::move(file.error()));
  const std::string digest = hex_of(net::sha256(csv));
  const auto before = taken_before(digest);
  if (!before) return fail(before.error());
  if (*before) return fail(ErrorKind::invalid_input, "this file was taken before: its answers would count twice");
  if (auto kept = remember(digest); !kept) return fail(std::move(kept.error()));
  web::SurveyImport done{file->answers.size(), 0, file->refused_in_all, std::move(file->refused)};
  std::map<std::string, std::vector<pbx::CallEvent>> events;  // by the PBX that the queue names
  for (pbx::SurveyAnswered& answer : file->answers) {
    done.bad += answer.valid() ? 0 : 1;
    std::string pbx(calls::pbx_of(answer.queue));
    if (std::ranges::find(now->pbxs, pbx) == now->pbxs.end()) pbx.clear();
    else answer.queue = std::string(calls::within_pbx(answer.queue));
    auto& batch = events[pbx];
    batch.push_back({now->at, {}, std::move(answer)});
    if (batch.size() == kAtOnce) parts_.inbox.door(pbx).on(std::exchange(batch, {}), {});
  }
  for (auto& [pbx, batch] : events)
    if (!batch.empty()) parts_.inbox.door(pbx).on(std::move(batch), {});
  return done;
}

// What the sources said that they can see, taken together.
web::CoverageView AppTools::coverage() {
  const auto seen = on_loop(parts_.inbox, [this] {
    web::CoverageView all;
    for (const auto& [name, core] : parts_.engine.core().pbxs()) {
      const pbx::SourceUp& one = core.tracker().source();
      all.surveys = all.surveys || core.detector().surveys_heard();
      if (one.product.empty()) continue;
      pbx::SourceUp& told = all.told;
      told.told_at_end = one.told_at_end && (told.told_at_end || !all.heard);
      told.product += (all.heard ? ", " : "") + one.product;
      told.channel_events |= one.channel_events, told.dialplan_events |= one.dialplan_events, told.agent_state |= one.agent_state;
      all.heard = true;
    }
    return all;
  });
  return seen ? *seen : web::CoverageView{};
}

Status AppTools::listen(std::chrono::seconds length) {
  for (const NamedSource& source : parts_.sources)
    if (source.heard) source.heard->begin(parts_.clock.now(), length);
  return {};
}

std::vector<web::ListenView> AppTools::listening() {
  const Time now = parts_.clock.now();
  std::vector<web::ListenView> views;
  views.reserve(parts_.sources.size());
  for (const NamedSource& source : parts_.sources) {
    const auto report = source.heard ? source.heard->report(now, source.source.source->describe().kind) : std::nullopt;
    web::ListenView view = report ? view_of(*report) : web::ListenView{};
    view.name = cursor_name(source.pbx);
    view.listening = source.heard && source.heard->listening(now);
    views.push_back(std::move(view));
  }
  return views;
}

Result<web::SmdrView> AppTools::propose_smdr(std::string_view lines) {
  const auto now = site();
  if (!now) return fail(now.error());
  const auto zone = TimeZone::find(now->model.time_zone.empty() ? "UTC" : now->model.time_zone);
  if (!zone) return fail(zone.error());
  const auto proposal = pbx::propose_smdr(lines, *zone);
  if (!proposal) return fail(proposal.error());
  return view_of(*proposal);
}

}  // namespace hf::app
