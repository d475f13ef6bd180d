#include "agent/web/tools_json.hpp"

#include <boost/json/array.hpp>

#include "agent/detect/catalogue.hpp"
#include "agent/web/to_json.hpp"

namespace hf::web {

namespace {

std::string_view name_of(pbx::SurveyQuestion question) {
  switch (question) {
    case pbx::SurveyQuestion::csat: return "csat";
    case pbx::SurveyQuestion::nps: return "nps";
    case pbx::SurveyQuestion::ces: return "ces";
    case pbx::SurveyQuestion::untold: break;
  }
  return "untold";
}

boost::json::object row_json(const SurveyRow& row) {
  const metrics::SurveyFigures f = metrics::figures(row.sum);
  return {{"queue", row.queue.id}, {"queue_label", row.queue.label}, {"question", name_of(row.sum.question)}, {"low", row.sum.low}, {"high", row.sum.high},
          {"answers", row.sum.answers}, {"bad", row.sum.bad}, {"mean", json(f.mean)}, {"nps", json(f.nps)}, {"csat", json(f.csat)}, {"poor", json(f.poor)}};
}

boost::json::array refused_json(const std::vector<std::pair<size_t, std::string>>& refused) {
  boost::json::array out;
  for (const auto& [line, problem] : refused) out.push_back({{"line", line}, {"problem", problem}});
  return out;
}

boost::json::object line_json(const SmdrLineView& l) {
  return {{"line", l.line}, {"verdict", l.verdict}, {"problem", l.problem}, {"start", json(l.start)}, {"end", json(l.end)}, {"ring_s", json(l.ring)}, {"talk_s", json(l.talk)},
          {"total_s", json(l.total)}, {"dialled", l.dialled}, {"device", l.device}, {"call", l.call}, {"caller", l.caller}, {"answered", l.answered}};
}

}  // namespace

boost::json::object to_json(const SurveyReport& report, Time from, Time to) {
  boost::json::array rows;
  for (const SurveyRow& row : report.rows) rows.push_back(row_json(row));
  return {{"from", json(from)}, {"to", json(to)}, {"fewest", metrics::SurveyFigures::kFewest}, {"too_old", report.too_old}, {"rows", std::move(rows)}};
}

boost::json::object to_json(const SurveyImport& i) {
  return {{"accepted", i.accepted}, {"bad", i.bad}, {"refused_in_all", i.refused_in_all}, {"refused", refused_json(i.refused)}};
}

boost::json::object to_json(const VoiceReport& report, Time from, Time to) {
  boost::json::array rows;
  for (const auto& [queue, sum] : report.rows) {
    const metrics::VoiceFigures f = metrics::figures(sum);
    rows.push_back({{"queue", queue.id}, {"queue_label", queue.label}, {"listeners", sum.listeners}, {"poor", sum.poor}, {"loss", json(f.loss)},
                    {"jitter_s", json(f.jitter)}, {"mos_lq", json(f.mos_lq)}, {"worst_mos_lq", json(f.worst_mos_lq)}});
  }
  return {{"from", json(from)}, {"to", json(to)}, {"poor_below", metrics::VoiceSum::kPoor / 100.0}, {"too_old", report.too_old}, {"rows", std::move(rows)}};
}

boost::json::object to_json(const CoverageView& c) {
  boost::json::array signatures, metrics;
  if (c.heard) {
    for (const detect::Coverage& one : detect::coverage(c.told, c.surveys)) {
      boost::json::array by;
      for (const std::string_view signal : one.seen_by) by.push_back(boost::json::string_view(signal));
      signatures.push_back({{"signature", one.signature}, {"seen_by", std::move(by)}, {"lacking", needs_json(one.lacking)}});
    }
    for (const detect::MetricCoverage& m : detect::metric_coverage(c.told, c.surveys))
      metrics.push_back({{"metric", boost::json::string_view(m.metric)}, {"lacking", needs_json(m.lacking)}});
  }
  return {{"heard", c.heard}, {"product", c.told.product}, {"signatures", std::move(signatures)}, {"metrics", std::move(metrics)}};
}

boost::json::object to_json(const ListenView& l) {
  boost::json::array heard, missing;
  for (const auto& h : l.heard) {
    boost::json::array examples;
    for (const std::string& e : h.examples) examples.push_back(json(e));
    heard.push_back({{"kind", h.kind}, {"count", h.count}, {"examples", std::move(examples)}});
  }
  for (const auto& [kind, reason] : l.missing) missing.push_back({{"kind", kind}, {"reason", reason}});
  return {{"name", l.name}, {"listening", l.listening}, {"from", json(l.from)}, {"listened_s", json(l.listened)}, {"heard", std::move(heard)}, {"clock_ahead_s", json(l.clock_ahead)},
          {"missing", std::move(missing)}};
}

boost::json::object to_json(const SmdrView& p) {
  boost::json::array doubts, lines;
  for (const std::string& d : p.doubts) doubts.push_back(json(d));
  for (const SmdrLineView& l : p.lines) lines.push_back(line_json(l));
  return {{"template", p.toml}, {"doubts", std::move(doubts)}, {"lines", std::move(lines)}};
}

}  // namespace hf::web
