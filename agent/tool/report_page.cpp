#include "agent/tool/report_page.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

#include "agent/incidents/why_words.hpp"
#include "agent/tool/queue_report.hpp"
#include "agent/tool/report_chart.hpp"
#include "agent/tool/report_words.hpp"

namespace hf::app {

namespace {

using incidents::Incident;
using incidents::Language;

constexpr std::string_view kStyle =
    "body{font:15px/1.45 system-ui,sans-serif;color:#1b1f24;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "h1{font-size:1.7rem;margin:0 0 .3rem}h2{font-size:1.25rem;margin:2rem 0 .5rem;border-bottom:2px solid #1b1f24}h3{font-size:1.05rem;margin:1.2rem 0 .3rem}"
    "table{border-collapse:collapse;width:100%;margin:.5rem 0}th,td{text-align:right;padding:.3rem .5rem;border-bottom:1px solid #c8ccd2}"
    "th:first-child,td:first-child{text-align:left}thead th{font-weight:600;background:#eef1f4}.note{color:#4a525c;font-size:.92rem}"
    "article{border:1px solid #8a929c;border-left:6px solid #a1260d;padding:.2rem 1rem .8rem;margin:1rem 0;break-inside:avoid}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:.5rem 0}dt{color:#4a525c}dd{margin:0;font-weight:600}"
    "time{white-space:nowrap;color:#4a525c}svg{width:100%;height:auto}@media print{body{margin:0;max-width:none;font-size:11pt}h2{break-after:avoid}}";

std::string html(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c == '&') out += "&amp;";
    else if (c == '<') out += "&lt;";
    else if (c == '>') out += "&gt;";
    else if (c == '"') out += "&quot;";
    else if (static_cast<unsigned char>(c) >= 0x20 || c == '\n') out += c;
  }
  return out;
}

std::string moment(Time t) { return fmt::format("{:%F %T}", fmt::gmtime(std::chrono::floor<std::chrono::seconds>(t).time_since_epoch().count())); }

class Page {
 public:
  Page(const History& history, Language language) : h_(history), language_(language), w_(report_words(language)) {}

  std::string make() {
    add("<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
        "'unsafe-inline'\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n",
        w_.language, w_.title, kStyle);
    head();
    own_report();
    add("<h2>{}</h2>\n", w_.told);
    if (h_.incidents.empty()) add("<p>{}</p>\n", w_.told_none);
    for (const Incident& incident : h_.incidents) tell(incident);
    limits();
    add("</body>\n</html>\n");
    return std::move(out_);
  }

 private:
  template <class... A>
  void add(fmt::format_string<A...> format, A&&... values) { fmt::format_to(std::back_inserter(out_), format, std::forward<A>(values)...); }
  void row(std::string_view name, const std::string& value) { add("<dt>{}</dt><dd>{}</dd>\n", name, value); }
  std::string length(std::optional<Duration> d) const { return d ? html(incidents::duration_words(*d, language_)) : "–"; }
  static std::string share(std::optional<double> s) { return s ? fmt::format("{:.0f} %", *s * 100) : "–"; }
  static std::string names(const std::vector<std::string>& all) { return html(fmt::format("{}", fmt::join(all, ", "))); }

  void head() {
    add("<h1>{}</h1>\n<p class=\"note\">{} {}</p>\n<dl>\n", w_.title, w_.files_note, w_.utc);
    row(w_.period, moment(h_.first) + " – " + moment(h_.last));
    row(w_.source, html(h_.source.product));
    row(w_.calls, std::to_string(h_.calls.size()));
    add("</dl>\n");
  }

  void figures(const std::vector<QueueFigures>& report) {
    add("<table>\n<thead><tr><th>{}</th><th>{}</th><th>{}</th><th>{}</th><th>{}</th><th>{}</th><th>{}</th><th>{}</th></tr></thead>\n<tbody>\n", w_.queue, w_.offered,
        w_.answered, w_.abandoned, w_.other, w_.asa, w_.level, w_.longest);
    for (const QueueFigures& f : report)
      add("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n", f.queue.empty() ? std::string(w_.all) : html(f.queue),
          f.offered, f.answered, f.abandoned, f.other, length(f.asa()), share(f.service_level()), f.answered == 0 ? "–" : length(f.longest));
    add("</tbody>\n</table>\n");
  }

