#include "agent/notify/message.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>

#include "hal/net/digest.hpp"
#include "hal/platform/hex.hpp"

namespace hf::notify {

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

value json(const std::optional<Time>& t) { return t ? value(unix_seconds(*t)) : value(nullptr); }
value json(const std::optional<Duration>& d) { return d ? value(seconds(*d)) : value(nullptr); }

value rule_json(const std::optional<RuleName>& rule) {
  if (!rule) return nullptr;
  return object{{"id", rule->id}, {"name", rule->name}, {"severity", rule->severity}, {"owner", rule->owner}, {"runbook", rule->runbook}};
}

object incident_json(const IncidentMessage& i, bool dialled_numbers) {
  array lines, queues;
  for (const auto& line : i.lines) {
    object one{{"label", line.label}};
    if (dialled_numbers) one["number"] = line.number;
    lines.push_back(std::move(one));
  }
  for (const auto& queue : i.queues) queues.push_back(object{{"label", queue}});
  return {{"id", i.id},
          {"kind", i.kind},
          {"text", i.text},
          {"lines", std::move(lines)},
          {"queues", std::move(queues)},
          {"onset", unix_seconds(i.onset)},
          {"signalled", unix_seconds(i.signalled)},
          {"closed", json(i.closed)},
          {"imposed_wait_s", json(i.imposed_wait)},
          {"affected_calls", i.affected_calls},
          {"avoidable_caller_s", json(i.avoidable)},
          {"imposed_caller_s", seconds(i.imposed)},
          {"rule", rule_json(i.rule)},
          {"declared", i.declared.empty() ? value(nullptr) : value(i.declared)}};
}

bool moved(const std::optional<Duration>& told, const std::optional<Duration>& now) {
  if (!told || !now) return now.has_value() && !told;
  const Duration by = *now > *told ? *now - *told : *told - *now;
  return by >= std::chrono::seconds(3) && by * 20 >= *told;
}

}  // namespace

std::string_view to_string(News news) {
  switch (news) {
    case News::opened: return "opened";
    case News::changed: return "changed";
    case News::closed: return "closed";
    case News::test: return "test";
  }
  return "test";
}

std::optional<News> news_from(std::string_view name) {
  for (const News news : {News::opened, News::changed, News::closed, News::test})
    if (to_string(news) == name) return news;
  return std::nullopt;
}

std::string message_body(std::string_view delivery_id, News news, Time created, const std::optional<IncidentMessage>& incident, bool dialled_numbers) {
  return boost::json::serialize(object{{"version", 1},
                                       {"id", delivery_id},
                                       {"news", to_string(news)},
                                       {"created", unix_seconds(created)},
                                       {"incident", incident ? value(incident_json(*incident, dialled_numbers)) : value(nullptr)}});
}

bool material(const IncidentMessage& told, const IncidentMessage& now) {
  const auto grew = [](const auto& before, const auto& after) {
    return std::any_of(after.begin(), after.end(), [&](const auto& x) { return std::find(before.begin(), before.end(), x) == before.end(); });
  };
  const bool renamed = !told.kind.empty() && told.kind != now.kind;
  return renamed || grew(told.lines, now.lines) || grew(told.queues, now.queues) || moved(told.imposed_wait, now.imposed_wait) || (now.closed && !told.closed);
}

std::string signature(std::string_view secret, Time sent, std::string_view body) {
  const std::string t = std::to_string(std::chrono::floor<std::chrono::seconds>(sent).time_since_epoch().count());
  const auto mac = net::hmac_sha256(secret, t + "." + std::string(body));
  return "t=" + t + ", v1=" + to_hex(mac);
}

}  // namespace hf::notify
