#include "agent/web/route.hpp"

#include <array>

#include "agent/web/handlers.hpp"

namespace hf::web {

namespace {

using access::Role;
using enum http::Method;

constexpr size_t kSmall = 4096;          // before login, and for short forms
constexpr size_t kRule = 1 << 14;        // with a runbook
constexpr size_t kEvents = 1 << 18;      // a connector's batch
constexpr size_t kSettings = 1 << 18;    // 64 KiB of text, as JSON
constexpr size_t kPasted = 1 << 18;      // lines of call records, as JSON
constexpr size_t kSurveys = 3 << 20;     // a file of 2 MiB, as JSON
constexpr size_t kPiece = 1 << 20;       // of a bundle: updates::kPage
constexpr size_t kSiteModel = 1 << 20;   // 2,000 lines and 1,000 queues with long labels

constexpr std::array kRoutes = {
    Route{get, "/api/v1/openapi.yaml", Role::none, 0, "", at_once<openapi>},
    Route{get, "/api/v1/state", Role::none, 0, "", at_once<state>},
    Route{post, "/api/v1/setup", Role::none, kSmall, "", setup},
    Route{post, "/api/v1/login", Role::none, kSmall, "", login},
    Route{post, "/api/v1/logout", Role::viewer, 0, "", at_once<logout>},
    Route{get, "/api/v1/session", Role::viewer, 0, "", at_once<session>},
    Route{post, "/api/v1/password", Role::viewer, kSmall, "", change_password},
    Route{get, "/api/v1/users", Role::admin, 0, "", at_once<users>},
    Route{post, "/api/v1/users", Role::admin, kSmall, "", add_user},
    Route{patch, "/api/v1/users/{name}", Role::admin, kSmall, "", change_user},
    Route{del, "/api/v1/users/{name}", Role::admin, 0, "", at_once<delete_user>},
    Route{get, "/api/v1/audit", Role::admin, 0, "before limit", at_once<audit>},
    Route{get, "/api/v1/audit/verify", Role::admin, 0, "", at_once<verify_audit>},
    Route{get, "/api/v1/audit/export", Role::admin, 0, "after", at_once<export_audit>},
    Route{get, "/api/v1/site-model", Role::viewer, 0, "", at_once<site_model>},
    Route{put, "/api/v1/site-model", Role::admin, kSiteModel, "", at_once<set_site_model>},
    Route{get, "/api/v1/live", Role::viewer, 0, "", at_once<live>},
    Route{get, "/api/v1/live/events", Role::viewer, 0, "", at_once<live_events>},
    Route{get, "/api/v1/incidents", Role::viewer, 0, "open from to limit", at_once<incidents_list>},
    Route{get, "/api/v1/incidents/{id}", Role::viewer, 0, "", at_once<incident>},
    Route{post, "/api/v1/incidents/{id}/acknowledge", Role::viewer, 0, "", at_once<acknowledge>},
    Route{get, "/api/v1/minutes", Role::viewer, 0, "scope id from to step_s", at_once<minutes>},
    Route{get, "/api/v1/signals", Role::viewer, 0, "", at_once<signals>},
    Route{get, "/api/v1/formulas", Role::viewer, 0, "", at_once<formulas>},
    Route{get, "/api/v1/sources", Role::viewer, 0, "", at_once<sources>},
    Route{get, "/api/v1/coverage", Role::viewer, 0, "", at_once<coverage>},
    Route{get, "/api/v1/sources/listen", Role::viewer, 0, "", at_once<listening>},
    Route{post, "/api/v1/sources/listen", Role::admin, kSmall, "", at_once<listen>},
    Route{post, "/api/v1/smdr/propose", Role::admin, kPasted, "", at_once<propose_smdr>},
    Route{get, "/api/v1/surveys", Role::viewer, 0, "from to", at_once<surveys>},
    Route{get, "/api/v1/voice", Role::viewer, 0, "from to", at_once<voice>},
    Route{post, "/api/v1/surveys", Role::admin, kSurveys, "", at_once<import_surveys>},
    Route{post, "/api/v1/events", Role::none, kEvents, "", at_once<post_events>, true},
    Route{get, "/api/v1/outbox", Role::viewer, 0, "before limit", at_once<outbox>},
    Route{get, "/api/v1/outbox/{sequence}", Role::viewer, 0, "", at_once<outbox_item>},
    Route{get, "/api/v1/hq", Role::viewer, 0, "", at_once<hq>},
    Route{get, "/api/v1/settings", Role::admin, 0, "", at_once<settings>},
    Route{put, "/api/v1/settings", Role::admin, kSettings, "", at_once<set_settings>},
    Route{post, "/api/v1/settings/check", Role::admin, kSettings, "", at_once<check_settings>},
    Route{post, "/api/v1/settings/enrolment", Role::admin, 0, "", at_once<make_enrolment_request>},
    Route{put, "/api/v1/settings/files/{name}", Role::admin, kSettings, "", at_once<keep_settings_file>},
    Route{del, "/api/v1/settings/files/{name}", Role::admin, 0, "", at_once<remove_settings_file>},
    Route{get, "/api/v1/webhook", Role::admin, 0, "", at_once<webhook>},
    Route{put, "/api/v1/webhook", Role::admin, kSmall, "", at_once<set_webhook>},
    Route{post, "/api/v1/webhook/test", Role::admin, 0, "", at_once<test_webhook>},
    Route{get, "/api/v1/webhook/deliveries", Role::admin, 0, "limit", at_once<webhook_deliveries>},
    Route{get, "/api/v1/rules", Role::viewer, 0, "", at_once<rules_list>},
    Route{post, "/api/v1/rules", Role::admin, kRule, "", at_once<add_rule>},
    Route{post, "/api/v1/rules/check", Role::viewer, kSmall, "", at_once<check_rule>},
    Route{put, "/api/v1/rules/{id}", Role::admin, kRule, "", at_once<set_rule>},
    Route{del, "/api/v1/rules/{id}", Role::admin, 0, "", at_once<delete_rule>},
    Route{post, "/api/v1/rules/{id}/snooze", Role::admin, kSmall, "", at_once<snooze_rule>},
    Route{get, "/api/v1/firings", Role::viewer, 0, "rule limit", at_once<firings>},
    Route{post, "/api/v1/backtests", Role::admin, kSmall, "", at_once<begin_backtest>},
    Route{get, "/api/v1/backtests/{id}", Role::viewer, 0, "", at_once<backtest>},
    Route{del, "/api/v1/backtests/{id}", Role::admin, 0, "", at_once<cancel_backtest>},
    Route{get, "/api/v1/hypotheses", Role::viewer, 0, "", at_once<hypotheses>},
    Route{post, "/api/v1/hypotheses", Role::admin, kRule, "", at_once<add_hypothesis>},
    Route{del, "/api/v1/hypotheses/{id}", Role::admin, 0, "", at_once<delete_hypothesis>},
    Route{get, "/api/v1/changes", Role::viewer, 0, "", at_once<changes>},
    Route{post, "/api/v1/changes", Role::admin, kRule, "", at_once<declare_change>},
    Route{del, "/api/v1/changes/{id}", Role::admin, 0, "", at_once<end_change>},
    Route{get, "/api/v1/health", Role::viewer, 0, "", at_once<health>},
    Route{get, "/api/v1/updates", Role::viewer, 0, "", at_once<updates_now>},
    Route{post, "/api/v1/updates/upload", Role::admin, kSmall, "", at_once<begin_upload>},
    Route{put, "/api/v1/updates/upload", Role::admin, kPiece, "offset", at_once<append_upload>, false, true},
    Route{post, "/api/v1/updates/bundles/{id}/inspect", Role::admin, 0, "", at_once<inspect_bundle>},
    Route{post, "/api/v1/updates/bundles/{id}/install", Role::admin, kSmall, "", at_once<install_bundle>},
    Route{del, "/api/v1/updates/bundles/{id}", Role::admin, 0, "", at_once<discard_bundle>},
    Route{post, "/api/v1/updates/restart", Role::admin, kSmall, "", at_once<restart_box>},
    Route{get, "/api/v1/machine", Role::admin, 0, "", machine_now},
    Route{put, "/api/v1/machine/network", Role::admin, kSmall, "", set_network},
    Route{post, "/api/v1/machine/network/confirm", Role::admin, kSmall, "", confirm_network},
    Route{post, "/api/v1/machine/network/revert", Role::admin, 0, "", revert_network},
    Route{put, "/api/v1/machine/time-servers", Role::admin, kSmall, "", set_time_servers},
    Route{put, "/api/v1/machine/zone", Role::admin, kSmall, "", set_zone},
    Route{put, "/api/v1/machine/hostname", Role::admin, kSmall, "", set_hostname},
    Route{put, "/api/v1/machine/time", Role::admin, kSmall, "", set_time},
    Route{post, "/api/v1/machine/power", Role::admin, kSmall, "", shut_down},
    Route{del, "/api/v1/machine/power", Role::admin, 0, "", cancel_shutdown},
    Route{post, "/api/v1/machine/reset", Role::admin, kSmall, "", factory_reset},
    Route{post, "/api/v1/machine/diagnostics", Role::admin, 0, "", write_diagnostics},
    Route{get, "/api/v1/machine/audit", Role::admin, 0, "", machine_audit},
};

std::string_view next_segment(std::string_view& rest) {
  rest.remove_prefix(1);  // the slash
  const size_t end = std::min(rest.find('/'), rest.size());
  const std::string_view segment = rest.substr(0, end);
  rest.remove_prefix(end);
  return segment;
}

bool fits(std::string_view pattern, std::string_view path, std::map<std::string, std::string, std::less<>>& names) {
  names.clear();
  while (!pattern.empty() && !path.empty()) {
    if (pattern[0] != '/' || path[0] != '/') return false;
    const std::string_view want = next_segment(pattern), have = next_segment(path);
    if (want.starts_with('{') && !have.empty() && have.size() <= 128) names[std::string(want.substr(1, want.size() - 2))] = have;
    else if (want != have) return false;
  }
  return pattern.empty() && path.empty();
}

}  // namespace

std::span<const Route> routes() { return kRoutes; }

std::string_view to_string(http::Method method) {
  switch (method) {
    case get: return "GET";
    case post: return "POST";
    case put: return "PUT";
    case patch: return "PATCH";
    case del: return "DELETE";
    case head: return "HEAD";
    case other: return "OTHER";
  }
  return "OTHER";
}

Match match(http::Method method, std::string_view path) {
  Match out;
  for (const Route& route : kRoutes) {
    std::map<std::string, std::string, std::less<>> names;
    if (!fits(route.path, path, names)) continue;
    if (route.method == method) return {Found::route, &route, std::move(names), {}};
    out.found = Found::other_method;
    out.allow += (out.allow.empty() ? "" : ", ") + std::string(to_string(route.method));
  }
  return out;
}

}  // namespace hf::web
