// Hypotheses and declared changes for the page.
#include <algorithm>

#include "agent/app/backend_rules.hpp"
#include "agent/incidents/incident.hpp"

namespace hf::app {

namespace {

constexpr size_t kMaxMoments = 500, kMaxFiringsShown = 50;
constexpr auto kBefore = std::chrono::hours(24 * 7);

}  // namespace

Status AppRules::target_known(const std::string& target, const Picture& seen) const {
  if (target.starts_with("rule:")) {
    const auto rule = seen.rules.find(target.substr(5));
    if (rule != seen.rules.end() && rule->second.rule.role == rules::Role::rule) return {};
    return fail(ErrorKind::invalid_input, "no such rule to follow");
  }
  if (target.starts_with("incident:") && incidents::kind_from(target.substr(9)) != incidents::Kind::unknown) return {};
  return fail(ErrorKind::invalid_input, "what follows must be rule: and an id, or incident: and a kind");
}

Result<rules::Score> AppRules::live_score(const rules::Hypothesis& h, Time now) {
  const Time to = std::min(now, h.created + std::chrono::hours(24 * 7) * h.weeks + h.lead_max);
  std::vector<Time> signals, targets;
  const auto add_firings = [&](const std::string& rule, std::vector<Time>& into) -> Status {
    auto fired = parts_.store.firings({.rule = rule, .from = h.created, .to = to, .limit = kMaxMoments});
    if (!fired) return fail(std::move(fired.error()));
    for (const auto& firing : *fired) into.push_back(firing.opened);
    return {};
  };
  if (auto done = add_firings(h.id + ".signal", signals); !done) return fail(std::move(done.error()));
  if (h.target.starts_with("rule:")) {
    if (auto done = add_firings(h.target.substr(5), targets); !done) return fail(std::move(done.error()));
  } else {
    auto found = parts_.store.incidents({.from = h.created, .to = to, .limit = kMaxMoments});
    if (!found) return fail(std::move(found.error()));
    for (const auto& incident : *found)
      if (incident.kind == incidents::kind_from(h.target.substr(9))) targets.push_back(incident.onset);
  }
  std::ranges::sort(signals), std::ranges::sort(targets);
  return rules::score(signals, targets, h.lead_min, h.lead_max, to);
}

Result<web::HypothesisView> AppRules::view(const rules::Hypothesis& h, const Picture& seen) {
  auto score = live_score(h, seen.now);
  if (!score) return fail(std::move(score.error()));
  web::HypothesisView view{h, *score, seen.now >= h.created + std::chrono::hours(24 * 7) * h.weeks, {}};
  if (const auto signal = seen.rules.find(h.id + ".signal"); signal != seen.rules.end()) view.places = signal->second.places;
  return view;
}

Result<std::vector<web::HypothesisView>> AppRules::hypotheses() {
  auto seen = picture();
  if (!seen) return fail(std::move(seen.error()));
  std::vector<web::HypothesisView> views;
  for (const auto& [id, hypothesis] : seen->hypotheses) {
    auto one = view(hypothesis, *seen);
    if (!one) return fail(std::move(one.error()));
    views.push_back(std::move(*one));
  }
  return views;
}

Result<web::HypothesisView> AppRules::add_hypothesis(const rules::Hypothesis& wanted, const std::string& user) {
  if (auto known = names_known(wanted.signal, "signal"); !known) return fail(std::move(known.error()));
  auto seen = picture();
  if (!seen) return fail(std::move(seen.error()));
  if (auto known = target_known(wanted.target, *seen); !known) return fail(std::move(known.error()));
  rules::Hypothesis hypothesis = wanted;
  hypothesis.id.clear(), hypothesis.created = seen->now, hypothesis.created_by = user;
  auto id = act({1, user, rules::SetHypothesis{hypothesis}});
  if (!id) return fail(std::move(id.error()));
  seen = picture();
  if (!seen) return fail(std::move(seen.error()));
  const auto made = seen->hypotheses.find(*id);
  if (made == seen->hypotheses.end()) return fail(ErrorKind::not_found, "no hypothesis " + *id);
  return view(made->second, *seen);
}

Status AppRules::delete_hypothesis(const std::string& id, const std::string& user) {
  auto done = act({1, user, rules::DeleteHypothesis{id}});
  return done ? Status{} : fail(std::move(done.error()));
}

Result<web::ChangeMeasure> AppRules::measure(const rules::DeclaredChange& change, Time from, Time to) {
  web::ChangeMeasure measured;
  if (to <= from) return measured;
  auto steps = parts_.store.minutes({change.scope, change.subject, from, to, std::chrono::minutes(60)});
  if (!steps) return fail(std::move(steps.error()));
  metrics::WaitHistogram waits;
  Duration talk{};
  for (const auto& step : *steps) waits.merge(step.answered_waits), talk += step.talk, measured.answered += step.answered;
  measured.wait = waits.quantile(0.5);
  if (measured.answered > 0) measured.handling = talk / static_cast<int64_t>(measured.answered);
  return measured;
}

Result<web::ChangeView> AppRules::view(const rules::DeclaredChange& change, const Picture& seen) {
  web::ChangeView view;
  view.change = change;
  const Labels labels(seen.model);
  view.place = {change.scope, change.subject, (change.scope == metrics::Scope::line ? labels.line(change.subject) : labels.queue(change.subject)).label};
  view.phase = seen.now < change.from ? web::ChangePhase::planned : seen.now < change.to ? web::ChangePhase::running : web::ChangePhase::over;
  for (size_t n = 1; n <= change.guardrails.size(); ++n) {
    const std::string id = change.id + ".g" + std::to_string(n);
    if (const auto rail = seen.rules.find(id); rail != seen.rules.end()) view.guardrails.push_back(rail->second);
    auto broken = fired(seen, {.rule = id, .limit = kMaxFiringsShown});
    if (!broken) return fail(std::move(broken.error()));
    view.broken.insert(view.broken.end(), std::make_move_iterator(broken->begin()), std::make_move_iterator(broken->end()));
  }
  auto incidents = parts_.store.incidents({.from = change.from - std::chrono::hours(1), .to = change.to, .limit = kMaxMoments});
  if (!incidents) return fail(std::move(incidents.error()));
  for (auto& incident : *incidents)
    if (incident.declared == change.id) view.incidents.push_back(std::move(incident));
  auto before = measure(change, change.from - kBefore, change.from), during = measure(change, change.from, std::min(change.to, seen.now));
  if (!before) return fail(std::move(before.error()));
  if (!during) return fail(std::move(during.error()));
  view.before = *before, view.during = *during;
  return view;
}

Result<std::vector<web::ChangeView>> AppRules::changes() {
  auto seen = picture();
  if (!seen) return fail(std::move(seen.error()));
  std::vector<web::ChangeView> views;
  for (const auto& [id, change] : seen->changes) {
    auto one = view(change, *seen);
    if (!one) return fail(std::move(one.error()));
    views.push_back(std::move(*one));
  }
  std::ranges::stable_sort(views, [](const auto& a, const auto& b) { return a.change.from > b.change.from; });
  return views;
}

Result<web::ChangeView> AppRules::declare(const rules::DeclaredChange& wanted, const std::string& user) {
  for (const auto& text : wanted.guardrails)
    if (auto known = names_known(text, "guardrail"); !known) return fail(std::move(known.error()));
  auto seen = picture();
  if (!seen) return fail(std::move(seen.error()));
  const auto& names = wanted.scope == metrics::Scope::line ? seen->names.lines : seen->names.queues;
  rules::DeclaredChange change = wanted;
  change.subject = rules::id_of(names, wanted.subject);
  if (change.subject.empty()) return fail(ErrorKind::invalid_input, "no such queue or line");
  change.id.clear(), change.declared = seen->now, change.declared_by = user;
  auto id = act({1, user, rules::SetChange{change}});
  if (!id) return fail(std::move(id.error()));
  seen = picture();
  if (!seen) return fail(std::move(seen.error()));
  const auto made = seen->changes.find(*id);
  if (made == seen->changes.end()) return fail(ErrorKind::not_found, "no declared change " + *id);
  return view(made->second, *seen);
}

Status AppRules::end_change(const std::string& id, const std::string& user) {
  auto done = act({1, user, rules::EndChange{id}});
  return done ? Status{} : fail(std::move(done.error()));
}

}  // namespace hf::app
