// What the page asks of the agent, as plain values. The app implements Backend; agent/web turns it into JSON and never looks further.
// Every method is called on agent/web's own worker thread, one call at a time, never on the server's thread: it may take some milliseconds
// (a query, a commit), not seconds. The implementation makes it safe against the agent's own loop.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/calls/call.hpp"
#include "agent/calls/oddities.hpp"
#include "agent/calls/site_model.hpp"
#include "agent/detect/catalogue.hpp"
#include "agent/forecast/queue_forecast.hpp"
#include "agent/incidents/incident.hpp"
#include "agent/metrics/minute.hpp"
#include "agent/web/rules_backend.hpp"
#include "hal/board/facts.hpp"
#include "hal/platform/result.hpp"

namespace hf::web {

// Labels are never empty: where IT gave none, the id stands in.
struct Named {
  std::string id, label;
};

enum class Place : uint8_t { before_queue, in_queue, in_holding_queue };

struct WaitingCaller {
  std::string id;              // opaque; the same while the caller waits
  std::optional<Named> line;   // unset = unknown
  std::optional<Named> queue;  // unset = before any queue
  Place place = Place::before_queue;
  Time arrived{};
  std::optional<Time> joined;    // the queue it stands in
  bool held = false;             // waits although it need not
  std::optional<Duration> usual; // the line's baseline p95; unset = no baseline
};

struct AgentRow {
  std::string agent, name;
  Named queue;
  calls::AgentState state = calls::AgentState::unknown;
  Time since{};
  bool shown_free = false;
  uint32_t misses = 0, penalty = 0;
  std::string pause_reason;
};

struct Waits {  // answered waits of the last hour beside the usual ones of this time of day
  metrics::WaitHistogram now;
  Time now_from{};
  std::optional<metrics::WaitHistogram> baseline;  // calls; unset = none yet
  std::optional<Time> baseline_from, baseline_to;
};

struct LiveScope {  // one queue or one line
  Named named;
  bool holding = false;
  uint32_t waiting = 0, held = 0;
  std::optional<uint32_t> free, shown_free, staffed;
  std::optional<Duration> longest_wait;  // oldest caller waiting now; unset = nobody waits
  metrics::Minute today;                 // all minutes since local midnight, merged
  Waits waits;
  std::vector<forecast::Outlook> forecasts;  // of a queue, by horizon; empty for a line
};

struct LivePicture {
  Time at{};
  bool observing = false, agents_known = false, pre_queue_known = false;
  uint32_t waiting = 0, held = 0;
  std::optional<uint32_t> free, shown_free, staffed;  // agents, each counted once
  std::optional<Duration> longest_wait, avoidable_today;
  metrics::Minute today;                // all lines together
  std::vector<WaitingCaller> callers;   // oldest first; agent/web shows the first 500 and tells how many it left out
  std::vector<AgentRow> agents;         // shows the first 1,000
  std::vector<LiveScope> queues, lines;
  std::vector<incidents::Incident> incidents;  // open ones
};

struct IncidentQuery {
  bool open_only = false;
  std::optional<Time> from, to;  // of the onset: [from, to)
  size_t limit = 100;
};

struct IncidentView {  // the incident and the labels of its lines, queues and members, in the incident's order
  incidents::Incident incident;
  std::vector<Named> lines, queues, members;
};

struct ChartCall {
  std::string line;
  Time arrived{};
  Duration wait{};  // caller wait; so far, for one that still waits
  calls::Outcome outcome = calls::Outcome::open;
  bool held = false;
};

struct IncidentChart {  // of its lines, around its onset
  Time from{}, to{};
  std::optional<Duration> usual;  // median before the onset
  std::vector<ChartCall> calls;   // by arrival; agent/web shows the last 2,000
};

struct MinuteQuery {
  metrics::Scope scope{};
  std::string id;
  Time from{}, to{};                // [from, to), at most 1,500 steps
  std::chrono::seconds step{60};    // 60, 300, 900, 3600 or 86400; steps begin at multiples of it since 1970, days at local midnight
};

struct MinuteSeries {
  std::string label;
  std::vector<metrics::Minute> minutes;  // by start, one a step; a step without any is left out
};

struct SignalReading {
  detect::Reading reading;
  std::optional<Named> line, queue;
};

struct SignalsNow {  // every signal of the catalogue has at least one reading, in the catalogue's order
  Time at{};
  std::vector<SignalReading> readings;
};

enum class SourceState : uint8_t { connecting, healthy, degraded, failed };
struct SourceView {  // hal/pbx's Description and SourceHealth, as far as a page shows them
  std::string name, kind, address, what;
  SourceState state = SourceState::connecting;
  std::optional<Time> since, last_event;
  uint64_t events = 0, bytes = 0, unknown_messages = 0, malformed_messages = 0, reconnects = 0, held_back = 0;
  bool live = false, agent_state = false, pre_queue = false, hold_times = false, voice = false, queues = true, abandons = true, resumable = false;
  Duration grain{};
  calls::Oddities oddities;
};

struct SiteModelView {
  calls::SiteModel model;
  std::vector<std::pair<std::string, std::optional<std::string>>> learnt_lines;  // seen and not in the model, with the queue they lead to
  std::vector<std::string> learnt_queues, learnt_trunks;
};

struct OutboxItem {
  uint64_t sequence = 0;
  std::string kind;
  Time created{};
  std::optional<Time> sent, acknowledged;
  uint64_t bytes = 0;
  std::optional<uint64_t> wire_bytes;
  uint32_t attempts = 0;
};

struct OutboxPayload {
  OutboxItem item;
  std::string json;  // exactly what HQ reads
};

enum class LinkState : uint8_t { off, connecting, connected, refused, unreachable };
struct HqLink {
  bool configured = false;
  std::string address, site, what;
  LinkState state = LinkState::off;
  std::optional<Time> since, last_contact, oldest_queued, next_attempt, certificate_ends;
  std::optional<uint64_t> last_acknowledged;
  uint64_t queued = 0;
};

struct Webhook {
  bool enabled = false;
  std::string url;
  bool secret_set = false;
  bool dialled_numbers = false;
};

struct WebhookChange {
  bool enabled = false;
  std::string url;
  std::optional<std::string> secret;  // unset = keep
  bool dialled_numbers = false;
};

enum class DeliveryState : uint8_t { waiting, delivered, given_up };
enum class News : uint8_t { open, opened, changed, acknowledged, closed, test };
struct Delivery {
  std::string id;
  std::optional<std::string> incident;
  News news = News::opened;
  Time created{};
  uint32_t attempts = 0;
  std::optional<Time> last_attempt, next_attempt, delivered;
  DeliveryState state = DeliveryState::waiting;
  std::optional<unsigned> status;
  std::string what;
};

enum class Severity : uint8_t { warning, failure };
struct Problem {
  std::string id;  // stable: "disk_full"
  Severity severity = Severity::warning;
  Time since{};
  std::string what;  // names the thing and the remedy
};

struct BoxHealth {
  std::string version;
  Time started{};
  std::optional<uint64_t> rss_bytes, disk_free_bytes, disk_total_bytes;
  std::string journal_epoch;
  uint64_t journal_sequence = 0;
  std::optional<Time> journal_committed;
  std::string certificate_sha256;
  std::optional<Time> certificate_ends;
  std::vector<Problem> problems;
  board::Facts board;
};

class Backend {
 public:
  virtual ~Backend() = default;

