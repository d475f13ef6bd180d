#include "agent/incidents/chain.hpp"

#include <algorithm>
#include <cmath>

namespace hf::incidents {
namespace {

constexpr size_t kHappenings = 64, kLinks = 16, kStaffMinutes = 6, kQueues = 1000;
constexpr Duration kBefore = std::chrono::minutes(30);
constexpr double kLeastMembers = 2, kLeastShare = 0.25;

bool is_signal(const Evidence& link) { return !link.template_id.starts_with("chain_"); }

bool concerns(const Happening& h, const Incident& i) {
  return h.queue.empty() || std::ranges::find(i.queues, h.queue) != i.queues.end();
}

Evidence link(std::string id, Time at, detect::Values values = {}) {
  return {.template_id = std::move(id), .values = std::move(values), .sample_size = 0, .at = at};
}

// As it first spoke: the figures of that moment, not today's.
const Evidence& first_word(const Evidence& evidence, const Incident& incident) {
  const auto told = std::ranges::find(incident.chain, evidence.template_id, &Evidence::template_id);
  return told == incident.chain.end() ? evidence : *told;
}

// Most are told already, at another time: the time is looked at first.
bool is_among(const std::vector<const Evidence*>& links, const Evidence& link) {
  return std::ranges::any_of(links, [&](const Evidence* known) { return known->at == link.at && *known == link; });
}

}  // namespace

void Happenings::add(Happening h) {
  // A reload is told by a dozen modules at once: one happening.
  if (h.link.template_id == "chain_reload" && !all_.empty() && all_.back().link.template_id == h.link.template_id &&
      h.link.at - all_.back().link.at < std::chrono::minutes(1))
    return;
  all_.push_back(std::move(h));
  if (all_.size() > kHappenings) all_.pop_front();
}

void Happenings::on(const calls::Change& change) {
  if (std::holds_alternative<calls::ConfigurationSeen>(change.what)) add({{}, {}, link("chain_reload", change.at)});
  if (std::holds_alternative<calls::ObservationLost>(change.what)) add({{}, {}, link("chain_source_lost", change.at)});
  if (const auto* back = std::get_if<calls::ObservationBack>(&change.what)) {
    if (back->lost_at == Time{}) return;  // the first sight of the PBX
    add({{},
         {},
         link(back->pbx_restarted ? "chain_pbx_restart" : "chain_source_back", change.at,
              {{"gap_s", seconds(change.at - back->lost_at)}})});
  }
}

void Happenings::on(const metrics::Minute& m) {
  if (m.scope != metrics::Scope::queue || m.revision > 0 || m.span_minutes != 1) return;
  if (!m.staffed || m.observed_seconds < 60) {
    staff_.erase(m.id);
    return;
  }
  if (!staff_.contains(m.id) && staff_.size() >= kQueues) return;
  std::deque<double>& past = staff_[m.id];
  const double now = std::round(seconds(*m.staffed) / 60);
  for (const double then : past) {
    if (std::abs(now - then) < std::max(kLeastMembers, kLeastShare * std::max(now, then))) continue;
    add({m.id, {}, link(now < then ? "chain_staff_down" : "chain_staff_up", m.start, {{"from", then}, {"to", now}})});
    past.clear();
    break;
  }
  past.push_back(now);
  if (past.size() > kStaffMinutes) past.pop_front();
}

void Happenings::on(const Incident& opened) {
  add({{}, opened.id, link("chain_incident", opened.onset, {{"kind", static_cast<double>(opened.kind)}})});
}

// Of the many that happened a few are told: they are chosen where they stand, and only those are copied.
std::vector<Evidence> chain_of(const Incident& incident, const Happenings& happenings) {
  std::vector<const Evidence*> links;
  links.reserve(incident.chain.size() + happenings.all().size() + incident.evidence.size() + 1);
  const Time from = incident.onset_low - kBefore, to = incident.closed.value_or(Time::max());
  for (const Evidence& told : incident.chain) {  // what the happenings may have forgotten meanwhile
    if (!is_signal(told) && told.template_id != "chain_onset" && told.template_id != "chain_closed" && told.at >= from)
      links.push_back(&told);
  }
  for (const Happening& h : happenings.all()) {
    if (h.incident == incident.id || h.link.at < from || h.link.at > to || !concerns(h, incident)) continue;
    if (!is_among(links, h.link)) links.push_back(&h.link);
  }
  const Evidence onset = link("chain_onset", incident.onset);
  links.push_back(&onset);
  for (const Evidence& e : incident.evidence) links.push_back(&first_word(e, incident));
  std::ranges::stable_sort(links, {}, [](const Evidence* e) { return e->at; });
  if (links.size() > kLinks) links.resize(kLinks);
  std::vector<Evidence> chain;
  chain.reserve(links.size() + 1);
  for (const Evidence* told : links) chain.push_back(*told);
  if (incident.closed) chain.push_back(link("chain_closed", *incident.closed));
  return chain;
}

}  // namespace hf::incidents
