#include <boost/json/array.hpp>

#include "agent/web/to_json.hpp"

namespace hf::web {

namespace {

using boost::json::array;
using boost::json::object;

std::string_view to_string(SourceState state) {
  switch (state) {
    case SourceState::connecting: return "connecting";
    case SourceState::healthy: return "healthy";
    case SourceState::degraded: return "degraded";
    case SourceState::failed: return "failed";
  }
  return "failed";
}

std::string_view to_string(LinkState state) {
  switch (state) {
    case LinkState::off: return "off";
    case LinkState::connecting: return "connecting";
    case LinkState::connected: return "connected";
    case LinkState::refused: return "refused";
    case LinkState::unreachable: return "unreachable";
  }
  return "unreachable";
}

std::string_view to_string(DeliveryState state) {
  switch (state) {
    case DeliveryState::waiting: return "waiting";
    case DeliveryState::delivered: return "delivered";
    case DeliveryState::given_up: return "given_up";
  }
  return "given_up";
}

object problem_json(const Problem& p) {
  return {{"id", p.id}, {"severity", p.severity == Severity::failure ? "failure" : "warning"}, {"since", json(p.since)}, {"what", p.what}};
}

}  // namespace

object to_json(const SourceView& s) {
  object oddities;
  for (const auto& [name, number] : s.oddities.named()) oddities[name] = number;
  return {{"name", s.name},
          {"kind", s.kind},
          {"address", s.address},
          {"state", to_string(s.state)},
          {"what", s.what},
          {"since", json(s.since)},
          {"events", s.events},
          {"bytes", s.bytes},
          {"unknown_messages", s.unknown_messages},
          {"malformed_messages", s.malformed_messages},
          {"reconnects", s.reconnects},
          {"held_back", s.held_back},
          {"last_event", json(s.last_event)},
          {"oddities", std::move(oddities)},
          {"can", object{{"live", s.live},
                         {"agent_state", s.agent_state},
                         {"pre_queue", s.pre_queue},
                         {"hold_times", s.hold_times},
                         {"voice", s.voice},
                         {"queues", s.queues},
                         {"abandons", s.abandons},
                         {"resumable", s.resumable},
                         {"grain_s", json(s.grain)}}}};
}

object to_json(const OutboxItem& i) {
  return {{"sequence", i.sequence}, {"kind", i.kind}, {"created", json(i.created)}, {"sent", json(i.sent)}, {"acknowledged", json(i.acknowledged)},
          {"bytes", i.bytes}, {"wire_bytes", json(i.wire_bytes)}, {"attempts", i.attempts}};
}

object to_json(const HqLink& l) {
  return {{"configured", l.configured},
          {"address", l.address},
          {"site", l.site},
          {"state", to_string(l.state)},
          {"what", l.what},
          {"since", json(l.since)},
          {"last_contact", json(l.last_contact)},
          {"last_acknowledged", json(l.last_acknowledged)},
          {"queued", l.queued},
          {"oldest_queued", json(l.oldest_queued)},
          {"next_attempt", json(l.next_attempt)},
          {"certificate_ends", json(l.certificate_ends)}};
}

object to_json(const Webhook& w) {
  return {{"enabled", w.enabled}, {"url", w.url}, {"secret_set", w.secret_set}, {"dialled_numbers", w.dialled_numbers}};
}

object to_json(const Delivery& d) {
  return {{"id", d.id},
          {"incident", json(d.incident)},
          {"news", to_string(d.news)},
          {"created", json(d.created)},
          {"attempts", d.attempts},
          {"last_attempt", json(d.last_attempt)},
          {"next_attempt", json(d.next_attempt)},
          {"delivered", json(d.delivered)},
          {"state", to_string(d.state)},
          {"status", json(d.status)},
          {"what", d.what}};
}

object to_json(const BoxHealth& h, Time now) {
  array problems;
  for (const Problem& p : h.problems) problems.push_back(problem_json(p));
  return {{"version", h.version},
          {"started", json(h.started)},
          {"clock", json(now)},
          {"rss_bytes", json(h.rss_bytes)},
          {"disk_free_bytes", json(h.disk_free_bytes)},
          {"disk_total_bytes", json(h.disk_total_bytes)},
          {"journal_epoch", h.journal_epoch},
          {"journal_sequence", h.journal_sequence},
          {"journal_committed", json(h.journal_committed)},
          {"certificate_sha256", h.certificate_sha256},
          {"certificate_ends", json(h.certificate_ends)},
          {"problems", std::move(problems)},
          {"board", to_json(h.board)}};
}

}  // namespace hf::web