  virtual LivePicture live() = 0;

  virtual Result<std::vector<IncidentView>> incidents(const IncidentQuery& query) = 0;  // newest onset first
  virtual Result<IncidentView> incident(std::string_view id) = 0;                       // not_found
  virtual Result<IncidentChart> incident_chart(std::string_view id) = 0;                // not_found
  // Durable when it returns. Acknowledging twice keeps the first. not_found.
  virtual Result<IncidentView> acknowledge(std::string_view id, std::string_view user) = 0;

  virtual SignalsNow signals() = 0;

  virtual Result<MinuteSeries> minutes(const MinuteQuery& query) = 0;  // not_found: no such queue or line
  virtual std::vector<SourceView> sources() = 0;

  virtual SiteModelView site_model() = 0;
  // The model is checked for form (lengths, ranges, duplicates, existing queues); the backend refuses an unknown time zone with
  // invalid_input. Durable when it returns.
  virtual Status set_site_model(const calls::SiteModel& model, std::string_view user) = 0;

  // Newest first: items with sequence < before.
  virtual Result<std::vector<OutboxItem>> outbox(std::optional<uint64_t> before, size_t limit) = 0;
  virtual Result<OutboxPayload> outbox_item(uint64_t sequence) = 0;  // not_found
  virtual HqLink hq() = 0;

  virtual Webhook webhook() = 0;
  virtual Status set_webhook(const WebhookChange& change) = 0;  // invalid_input: URL, or enabled without a secret
  virtual Result<std::string> test_webhook() = 0;               // id of the delivery; denied when there is no URL or secret
  virtual std::vector<Delivery> deliveries(size_t limit) = 0;   // newest first

  virtual BoxHealth health() = 0;
  virtual RulesBackend& rules() = 0;
};

}  // namespace hf::web
