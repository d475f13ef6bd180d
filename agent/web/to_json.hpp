// Plain values as the JSON of openapi.yaml. Pure: no clock, no state. Unknown is null, never 0.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string_view>

#include "agent/access/access.hpp"
#include "agent/web/backend.hpp"
#include "agent/web/exchange.hpp"

namespace hf::web {

constexpr size_t kMaxCallers = 500, kMaxAgents = 1000, kMaxChartCalls = 2000;

inline boost::json::value json(Time t) { return unix_seconds(t); }
inline boost::json::value json(Duration d) { return seconds(d); }
template <class T>
  requires(std::is_arithmetic_v<T>)
boost::json::value json(T n) { return n; }
inline boost::json::value json(const std::string& s) { return boost::json::string_view(s); }
template <class T>
boost::json::value json(const std::optional<T>& o) { return o ? json(*o) : boost::json::value(nullptr); }

// live_json.cpp
boost::json::object to_json(const metrics::Minute& counts);  // "Counts"
boost::json::object to_json(const LivePicture& picture);
boost::json::object news_json(const incidents::Incident& incident, News news);
std::string_view to_string(News news);

// history_json.cpp
boost::json::object to_json(const IncidentView& view, Language language);
boost::json::object to_json(const IncidentChart& chart);
boost::json::object to_json(const MinuteSeries& series, const MinuteQuery& query);

// signals_json.cpp
boost::json::object to_json(const SignalsNow& now, Language language);
boost::json::array needs_json(detect::Needs needs);  // "channels", "agents", ...

// box_json.cpp
boost::json::object to_json(const SourceView& source);
boost::json::object to_json(const OutboxItem& item);
boost::json::object to_json(const HqLink& link);
boost::json::object to_json(const Webhook& webhook);
boost::json::object to_json(const Delivery& delivery);
boost::json::object to_json(const BoxHealth& health, Time now);

// board_json.cpp
boost::json::object to_json(const board::Facts& board);

// access_json.cpp
boost::json::object to_json(const access::Session& session);
boost::json::object to_json(const access::User& user, size_t sessions);
boost::json::object to_json(const access::AuditRow& row);
boost::json::object to_json(const access::AuditVerdict& verdict);

// site_json.cpp
boost::json::object to_json(const calls::SiteModel& model);
boost::json::object to_json(const SiteModelView& view);
// Every rule of form: lengths, ranges, seven days or none, no id twice, lines lead to queues of the model when it lists any.
std::optional<BadField> read_site_model(const boost::json::object& body, calls::SiteModel& model);

}  // namespace hf::web
