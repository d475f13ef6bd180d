#include "agent/sync/outgoing.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "agent/wire/decode.hpp"
#include "agent/wire/encode.hpp"
#include "agent/wire/label_rules.hpp"
#include "hal/platform/hex.hpp"
#include "hal/platform/log.hpp"
#include "hal/platform/secret.hpp"

namespace hf::sync {
namespace {

store::OutboxKind kind_of(const wire::Body& body) {
  if (std::holds_alternative<wire::Minutes>(body)) return store::OutboxKind::minutes;
  if (std::holds_alternative<wire::Incident>(body)) return store::OutboxKind::incident;
  if (std::holds_alternative<wire::Labels>(body)) return store::OutboxKind::labels;
  if (std::holds_alternative<wire::Surveys>(body)) return store::OutboxKind::surveys;
  return store::OutboxKind::gap;
}

uint32_t grain_of(const wire::Body& body) {
  const auto* minutes = std::get_if<wire::Minutes>(&body);
  return minutes == nullptr || minutes->sums.empty() ? 0 : minutes_of(minutes->sums.front().span);
}

// What a box without a clock (1970) saw has no place on the time axis of HQ.
bool has_a_time(const metrics::Minute& m) { return m.start >= wire::kFirstTime && m.start < wire::kLastTime; }

void add_surveys(const wire::SiteKey& key, const std::vector<metrics::SurveySum>& days, std::vector<wire::Body>& out) {
  wire::Surveys some;
  for (const auto& day : days) {
    if (auto sum = to_wire(key, day)) some.sums.push_back(*sum);
    if (some.sums.size() == wire::kMaxSurveys) out.emplace_back(std::exchange(some, {}));
  }
  if (!some.sums.empty()) out.emplace_back(std::move(some));
}

std::vector<wire::Body> bodies_of(const wire::SiteKey& key, const Outputs& outputs) {
  std::vector<wire::Body> bodies;
  bodies.reserve(outputs.incidents.size() + outputs.minutes.size() / kSumsPerMessage + 2);
  for (const auto& incident : outputs.incidents) bodies.emplace_back(to_wire(key, incident));
  wire::Minutes some;
  for (const auto& m : outputs.minutes) {
    if (!has_a_time(m)) continue;
    some.sums.push_back(to_wire(key, m));
    if (some.sums.size() == kSumsPerMessage) bodies.emplace_back(std::exchange(some, {}));
  }
  if (!some.sums.empty()) bodies.emplace_back(std::move(some));
  add_surveys(key, outputs.surveys, bodies);
  if (outputs.labels) bodies.emplace_back(to_wire(key, outputs.labels_revision, *outputs.labels));
  return bodies;
}

void tell_labels_left_out(const std::vector<ApprovedLabel>& labels) {
  const auto bad = std::ranges::count_if(labels, [](const auto& l) { return !wire::check_label(l.label); });
  if (bad > 0)
    log_warning(
        "sync",
        "{} labels do not go to HQ: more than 4 digits in a row, longer than 60 characters, or control characters",
        bad);
}

}  // namespace

Result<store::NewMessage> message_of(const wire::Body& body, Time created) {
  auto json = wire::encode(body);
  if (!json) return fail(std::move(json.error()));
  auto packed = wire::compress(*json);
  if (!packed) return fail(std::move(packed.error()));
  return store::NewMessage{kind_of(body), grain_of(body), created, std::move(*packed), json->size()};
}

Result<std::string> json_of(const store::OutboxMessage& message) {
  if (message.body.empty()) return fail(ErrorKind::not_found, "the message was tidied away after HQ had it");
  return wire::unpack(message.body);
}

Result<std::vector<store::NewMessage>> messages_of(const wire::SiteKey& key, const Outputs& outputs) {
  std::vector<store::NewMessage> messages;
  for (const auto& body : bodies_of(key, outputs)) {
    auto message = message_of(body, outputs.at);
    if (!message) return fail(std::move(message.error()));
    messages.push_back(std::move(*message));
  }
  return messages;
}

Result<Outgoing> Outgoing::open(const Path& file, const wire::SiteKey& key, Random& random, Time now) {
  auto outbox = store::Outbox::open(file, random);
  if (!outbox) return fail(std::move(outbox.error()));
  Outgoing out(std::move(*outbox), key);
  if (!out.outbox_.set_aside()) return out;
  auto gap = message_of(wire::Gap{wire::GapReason::damaged, wire::kFirstTime, now}, now);
  if (!gap) return fail(std::move(gap.error()));
  if (auto stored = out.outbox_.put({"outbox", 1}, {std::move(*gap)}); !stored) return fail(std::move(stored.error()));
  return out;
}

Status Outgoing::put(const store::OutboxOrigin& origin, const Outputs& outputs) {
  return put(origin.journal_epoch, {{origin.output, outputs}});
}

Status Outgoing::put(const std::string& journal_epoch, const std::vector<NumberedOutputs>& steps) {
  std::vector<store::OutboxOutput> fresh;
  for (const auto& step : steps) {
    if (step.outputs.empty()) continue;
    auto messages = messages_of(key_, step.outputs);
    if (!messages) return fail(std::move(messages.error()));
    if (step.outputs.labels) tell_labels_left_out(*step.outputs.labels);
    fresh.push_back({{journal_epoch, step.number}, std::move(*messages)});
  }
  if (fresh.empty()) return {};
  if (auto stored = outbox_.put(fresh); !stored) return stored;
  if (on_put_) on_put_();
  return {};
}

Result<wire::SiteKey> site_key(const Path& file, Random& random) {
  wire::SiteKey key{};
  std::error_code none;
  if (!std::filesystem::exists(file, none)) {
    random.fill(std::as_writable_bytes(std::span(key)));
    std::string text = to_hex(key);
    auto written = write_file(file, text, 0600);
    wipe(text);
    if (!written) return fail(std::move(written.error()));
    return key;
  }
  auto secret = read_secret(file);
  if (!secret) return fail(std::move(secret.error()));
  auto bytes = from_hex(secret->reveal());
  if (!bytes || bytes->size() != key.size())
    return fail(ErrorKind::corrupt,
                file.string() + ": not 32 hex digits; restore it from the backup: with another key HQ sees new lines");
  std::ranges::copy(*bytes, key.begin());
  return key;
}

}  // namespace hf::sync
