#include "agent/incidents/book.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "agent/detect/catalogue.hpp"
#include "hal/platform/siphash.hpp"

namespace hf::incidents {
namespace {

constexpr size_t kEvidence = 16;  // as many as leave the site
// Strongest first: what a person can check at once stands before what needs trust in statistics.
constexpr std::array<std::string_view, 16> kStrength{
    "constant_wait",     "held_beside_free", "held_in_queue",      "same_wait", "answers_stopped",  "hidden_from_queue",
    "new_announcements", "left_while_held",  "every_offer_missed", "nobody_logged_in", "members_sent_away", "members_missing",
    "talks_longer",      "arrivals_up",      "callers_pile_up",    "waits_drift"};

size_t strength(std::string_view template_id) {
  return static_cast<size_t>(std::find(kStrength.begin(), kStrength.end(), template_id) - kStrength.begin());
}

// A fixed key: the id is no secret, it only has to be the same after any replay.
std::string id_of(const std::string& epoch, std::string_view kind, const std::string& subject, Time onset) {
  const std::string text = fmt::format("{}/{}/{}/{}", epoch, kind, subject, onset.time_since_epoch().count());
  return fmt::format("{:016x}", siphash24(SipKey{}, text));
}

// One cause of overload stands on a queue at a time, whichever it is.
bool is_load(Kind kind) {
  return kind == Kind::handling_time || kind == Kind::missing_agents || kind == Kind::arrival_surge;
}

std::string load_key(const std::string& queue) { return fmt::format("load/{}", queue); }

std::string subject(const detect::Finding& finding, Kind kind) {
  if (kind == Kind::dead_queue || kind == Kind::wait_drift || is_load(kind)) return finding.queue;
  if (finding.signal == "arrival_drought") return finding.signal;  // callers who do not come to several queues: one cause
  // What is not named yet is one thing a signal and place.
  return kind == Kind::unknown ? fmt::format("{}/{}/{}", finding.signal, finding.queue, finding.line) : std::string{};
}

std::string key_of(const detect::Finding& finding, Kind kind) {
  if (is_load(kind)) return load_key(finding.queue);
  return fmt::format("{}/{}", to_string(kind), subject(finding, kind));
}

bool add(std::vector<std::string>& list, const std::string& what) {
  if (what.empty() || std::find(list.begin(), list.end(), what) != list.end()) return false;
  list.push_back(what);
  return true;
}

bool add_names(const detect::Finding& finding, Incident& incident) {
  bool changed = add(incident.queues, finding.queue);
  if (add(incident.lines, finding.line)) incident.line_named.push_back(finding.at), changed = true;
  for (const std::string& member : finding.members) changed = add(incident.members, member) || changed;
  return changed;
}

bool add_onset(const detect::Finding& finding, Incident& incident) {
  if (finding.since == Time{} || incident.kind != Kind::artificial_hold) return false;
  if (incident.onset == finding.since && incident.onset_low == finding.since_low &&
      incident.onset_high == finding.since_high)
    return false;
  incident.onset = finding.since;
  incident.onset_low = finding.since_low;
  incident.onset_high = finding.since_high;
  return true;
}

bool add_evidence(const detect::Finding& finding, Incident& incident) {
  if (finding.template_id.empty()) return false;
  const auto known = std::ranges::find(incident.evidence, finding.template_id, &Evidence::template_id);
  if (known != incident.evidence.end()) {
    if (known->values == finding.values && known->sample_size == finding.sample_size) return false;
    known->values = finding.values, known->sample_size = finding.sample_size, known->at = finding.at;
    return true;
  }
  if (incident.evidence.size() >= kEvidence) return false;
  const auto before = std::find_if(incident.evidence.begin(), incident.evidence.end(), [&](const Evidence& old) {
    return strength(old.template_id) > strength(finding.template_id);
  });
  incident.evidence.insert(before, {.template_id = finding.template_id,
                                    .values = finding.values,
                                    .sample_size = finding.sample_size,
                                    .at = finding.at});
  return true;
}

template <class T, class With>
bool replace(T& old, const std::optional<With>& with) {
  if (!with || old == *with) return false;
  old = *with;
  return true;
}

bool add_totals(const detect::Finding& finding, Incident& incident) {
  if (finding.kind != detect::FindingKind::totals) return false;
  const auto value = [&](const char* name) -> std::optional<Duration> {
    const auto v = finding.values.find(name);
    return v == finding.values.end() ? std::nullopt : std::optional(from_seconds(v->second));
  };
  std::optional<uint32_t> affected;
  if (const auto v = finding.values.find("affected"); v != finding.values.end()) affected = static_cast<uint32_t>(v->second);
  bool changed = replace(incident.affected_calls, affected);
  changed = replace(incident.imposed, value("imposed_s")) || changed;
  changed = replace(incident.avoidable, value("avoidable_s")) || changed;
  return replace(incident.imposed_wait, value("imposed_wait_s")) || changed;
}

}  // namespace

Kind kind_of_signal(std::string_view signal) {
  const detect::SignalInfo* known = detect::find_signal(signal);
  return known && !known->incident.empty() ? kind_from(known->incident) : Kind::artificial_hold;
}

std::vector<std::string> first_checks(Kind kind) {
  switch (kind) {
    case Kind::artificial_hold:
      return {"check_call_the_line", "check_call_flow_change", "check_agents_idle"};
    case Kind::phones_refuse:
      return {"check_phone_dnd", "check_test_call", "check_pause_member"};
    case Kind::dead_queue:
      return {"check_rota", "check_log_in", "check_route_away"};
    case Kind::trunk_failure:
      return {"check_trunk_up", "check_dial_in", "check_carrier"};
    case Kind::source_gap:
      return {"check_pbx_runs", "check_link", "check_count_by_hand"};
    case Kind::unknown:
      return {"check_read_signal", "check_call_the_line", "check_ask_change"};
    case Kind::missing_agents:
      return {"check_rota", "check_breaks", "check_log_in"};
    case Kind::handling_time:
      return {"check_slow_system", "check_new_procedure", "check_long_talks"};
    case Kind::arrival_surge:
      return {"check_what_happened", "check_announce", "check_more_hands"};
    case Kind::wait_drift:
      return {"check_what_changed", "check_compare_days", "check_routing"};
  }
  return {};
}

Incident* Book::find(const detect::Finding& finding, Kind kind) {
  const auto id = current_.find(key_of(finding, kind));
  if (id == current_.end()) return nullptr;
  const auto incident = open_.find(id->second);
  return incident == open_.end() ? nullptr : &incident->second;
}

const std::string& Book::begin(const detect::Finding& finding, Kind kind) {
  Incident i;
  i.kind = kind;
  i.id = id_of(epoch_, to_string(kind), subject(finding, kind), finding.since);
  i.onset = finding.since, i.onset_low = finding.since_low, i.onset_high = finding.since_high;
  i.signalled = finding.at;
  i.first_checks = first_checks(kind);
  add_names(finding, i);
  add_evidence(finding, i);
  const std::string& id = current_[key_of(finding, kind)] = i.id;
  open_[i.id] = std::move(i);
  return id;
}

constexpr Duration kSameWait = std::chrono::minutes(15);

// The incident of the queue that `finding` explains better, if it stands: an artificial hold or a dead queue explains
// callers who wait better than the load does (what began well after the load was told is news); a dead queue is what an
// artificial hold of this queue alone turned out to be when nobody was let through in the end.
std::string Book::explained_better(const detect::Finding& finding, Kind kind) const {
  if ((kind != Kind::artificial_hold && kind != Kind::dead_queue) || finding.kind != detect::FindingKind::news)
    return {};
  const std::string load = load_key(finding.queue), hold = fmt::format("{}/", to_string(Kind::artificial_hold));
  if (const auto known = current_.find(load); known != current_.end()) {
    const bool before = finding.since > open_.at(known->second).signalled + kSameWait;
    return before ? std::string{} : load;
  }
  const auto known = current_.find(hold);
  if (kind != Kind::dead_queue || known == current_.end()) return {};
  const Incident& held = open_.at(known->second);
  return held.queues == std::vector{finding.queue} && finding.since <= held.signalled ? hold : std::string{};
}

// It takes the incident over, with all that is known of it, under the better name.
bool Book::take_over(const detect::Finding& finding, Kind kind) {
  const std::string key = explained_better(finding, kind);
  if (key.empty() || find(finding, kind)) return false;
  const auto known = current_.find(key);
  Incident& incident = open_.at(known->second);
  incident.kind = kind;
  incident.first_checks = first_checks(kind);
  current_[key_of(finding, kind)] = incident.id;
  current_.erase(key);
  return true;
}

std::string Book::take(const detect::Finding& finding) {
  const Kind kind = kind_of_signal(finding.signal);
  const bool taken = take_over(finding, kind);
  Incident* incident = find(finding, kind);
  if (!incident) return finding.kind == detect::FindingKind::news ? begin(finding, kind) : std::string{};
  bool news = add_names(finding, *incident) || taken;
  news = add_onset(finding, *incident) || news;
  news = add_evidence(finding, *incident) || news;
  news = add_totals(finding, *incident) || news;
  const bool closed = close(finding, *incident);
  if (closed) current_.erase(key_of(finding, kind));
  return news || closed ? incident->id : std::string{};
}

void Book::on(const std::vector<detect::Finding>& findings, std::vector<Incident>& changed) {
  std::vector<std::string> ids;
  for (const detect::Finding& finding : findings) {
    std::string id = take(finding);
    if (!id.empty() && std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(std::move(id));
  }
  for (const std::string& id : ids) {
    const auto incident = open_.find(id);
    ++incident->second.revision;
    changed.push_back(incident->second);
    if (incident->second.closed) open_.erase(incident);
  }
}

// phones_refuse closes when the last of its members is let go: the signal then says so without naming one.
bool Book::close(const detect::Finding& finding, Incident& incident) {
  if (finding.kind != detect::FindingKind::cleared || !finding.members.empty()) return false;
  incident.closed = finding.at;
  return true;
}

bool Book::acknowledge(const std::string& id, const std::string& user, Time at, std::vector<Incident>& changed) {
  const auto incident = open_.find(id);
  if (incident == open_.end()) return false;
  if (incident->second.acknowledged) return true;
  incident->second.acknowledged = at;
  incident->second.acknowledged_by = user;
  ++incident->second.revision;
  changed.push_back(incident->second);
  return true;
}

void Book::explain(const std::string& id, std::vector<Evidence> chain, std::optional<Shares> shares, bool news,
                   std::vector<Incident>& changed) {
  const auto incident = open_.find(id);
  if (incident == open_.end()) return;
  incident->second.chain = std::move(chain);
  incident->second.shares = std::move(shares);
  if (!news) return;
  ++incident->second.revision;
  changed.push_back(incident->second);
}

void Book::mark_declared(const std::string& id, const std::string& change) {
  if (const auto incident = open_.find(id); incident != open_.end()) incident->second.declared = change;
}

void Book::save(StateSaver& out) const { out.put(*this); }

bool Book::load(StateLoader& in) {
  in.get(*this);
  return in.ok();
}

}  // namespace hf::incidents
