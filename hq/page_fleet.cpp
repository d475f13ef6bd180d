#include <algorithm>
#include <boost/json/array.hpp>
#include <charconv>
#include <cmath>

#include "hq/page.hpp"
#include "hq/page_json.hpp"

namespace hf::hq {
namespace {

namespace json = boost::json;

constexpr size_t kMaxSteps = 1500;
constexpr double kLastSecond = 253402300799;  // end of the year 9999

template <class T>
std::optional<T> number(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<Time> time(std::string_view text) {
  const auto value = number<double>(text);
  if (!value || !std::isfinite(*value) || *value < 0 || *value > kLastSecond) return std::nullopt;
  return from_unix_seconds(*value);
}

std::optional<wire::Id> id(std::string_view text) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (text.size() != 16 || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return wire::Id{value};
}

http::Response bad(std::string_view field) {
  return error_answer(400, "invalid_input", std::string(field) + ": see openapi.yaml", field);
}

// What is wanted, or the name of the parameter that is wrong.
std::expected<MinutesWanted, std::string_view> wanted_of(const Visit& visit) {
  MinutesWanted w{visit.site, {}, {}, {}, std::chrono::seconds(3600)};
  const auto scope = wire::scope_from(visit.query("scope"));
  const auto what = id(visit.query("id"));
  const auto from = time(visit.query("from")), to = time(visit.query("to"));
  const auto step = visit.query("step_s").empty() ? 3600 : number<int64_t>(visit.query("step_s")).value_or(0);
  constexpr std::array<int64_t, 4> kSteps{60, 900, 3600, 86400};
  if (!scope) return std::unexpected("scope");
  if (!what) return std::unexpected("id");
  if (!from) return std::unexpected("from");
  if (std::ranges::find(kSteps, step) == kSteps.end()) return std::unexpected("step_s");
  w.step = std::chrono::seconds(step);
  if (!to || *to < *from || (*to - *from) / w.step > static_cast<int64_t>(kMaxSteps)) return std::unexpected("to");
  w.what = {*scope, *what}, w.from = *from, w.to = *to;
  return w;
}

}  // namespace

Result<json::array> Page::incidents_json(std::optional<std::string> site, bool open_only, size_t limit) {
  auto found = parts_.store.incidents(std::move(site), open_only, limit);
  if (!found) return fail(std::move(found.error()));
  std::map<std::string, LabelTable> tables;
  json::array out;
  for (const auto& i : *found) {
    if (!tables.contains(i.site)) {
      auto labels = parts_.store.labels(i.site);
      if (!labels) return fail(std::move(labels.error()));
      tables[i.site] = std::move(*labels);
    }
    out.push_back(to_json(i, tables[i.site]));
  }
  return out;
}

void Page::overview(const VisitPtr& visit) {
  const Time now = parts_.clock.now();
  const auto sites = parts_.store.sites();
  if (!sites) return visit->answer(error_answer(sites.error()));
  auto open = incidents_json(std::nullopt, true, 500);
  if (!open) return visit->answer(error_answer(open.error()));
  auto joined = parts_.store.hq_incidents();
  if (!joined) return visit->answer(error_answer(joined.error()));
  std::erase_if(*joined, [](const HqIncident& i) { return i.closed.has_value(); });
  const auto known = std::ranges::count_if(*sites, [](const Site& s) { return !s.revoked; });
  const auto silent =
      std::ranges::count_if(*sites, [&](const Site& s) { return is_silent(s, now, parts_.silent_after); });
  visit->answer(json_answer(200, {{"now", unix_seconds(now)},
                                  {"revision", parts_.store.revision()},
                                  {"silent_after_s", parts_.silent_after.count()},
                                  {"all_silent", known >= 2 && silent == known},
                                  {"sites", all_to_json(*sites, now, parts_.silent_after)},
                                  {"open_incidents", std::move(*open)},
                                  {"hq_incidents", all_to_json(*joined)}}));
}

void Page::site(const VisitPtr& visit) {
  const auto site = parts_.store.site(visit->site);
  if (!site) return visit->answer(error_answer(site.error()));
  const auto labels = parts_.store.labels(visit->site);
  const auto seen = parts_.store.seen(visit->site);
  const auto gaps = parts_.store.gaps(visit->site);
  const auto refused = parts_.store.refused(visit->site);
  for (const auto* error : {labels ? nullptr : &labels.error(), seen ? nullptr : &seen.error(),
                            gaps ? nullptr : &gaps.error(), refused ? nullptr : &refused.error()})
    if (error != nullptr) return visit->answer(error_answer(*error));
  json::array lines, queues;
  for (const auto& named : *seen)
    (named.scope == wire::Scope::line ? lines : queues).push_back(to_json(named, *labels));
  visit->answer(json_answer(200, {{"site", to_json(*site, parts_.clock.now(), parts_.silent_after)},
                                  {"lines", std::move(lines)},
                                  {"queues", std::move(queues)},
                                  {"gaps", all_to_json(*gaps)},
                                  {"refused", all_to_json(*refused)}}));
}

void Page::minutes(const VisitPtr& visit) {
  const auto wanted = wanted_of(*visit);
  if (!wanted) return visit->answer(bad(wanted.error()));
  if (const auto site = parts_.store.site(visit->site); !site) return visit->answer(error_answer(site.error()));
  const auto steps = parts_.store.minutes(*wanted);
  if (!steps) return visit->answer(error_answer(steps.error()));
  const auto labels = parts_.store.labels(visit->site);
  if (!labels) return visit->answer(error_answer(labels.error()));
  json::object out = to_json(wanted->what, *labels);
  out["site"] = visit->site, out["scope"] = to_string(wanted->what.scope);
  out["step_s"] = wanted->step.count(), out["minutes"] = all_to_json(*steps);
  visit->answer(json_answer(200, out));
}

void Page::surveys(const VisitPtr& visit) {
  const auto from = time(visit->query("from")), to = time(visit->query("to"));
  if (!from) return visit->answer(bad("from"));
  if (!to || *to < *from) return visit->answer(bad("to"));
  if (const auto site = parts_.store.site(visit->site); !site) return visit->answer(error_answer(site.error()));
  const auto sums = parts_.store.surveys(visit->site, *from, *to);
  if (!sums) return visit->answer(error_answer(sums.error()));
  const auto labels = parts_.store.labels(visit->site);
  if (!labels) return visit->answer(error_answer(labels.error()));
  visit->answer(json_answer(200, {{"site", visit->site},
                                  {"from", unix_seconds(*from)},
                                  {"to", unix_seconds(*to)},
                                  {"fewest", metrics::SurveyFigures::kFewest},
                                  {"rows", all_to_json(*sums, *labels)}}));
}

void Page::incidents(const VisitPtr& visit) {
  const std::string site = visit->query("site"), open = visit->query("open"), limit = visit->query("limit");
  const auto count = limit.empty() ? std::optional<size_t>(100) : number<size_t>(limit);
  if (!count || *count < 1 || *count > 500) return visit->answer(bad("limit"));
  if (!open.empty() && open != "true" && open != "false") return visit->answer(bad("open"));
  auto found = incidents_json(site.empty() ? std::nullopt : std::optional(site), open == "true", *count);
  if (!found) return visit->answer(error_answer(found.error()));
  visit->answer(json_answer(200, {{"incidents", std::move(*found)}}));
}

void Page::hq_incidents(const VisitPtr& visit) {
  const auto joined = parts_.store.hq_incidents();
  if (!joined) return visit->answer(error_answer(joined.error()));
  visit->answer(json_answer(200, {{"hq_incidents", all_to_json(*joined)}}));
}

}  // namespace hf::hq
