#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "agent/notify/deliveries.hpp"

namespace hf::notify {

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

// Microseconds, so that a time comes back exactly.
value json(Time t) { return t.time_since_epoch().count(); }
value json(Duration d) { return d.count(); }
template <class T>
value json(const std::optional<T>& o) { return o ? json(*o) : value(nullptr); }

object delivery_json(const Delivery& d) {
  value status;
  if (d.status) status = *d.status;
  return {{"id", d.id}, {"incident", d.incident}, {"news", to_string(d.news)}, {"body", d.body}, {"created", json(d.created)}, {"attempts", d.attempts},
          {"last_attempt", json(d.last_attempt)}, {"next_attempt", json(d.next_attempt)}, {"delivered", json(d.delivered)}, {"state", to_string(d.state)},
          {"status", std::move(status)}, {"what", d.what}};
}

// What material() compares, no more.
object told_json(const IncidentMessage& i) {
  array lines, queues;
  for (const auto& line : i.lines) lines.push_back(object{{"label", line.label}, {"number", line.number}});
  for (const auto& queue : i.queues) queues.emplace_back(queue);
  return {{"id", i.id}, {"kind", i.kind}, {"lines", std::move(lines)}, {"queues", std::move(queues)}, {"signalled", json(i.signalled)}, {"closed", json(i.closed)},
          {"imposed_wait", json(i.imposed_wait)}};
}

// Throws what Boost.JSON throws when a field is missing or of another kind; load() catches it.
std::string text(const object& o, std::string_view name) { return std::string(o.at(name).as_string()); }
Time time(const value& v) { return Time(Duration(v.to_number<int64_t>())); }
std::optional<Time> maybe_time(const object& o, std::string_view name) { return o.at(name).is_null() ? std::nullopt : std::optional(time(o.at(name))); }

template <class T>
T known(std::optional<T> found) {
  if (!found) throw boost::system::system_error(boost::json::make_error_code(boost::json::error::syntax));
  return *found;
}

Delivery delivery_from(const object& o) {
  Delivery d;
  d.id = text(o, "id"), d.incident = text(o, "incident"), d.body = text(o, "body"), d.what = text(o, "what");
  d.news = known(news_from(text(o, "news")));
  d.state = known(state_from(text(o, "state")));
  d.created = time(o.at("created"));
  d.attempts = o.at("attempts").to_number<uint32_t>();
  d.last_attempt = maybe_time(o, "last_attempt"), d.next_attempt = maybe_time(o, "next_attempt"), d.delivered = maybe_time(o, "delivered");
  if (!o.at("status").is_null()) d.status = o.at("status").to_number<unsigned>();
  if (d.state == DeliveryState::waiting && !d.next_attempt) d.next_attempt = d.created;
  return d;
}

IncidentMessage told_from(const object& o) {
  IncidentMessage i;
  i.id = text(o, "id");
  if (o.contains("kind")) i.kind = text(o, "kind");  // files of before do not have it
  for (const auto& line : o.at("lines").as_array()) i.lines.push_back({text(line.as_object(), "label"), text(line.as_object(), "number")});
  for (const auto& queue : o.at("queues").as_array()) i.queues.emplace_back(queue.as_string());
  i.signalled = time(o.at("signalled"));
  i.closed = maybe_time(o, "closed");
  if (!o.at("imposed_wait").is_null()) i.imposed_wait = Duration(o.at("imposed_wait").to_number<int64_t>());
  return i;
}

}  // namespace

void Deliveries::drop_numbers() {
  for (Delivery& d : all_) {
    if (d.state != DeliveryState::waiting || d.incident.empty()) continue;
    boost::json::error_code error;
    value body = boost::json::parse(d.body, error);
    if (error) continue;  // we wrote it ourselves; load() has refused anything else
    for (auto& line : body.as_object().at("incident").as_object().at("lines").as_array()) line.as_object().erase("number");
    d.body = boost::json::serialize(body);
  }
}

std::string Deliveries::save() const {
  array deliveries, told;
  for (const auto& delivery : all_) deliveries.push_back(delivery_json(delivery));
  for (const auto& [id, incident] : told_) told.push_back(told_json(incident));
  return boost::json::serialize(object{{"deliveries", std::move(deliveries)}, {"told", std::move(told)}});
}

Status Deliveries::load(std::string_view json) {
  try {
    const value parsed = boost::json::parse(json);
    std::deque<Delivery> deliveries;
    std::map<std::string, IncidentMessage> told;
    for (const auto& one : parsed.as_object().at("deliveries").as_array()) deliveries.push_back(delivery_from(one.as_object()));
    for (const auto& one : parsed.as_object().at("told").as_array()) {
      IncidentMessage incident = told_from(one.as_object());
      told[incident.id] = std::move(incident);
    }
    all_ = std::move(deliveries);
    told_ = std::move(told);
    return {};
  } catch (const std::exception&) {
    return fail(ErrorKind::corrupt, "list of deliveries cannot be read");
  }
}

}  // namespace hf::notify
