// New versions on HQ's page: what it holds, which site runs, is offered and came to what; and the offering.
#include <boost/json.hpp>

#include "hq/page.hpp"
#include "hq/page_json.hpp"

namespace hf::hq {
namespace {

namespace json = boost::json;

json::object bundle_json(const HeldBundle& b) { return {{"version", b.version}, {"name", b.name}, {"sha256", b.sha256}, {"size", b.size}, {"added", unix_seconds(b.added)}}; }

json::object versions_json(const SiteVersions& s) {
  json::value report;
  if (s.report)
    report = {{"runs", s.report->runs}, {"target", s.report->target}, {"stage", s.report->stage}, {"outcome", s.report->outcome}, {"reason", s.report->reason}, {"at", unix_seconds(s.report->at)}};
  return {{"site", s.site}, {"offered", s.offered}, {"report", std::move(report)}};
}

}  // namespace

void Page::updates(const VisitPtr& visit) {
  if (parts_.offers == nullptr) return visit->answer(error_answer(404, "not_found", "no such address"));
  const auto bundles = parts_.offers->bundles();
  if (!bundles) return visit->answer(error_answer(bundles.error()));
  const auto sites = parts_.offers->sites();
  if (!sites) return visit->answer(error_answer(sites.error()));
  json::array held, told;
  for (const auto& bundle : *bundles) held.push_back(bundle_json(bundle));
  for (const auto& site : *sites) told.push_back(versions_json(site));
  visit->answer(json_answer(200, {{"bundles", std::move(held)}, {"sites", std::move(told)}}));
}

void Page::answer_change(const VisitPtr& visit, const char* action, const std::string& version, const Status& done) {
  const auto result = done ? access::AuditResult::done : access::AuditResult::refused;
  auto noted = parts_.access.audit().add({visit->session->user, visit->request.peer_address, action, visit->site, result, {}, version});
  if (!done) return visit->answer(error_answer(done.error()));
  if (!noted) return visit->answer(error_answer(noted.error()));
  visit->answer({204, {}, {}, nullptr});
}

void Page::offer(const VisitPtr& visit) {
  if (parts_.offers == nullptr) return visit->answer(error_answer(404, "not_found", "no such address"));
  const auto* version = visit->body.if_contains("version");
  if (version == nullptr || !version->is_string() || visit->body.size() != 1) return visit->answer(error_answer(400, "invalid_input", "version: must be a text, and nothing beside it", "version"));
  if (const auto site = parts_.store.site(visit->site); !site) return visit->answer(error_answer(site.error()));
  const std::string text(version->get_string());
  answer_change(visit, "update.offer", text.substr(0, 32), parts_.offers->offer(visit->site, text, parts_.clock.now()));
}

void Page::withdraw(const VisitPtr& visit) {
  if (parts_.offers == nullptr) return visit->answer(error_answer(404, "not_found", "no such address"));
  answer_change(visit, "update.withdraw", {}, parts_.offers->withdraw(visit->site));
}

}  // namespace hf::hq
