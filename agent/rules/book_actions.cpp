// What people do to the book: set, delete, snooze, declare.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "agent/rules/book.hpp"

namespace hf::rules {

namespace {

Status check_text(const std::string& text) {
  const auto read = read_text(text, nullptr);
  return read ? Status{} : fail(ErrorKind::invalid_input, to_text(read.error()));
}

Status check_count(size_t count, bool known, size_t most, std::string_view what) {
  if (known || count < most) return {};
  return fail(ErrorKind::denied, fmt::format("there are {} {} already: delete one first", most, what));
}

std::string signal_of(const std::string& hypothesis) { return hypothesis + ".signal"; }

// The number in "r12"; 0 for an id of another form.
uint32_t number_of(const std::string& id) {
  uint32_t number = 0;
  if (id.size() > 1) (void)std::from_chars(id.data() + 1, id.data() + id.size(), number);
  return number;
}

Status check_change(const DeclaredChange& change, Time at) {
  if (change.subject.empty()) return fail(ErrorKind::invalid_input, "name the queue or line");
  if (change.to <= change.from || change.to <= at) return fail(ErrorKind::invalid_input, "it ends before it begins, or has ended");
  if (change.from < at - std::chrono::minutes(5)) return fail(ErrorKind::invalid_input, "it began in the past: a change is declared before it begins");
  if (change.to - change.from > std::chrono::hours(24 * 92)) return fail(ErrorKind::invalid_input, "it lasts longer than 92 days");
  if (change.guardrails.size() > kMaxGuardrails) return fail(ErrorKind::invalid_input, "more than 5 guardrails");
  for (const auto& text : change.guardrails)
    if (auto good = check_text(text); !good) return good;
  return {};
}

Status not_there(std::string_view what, const std::string& id) { return fail(ErrorKind::not_found, fmt::format("no {} {}", what, id)); }

}  // namespace

Status Book::check(const Action& action, Time at) const {
  const auto own_rule = [this](const std::string& id) {
    const auto rule = rules_.find(id);
    return rule != rules_.end() && rule->second.role == Role::rule;
  };
  if (const auto* set = std::get_if<SetRule>(&action.what)) {
    if (set->rule.id.empty() || (rules_.contains(set->rule.id) && !own_rule(set->rule.id))) return not_there("rule", set->rule.id);
    if (set->rule.maintenance.size() > kMaxMaintenance) return fail(ErrorKind::invalid_input, "more than 10 maintenance windows");
    const auto count = std::count_if(rules_.begin(), rules_.end(), [](const auto& r) { return r.second.role == Role::rule; });
    if (auto room = check_count(static_cast<size_t>(count), rules_.contains(set->rule.id), kMaxRules, "rules"); !room) return room;
    return check_text(set->rule.text);
  }
  if (const auto* gone = std::get_if<DeleteRule>(&action.what)) return own_rule(gone->id) ? Status{} : not_there("rule", gone->id);
  if (const auto* snooze = std::get_if<SnoozeRule>(&action.what)) {
    if (!rules_.contains(snooze->id)) return not_there("rule", snooze->id);
    if (snooze->until && (*snooze->until <= at || *snooze->until > at + kMaxSnooze)) return fail(ErrorKind::invalid_input, "a snooze lasts at most 24 hours");
    return {};
  }
  if (const auto* set = std::get_if<SetHypothesis>(&action.what)) {
    const auto& h = set->hypothesis;
    if (h.id.empty() || h.lead_max <= Duration{} || h.lead_min < Duration{} || h.lead_min > h.lead_max) return fail(ErrorKind::invalid_input, "lead time");
    if (auto room = check_count(hypotheses_.size(), hypotheses_.contains(h.id), kMaxHypotheses, "hypotheses"); !room) return room;
    return check_text(h.signal);
  }
  if (const auto* gone = std::get_if<DeleteHypothesis>(&action.what)) return hypotheses_.contains(gone->id) ? Status{} : not_there("hypothesis", gone->id);
  if (const auto* set = std::get_if<SetChange>(&action.what)) {
    if (set->change.id.empty() || changes_.contains(set->change.id)) return fail(ErrorKind::denied, "a declared change is not changed afterwards: end it and declare another");
    if (auto room = check_count(changes_.size(), false, kMaxChanges, "declared changes"); !room) return room;
    return check_change(set->change, at);
  }
  const auto& end = std::get<EndChange>(action.what);
  return changes_.contains(end.id) ? Status{} : not_there("declared change", end.id);
}

void Book::take(const Action& action, Time at, std::vector<Firing>& changed) {
  if (!check(action, at)) return;
  asked_ = std::max(asked_, at);
  if (const auto* set = std::get_if<SetRule>(&action.what)) {
    Rule rule = set->rule;
    rule.role = Role::rule, rule.from.reset(), rule.to.reset();
    put(std::move(rule), at, action.user, changed);
  } else if (const auto* gone = std::get_if<DeleteRule>(&action.what)) {
    drop(gone->id, at, Ended::deleted, changed);
  } else if (const auto* snooze = std::get_if<SnoozeRule>(&action.what)) {
    Rule& rule = rules_[snooze->id];
    rule.snoozed_until = snooze->until;
    rule.snoozed_by = snooze->until ? action.user : std::string{};
  } else if (const auto* h = std::get_if<SetHypothesis>(&action.what)) {
    const auto& hypothesis = hypotheses_[h->hypothesis.id] = h->hypothesis;
    numbers_ = std::max(numbers_, number_of(hypothesis.id));
    Rule signal;
    signal.id = signal_of(hypothesis.id), signal.name = hypothesis.name, signal.text = hypothesis.signal, signal.owner = hypothesis.owner;
    signal.role = Role::signal, signal.mode = Mode::shadow;
    put(std::move(signal), at, action.user, changed);
  } else if (const auto* no_more = std::get_if<DeleteHypothesis>(&action.what)) {
    drop(signal_of(no_more->id), at, Ended::deleted, changed);
    hypotheses_.erase(no_more->id);
  } else if (const auto* change = std::get_if<SetChange>(&action.what)) {
    take_change(change->change, at, changed);
  } else if (const auto* end = std::get_if<EndChange>(&action.what)) {
    end_change(end->id, at, changed);
  }
}

// A change of what it measures begins anew: what it said by its old text closes. Another name or owner does not.
void Book::put(Rule rule, Time at, const std::string& user, std::vector<Firing>& changed) {
  const auto old = rules_.find(rule.id);
  if (old != rules_.end()) {
    rule.revision = old->second.revision;
    rule.snoozed_until = old->second.snoozed_until, rule.snoozed_by = old->second.snoozed_by;
    if (old->second.text != rule.text || old->second.mode != rule.mode) drop(rule.id, at, Ended::changed, changed);
  }
  ++rule.revision;
  rule.changed = at, rule.changed_by = user;
  numbers_ = std::max(numbers_, number_of(rule.id));
  if (auto text = read_text(rule.text, nullptr)) texts_[rule.id] = std::move(*text);
  rules_[rule.id] = std::move(rule);
}

void Book::drop(const std::string& id, Time at, Ended why, std::vector<Firing>& changed) {
  for (auto instance = instances_.begin(); instance != instances_.end();) {
    if (instance->first.first != id) {
      ++instance;
      continue;
    }
    close(instance->second, at, why, changed);
    instance = instances_.erase(instance);
  }
  rules_.erase(id);
  texts_.erase(id);
}

void Book::take_change(DeclaredChange change, Time at, std::vector<Firing>& changed) {
  numbers_ = std::max(numbers_, number_of(change.id));
  size_t number = 0;
  for (const auto& text : change.guardrails) {
    Rule rail;
    rail.id = fmt::format("{}.g{}", change.id, ++number);
    rail.name = change.name, rail.text = text, rail.owner = change.owner;
    rail.severity = Severity::critical, rail.mode = Mode::active, rail.role = Role::guardrail;
    rail.from = change.from, rail.to = change.to;
    put(std::move(rail), at, change.declared_by, changed);
  }
  changes_[change.id] = std::move(change);
}

void Book::end_change(const std::string& id, Time at, std::vector<Firing>& changed) {
  DeclaredChange& change = changes_[id];
  const size_t rails = change.guardrails.size();
  for (size_t number = 1; number <= rails; ++number) drop(fmt::format("{}.g{}", id, number), at, Ended::over, changed);
  if (at <= change.from || at >= change.to) changes_.erase(id);
  else change.to = at;
}

void Book::read_texts() {
  texts_.clear();
  for (const auto& [id, rule] : rules_)
    if (auto text = read_text(rule.text, nullptr)) texts_[id] = std::move(*text);
}

}  // namespace hf::rules
