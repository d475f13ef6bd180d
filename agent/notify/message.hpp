// What a webhook says. In: an incident as plain values. Out: the JSON body and its signature. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hal/platform/time.hpp"

namespace hf::notify {

struct LineName {
  std::string label;
  std::string number;  // as dialled; sent only where IT chose so
  bool operator==(const LineName&) const = default;
};

struct RuleName {  // of a message about a rule that fired
  std::string id, name, severity, owner, runbook;
  bool operator==(const RuleName&) const = default;
};

struct IncidentMessage {
  std::string id;
  std::string kind;                 // "artificial_hold"; "rule", "guardrail"
  std::string text;                 // one sentence for people; holds no number, no name
  std::vector<LineName> lines;
  std::vector<std::string> queues;  // labels
  Time onset{}, signalled{};
  std::optional<Time> closed;
  std::optional<Duration> imposed_wait;  // per caller
  uint32_t affected_calls = 0;
  std::optional<Duration> avoidable;     // caller time
  Duration imposed{};                    // caller time
  std::optional<RuleName> rule;
  std::string declared;                  // the declared change that it began in; empty = none
};

enum class News : uint8_t { opened, changed, closed, test };
std::string_view to_string(News news);
std::optional<News> news_from(std::string_view name);

// {"version":1,"id":..,"news":"opened","created":..,"incident":{..}}; "incident" is null in a test, its "rule" in all but a rule's own. Times are unix seconds, unknown is null.
std::string message_body(std::string_view delivery_id, News news, Time created, const std::optional<IncidentMessage>& incident, bool dialled_numbers);

// Is it worth telling after `told`? Another name, line or queue, an imposed wait first known or moved by 3 s and 5 %, closed.
[[nodiscard]] bool material(const IncidentMessage& told, const IncidentMessage& now);

// Value of the header Holdfast-Signature: "t=1795306282, v1=<hex>", hex = HMAC-SHA-256(secret, "1795306282" + "." + body). The receiver computes
// the same over the bytes it got, and refuses an old t.
std::string signature(std::string_view secret, Time sent, std::string_view body);

}  // namespace hf::notify
