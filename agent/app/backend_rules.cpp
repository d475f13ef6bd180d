#include "agent/app/backend_rules.hpp"

#include <algorithm>
#include <array>

#include "agent/core/core_sight.hpp"
#include "hal/platform/hex.hpp"

namespace hf::app {

namespace {

constexpr auto kLately = std::chrono::hours(24 * 30);
constexpr size_t kMaxFired = 500;

web::PlaceName named(const rules::Place& place, const Labels& labels) {
  const auto name = place.scope == metrics::Scope::line ? labels.line(place.id) : labels.queue(place.id);
  return {place.scope, place.id, place.id.empty() ? "?" : name.label};
}

web::RuleAt at(const rules::Place& place, const rules::Instance& instance, const Labels& labels) {
  web::RuleAt shown{named(place, labels), instance.truth, std::nullopt, instance.since, instance.firing, instance.values};
  if (instance.asked != Time{}) shown.asked = instance.asked;
  return shown;
}

web::BacktestState state_of(Backtests::State state) {
  switch (state) {
    case Backtests::State::running: return web::BacktestState::running;
    case Backtests::State::done: return web::BacktestState::done;
    case Backtests::State::cancelled: return web::BacktestState::cancelled;
    case Backtests::State::failed: return web::BacktestState::failed;
  }
  return web::BacktestState::failed;
}

}  // namespace

Result<AppRules::Picture> AppRules::picture() {
  return on_loop(parts_.inbox, [this] {
    Picture seen;
    const auto& book = parts_.engine.core().rules();
    seen.now = parts_.engine.now();
    seen.model = parts_.engine.site_model();
    seen.names = book.names(CoreSight(parts_.engine.core().pbxs()));
    seen.hypotheses = book.hypotheses(), seen.changes = book.changes();
    for (const auto& [id, rule] : book.rules()) seen.rules[id] = {rule, book.quiet(rule, seen.now), {}, 0};
    const Labels labels(seen.model);
    for (const auto& [key, instance] : book.instances())
      if (const auto rule = seen.rules.find(key.first); rule != seen.rules.end()) rule->second.places.push_back(at(key.second, instance, labels));
    for (auto& [id, rule] : seen.rules)
      std::ranges::stable_sort(rule.places, [](const auto& a, const auto& b) { return a.firing.has_value() && !b.firing; });
    return seen;
  });
}

Result<std::string> AppRules::act(rules::Action action) {
  auto done = on_loop(parts_.inbox, [this, action = std::move(action)] { return parts_.engine.act(action); });
  return done ? std::move(*done) : Result<std::string>(fail(std::move(done.error())));
}

Status AppRules::names_known(const std::string& text, std::string_view what) {
  auto checked = check(text);
  if (!checked) return fail(std::move(checked.error()));
  if (!checked->problem) return {};
  return fail(Error{ErrorKind::invalid_input, rules::to_text(*checked->problem)}.context(what));
}

Result<web::RuleView> AppRules::rule(const std::string& id) {
  auto seen = picture();
  if (!seen) return fail(std::move(seen.error()));
  const auto found = seen->rules.find(id);
  if (found == seen->rules.end()) return fail(ErrorKind::not_found, "no rule " + id);
  return std::move(found->second);
}

Result<web::RuleList> AppRules::rules() {
  auto seen = picture();
  if (!seen) return fail(std::move(seen.error()));
  web::RuleList list;
  for (auto& [id, view] : seen->rules) {
    if (view.rule.role != rules::Role::rule) continue;
    auto fired = parts_.store.firings({.rule = id, .from = seen->now - kLately, .limit = kMaxFired});
    if (!fired) return fail(std::move(fired.error()));
    view.fired = static_cast<uint32_t>(fired->size());
    list.rules.push_back(std::move(view));
  }
  const Labels labels(seen->model);
  for (const auto& [id, label] : seen->names.queues) list.names.push_back(named({metrics::Scope::queue, id}, labels));
  for (const auto& [id, label] : seen->names.lines) list.names.push_back(named({metrics::Scope::line, id}, labels));
  return list;
}

Result<web::RuleView> AppRules::set_rule(const rules::Rule& wanted, const std::string& user) {
  if (auto known = names_known(wanted.text, "text"); !known) return fail(std::move(known.error()));
  if (!wanted.id.empty())
    if (auto old = rule(wanted.id); !old) return fail(std::move(old.error()));
  auto id = act({1, user, rules::SetRule{wanted}});
  return id ? rule(*id) : Result<web::RuleView>(fail(std::move(id.error())));
}

Status AppRules::delete_rule(const std::string& id, const std::string& user) {
  auto done = act({1, user, rules::DeleteRule{id}});
  return done ? Status{} : fail(std::move(done.error()));
}

Result<web::RuleView> AppRules::snooze(const std::string& id, std::optional<Duration> time, const std::string& user) {
  auto seen = picture();
  if (!seen) return fail(std::move(seen.error()));
  auto done = act({1, user, rules::SnoozeRule{id, time ? std::optional(seen->now + *time) : std::nullopt}});
  return done ? rule(id) : Result<web::RuleView>(fail(std::move(done.error())));
}

Result<web::TextCheck> AppRules::check(const std::string& text) {
  return on_loop(parts_.inbox, [this, text] {
    web::TextCheck checked;
    const auto& core = parts_.engine.core();
    const CoreSight sight(core.pbxs());
    const auto names = core.rules().names(sight);
    const auto read = rules::read_text(text, &names);
    if (!read) {
      checked.problem = read.error();
      return checked;
    }
    const Labels labels(parts_.engine.site_model());
    for (auto& look : core.rules().look(*read, core.now(), sight))
      checked.now.push_back({named(look.place, labels), look.truth, core.now(), std::nullopt, std::nullopt, std::move(look.values)});
    return checked;
  });
}

Result<std::vector<web::FiringView>> AppRules::fired(const Picture& seen, const store::FiringRange& range) {
  auto found = parts_.store.firings(range);
  if (!found) return fail(std::move(found.error()));
  const Labels labels(seen.model);
  std::vector<web::FiringView> views;
  for (auto& firing : *found) {
    const auto rule = seen.rules.find(firing.rule);
    const auto place = named(firing.place, labels);
    views.push_back({std::move(firing), rule == seen.rules.end() ? "" : rule->second.rule.name, place});
  }
  return views;
}

Result<std::vector<web::FiringView>> AppRules::firings(const std::optional<std::string>& rule, size_t limit) {
  auto seen = picture();
  if (!seen) return fail(std::move(seen.error()));
  return fired(*seen, {.rule = rule, .limit = limit});
}

Result<web::BacktestView> AppRules::begin_backtest(const web::BacktestRange& range) {
  if (auto known = names_known(range.text, "text"); !known) return fail(std::move(known.error()));
  auto seen = picture();
  if (!seen) return fail(std::move(seen.error()));
  BacktestRequest request;
  request.text = range.text, request.model = seen->model, request.to = seen->now + std::chrono::seconds(1);
  request.from = seen->now - std::chrono::hours(24) * range.days;
  request.lead_min = range.lead_min, request.lead_max = range.lead_max;
  if (!range.target.empty()) {
    if (auto known = target_known(range.target, *seen); !known) return fail(std::move(known.error()));
    if (range.target.starts_with("rule:")) request.target_text = seen->rules.at(range.target.substr(5)).rule.text;
    else request.target_kind = incidents::kind_from(range.target.substr(9));
  }
  auto last = on_loop(parts_.inbox, [this] { return parts_.engine.journal().last_sequence(); });
  if (!last) return fail(std::move(last.error()));
  request.last_sequence = *last;
  std::array<uint8_t, 8> raw;
  parts_.random.fill(std::as_writable_bytes(std::span(raw)));
  const std::string id = to_hex(raw);
  if (auto begun = parts_.backtests.begin(id, std::move(request)); !begun) return fail(std::move(begun.error()));
  return backtest(id);
}

Result<web::BacktestView> AppRules::backtest(const std::string& id) {
  auto look = parts_.backtests.look(id);
  if (!look) return fail(std::move(look.error()));
  auto seen = picture();
  if (!seen) return fail(std::move(seen.error()));
  web::BacktestView view;
  view.id = id, view.state = state_of(look->state), view.progress = look->progress, view.what = look->what;
  if (!look->result) return view;
  const BacktestResult& result = *look->result;
  const Labels labels(seen->model);
  view.from = result.from, view.to = result.to, view.entries = result.entries, view.more = result.more;
  view.unforetold = result.unforetold, view.score = result.score;
  for (const auto& one : result.firings) view.firings.push_back({{one.firing, "", named(one.firing.place, labels)}, one.incident});
  return view;
}

Status AppRules::cancel_backtest(const std::string& id) { return parts_.backtests.cancel(id); }

}  // namespace hf::app
