#include "agent/rules/book.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "agent/rules/maintenance.hpp"
#include "hal/platform/siphash.hpp"

namespace hf::rules {

namespace {

constexpr size_t kMaxLooks = 50;

Truth negate(Truth t) { return t == Truth::unknown ? t : t == Truth::yes ? Truth::no : Truth::yes; }

void add(std::vector<std::pair<std::string, std::string>>& list, const std::string& id, const std::string& label) {
  const auto known = std::find_if(list.begin(), list.end(), [&](const auto& one) { return one.first == id; });
  if (known == list.end()) list.emplace_back(id, label);
}

}  // namespace

std::string_view to_string(Quiet quiet) {
  switch (quiet) {
    case Quiet::no: return "no";
    case Quiet::shadow: return "shadow";
    case Quiet::maintenance: return "maintenance";
    case Quiet::snoozed: return "snoozed";
  }
  return "no";
}

void Book::set_site_model(const calls::SiteModel& model) {
  model_ = model;
  zone_.reset();
  if (auto zone = TimeZone::find(model.time_zone)) zone_ = *zone;
}

Names Book::names(const Sight& sight) const {
  Names names;
  for (const auto& queue : model_.queues) {
    names.queues.emplace_back(queue.id, queue.label);
    if (queue.holding) names.holding.push_back(queue.id);
  }
  for (const auto& line : model_.lines) names.lines.emplace_back(line.id, line.label);
  for (const Place& place : sight.known()) add(place.scope == metrics::Scope::queue ? names.queues : names.lines, place.id, "");
  return names;
}

Quiet Book::quiet(const Rule& rule, Time at) const {
  if (rule.mode != Mode::active || rule.role == Role::signal) return Quiet::shadow;
  if (rule.snoozed_until && at < *rule.snoozed_until) return Quiet::snoozed;
  return in_maintenance(rule, at, zone_) ? Quiet::maintenance : Quiet::no;
}

bool Book::lives(const Rule& rule, Time at) { return rule.mode != Mode::off && (!rule.from || at >= *rule.from) && (!rule.to || at < *rule.to); }

// A rule whose life is over is asked once more, so that what it said closes.
std::optional<Time> Book::next_deadline() const {
  const bool any = std::any_of(rules_.begin(), rules_.end(), [this](const auto& r) { return r.second.mode != Mode::off && (!r.second.to || asked_ < *r.second.to); });
  if (!any) return std::nullopt;
  return std::chrono::floor<std::chrono::seconds>(asked_) - std::chrono::floor<std::chrono::seconds>(asked_).time_since_epoch() % kEvery + kEvery;
}

void Book::advance(Time to, const Sight& sight, std::vector<Firing>& changed) {
  const auto due = next_deadline();
  if (!due || *due > to) return;
  asked_ = to;
  ask_all(to, sight, changed);
}

void Book::ask_all(Time now, const Sight& sight, std::vector<Firing>& changed) {
  const Names known = names(sight);
  Evaluator floor(now, history_, sight, known);
  for (const auto& [id, rule] : rules_) {
    if (!lives(rule, now)) {
      for (auto& [key, instance] : instances_)
        if (key.first == id) close(instance, now, Ended::over, changed);
      continue;
    }
    const auto text = texts_.find(id);
    if (text == texts_.end()) continue;
    for (const Place& place : floor.places(text->second)) ask(rule, text->second, place, now, floor, changed);
  }
}

void Book::ask(const Rule& rule, const RuleText& text, const Place& place, Time now, Evaluator& floor, std::vector<Firing>& changed) {
  Instance& instance = instances_[{rule.id, place}];
  instance.values.clear();
  instance.truth = floor.ask(text.when, place, instance.values);
  instance.asked = now;
  if (instance.truth != Truth::yes) instance.since.reset();
  else if (!instance.since) instance.since = now;
  if (instance.firing) {
    std::vector<Value> unshown;
    go_on(rule, text, text.clear ? floor.ask(*text.clear, place, unshown) : negate(instance.truth), now, instance, changed);
  } else if (instance.since && now - *instance.since >= text.hold) {
    open(rule, place, now, instance, changed);
  }
}

void Book::open(const Rule& rule, const Place& place, Time now, Instance& instance, std::vector<Firing>& changed) {
  Firing firing;
  const std::string key = fmt::format("{}/{}/{}/{}/{}", epoch_, rule.id, static_cast<int>(place.scope), place.id, now.time_since_epoch().count());
  firing.id = fmt::format("{:016x}", siphash24(SipKey{}, key));  // a fixed key: the id is no secret, it only has to be the same after any replay
  firing.rule = rule.id, firing.rule_revision = rule.revision, firing.role = rule.role, firing.severity = rule.severity;
  firing.shadow = quiet(rule, now) == Quiet::shadow;
  firing.place = place, firing.since = *instance.since, firing.opened = now, firing.values = instance.values, firing.revision = 1;
  if (quiet(rule, now) == Quiet::no) firing.paged = now;
  instance.clearing.reset(), instance.unmeasured.reset();
  instance.firing = firing;
  changed.push_back(std::move(firing));
}

void Book::go_on(const Rule& rule, const RuleText& text, Truth clear, Time now, Instance& instance, std::vector<Firing>& changed) {
  const auto keep = [now](std::optional<Time>& since, bool holds) {
    if (!holds) since.reset();
    else if (!since) since = now;
  };
  keep(instance.clearing, clear == Truth::yes);
  keep(instance.unmeasured, clear == Truth::unknown);
  if (instance.clearing && now - *instance.clearing >= text.clear_hold) return close(instance, now, Ended::cleared, changed);
  if (instance.unmeasured && now - *instance.unmeasured >= kUnmeasured) return close(instance, now, Ended::unmeasured, changed);
  if (instance.firing->paged || quiet(rule, now) != Quiet::no) return;
  instance.firing->paged = now;  // maintenance or a snooze is over, and it still stands
  ++instance.firing->revision;
  changed.push_back(*instance.firing);
}

void Book::close(Instance& instance, Time at, Ended why, std::vector<Firing>& changed) {
  if (!instance.firing) return;
  instance.firing->closed = at, instance.firing->ended = why;
  ++instance.firing->revision;
  changed.push_back(std::move(*instance.firing));
  instance.firing.reset();
  instance.since.reset(), instance.clearing.reset(), instance.unmeasured.reset();
}

std::vector<Book::Look> Book::look(const RuleText& text, Time now, const Sight& sight) const {
  const Names known = names(sight);
  Evaluator floor(now, history_, sight, known);
  std::vector<Look> looks;
  for (const Place& place : floor.places(text)) {
    if (looks.size() == kMaxLooks) break;
    Look& look = looks.emplace_back();
    look.place = place;
    look.truth = floor.ask(text.when, place, look.values);
  }
  return looks;
}

bool Book::load(StateLoader& in) {
  in.get(*this);
  set_site_model(calls::SiteModel(model_));
  read_texts();
  return in.ok();
}

}  // namespace hf::rules