  void own_report() {
    add("<h2>{}</h2>\n<p class=\"note\">{}</p>\n", w_.own_report, w_.own_note);
    figures(queue_report(h_.calls, {h_.first, h_.last + Duration(1)}, {}));
    add("<h3>{}</h3>\n{}", w_.chart, wait_chart(h_, w_));
  }

  void tell(const Incident& i) {
    add("<article>\n<h3>{}</h3>\n<dl>\n", html(incidents::kind_sentence(i.kind, language_)));
    row(w_.onset, moment(i.onset));
    row(w_.signalled, fmt::format("{}: {} {}", moment(i.signalled), length(i.signalled - i.onset), w_.after_onset));
    row(w_.closed, i.closed ? moment(*i.closed) : std::string(w_.still_open));
    if (!i.lines.empty()) row(w_.lines, names(i.lines));
    if (!i.queues.empty()) row(w_.queues, names(i.queues));
    if (!i.members.empty()) row(w_.phones, names(i.members));
    if (i.imposed_wait) row(w_.imposed, fmt::format("{} {} {} {}", length(*i.imposed_wait), w_.per_caller, i.affected_calls, w_.affected));
    if (i.imposed_wait) row(w_.avoidable, i.avoidable ? length(*i.avoidable) : std::string(w_.unknown));
    add("</dl>\n");
    evidence(i);
    if (!i.lines.empty() || !i.queues.empty()) twice(i);
    if (!i.first_checks.empty()) add("<h3>{}</h3>\n<ol>\n", w_.checks);
    for (const std::string& check : i.first_checks) add("<li>{}</li>\n", html(incidents::check_words(check, language_)));
    add("{}</article>\n", i.first_checks.empty() ? "" : "</ol>\n");
  }

  void evidence(const Incident& i) {
    add("<h3>{}</h3>\n<ul>\n", w_.evidence);
    for (const auto& e : i.evidence) add("<li>{}</li>\n", html(incidents::evidence_words(e, language_)));
    add("</ul>\n");
    if (i.chain.empty()) return;
    add("<h3>{}</h3>\n<ul>\n", w_.first_told);
    for (const auto& link : i.chain) add("<li><time>{}</time> {}</li>\n", moment(link.at), html(incidents::chain_words(link, language_)));
    add("</ul>\n");
  }

  // The queue report of the incident's time beside the callers' own wait in it.
  void twice(const Incident& i) {
    const Period period{i.onset, i.closed.value_or(h_.last + Duration(1))};
    add("<h3>{}: {} – {}</h3>\n<p>{}</p>\n", w_.same_time, moment(period.from), moment(period.to), w_.by_report);
    auto report = queue_report(h_.calls, period, i.queues);
    if (report.size() == 2) report.erase(report.begin());
    figures(report);
    const CallerFigures f = caller_figures(h_.calls, period, i.lines);
    add("<p>{}</p>\n<dl>\n", w_.by_callers);
    row(w_.callers, std::to_string(f.callers));
    row(w_.answered, fmt::format("{} ({}: {})", f.answered, w_.level, share(f.service_level())));
    row(w_.mean_wait, fmt::format("{} ({}: {})", length(f.mean()), w_.longest, f.answered == 0 ? "–" : length(f.longest)));
    row(w_.left, std::to_string(f.left));
    row(w_.left_before, std::to_string(f.left_before_queue));
    add("</dl>\n");
  }

  void limits() {
    const auto& s = h_.source;
    if (!s.agent_state || !s.channel_events || !s.dialplan_events) add("<h2>{}</h2>\n<ul>\n", w_.cannot);
    if (!s.agent_state) add("<li>{}</li>\n", w_.cannot_agents);
    if (!s.channel_events) add("<li>{}</li>\n", w_.cannot_channels);
    if (!s.dialplan_events) add("<li>{}</li>\n", w_.cannot_steps);
    if (!s.agent_state || !s.channel_events || !s.dialplan_events) add("</ul>\n");
    if (h_.warnings.empty()) return;
    add("<h2>{}</h2>\n<ul class=\"note\">\n", w_.warnings);
    for (const std::string& warning : h_.warnings) add("<li>{}</li>\n", html(warning));
    add("</ul>\n");
  }

  const History& h_;
  const Language language_;
  const ReportWords& w_;
  std::string out_;
};

}  // namespace

std::string report_page(const History& history, incidents::Language language) { return Page(history, language).make(); }

}  // namespace hf::app
