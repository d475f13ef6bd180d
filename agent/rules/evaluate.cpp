#include "agent/rules/evaluate.hpp"

#include <algorithm>

namespace hf::rules {

namespace {

Truth negate(Truth t) { return t == Truth::unknown ? t : t == Truth::yes ? Truth::no : Truth::yes; }

bool holds(Op op, double value, double threshold) {
  switch (op) {
    case Op::over: return value > threshold;
    case Op::at_least: return value >= threshold;
    case Op::under: return value < threshold;
    case Op::at_most: return value <= threshold;
  }
  return false;
}

}  // namespace

std::string_view to_string(Truth truth) {
  switch (truth) {
    case Truth::no: return "no";
    case Truth::yes: return "yes";
    case Truth::unknown: return "unknown";
  }
  return "unknown";
}

Evaluator::Evaluator(Time now, const History& history, const Sight& sight, const Names& names)
    : now_(now), minute_(std::chrono::floor<std::chrono::minutes>(now)), history_(history), sight_(sight), names_(names) {
  std::vector<std::pair<Place, Time>> waiting;
  sight.waiting(waiting);
  for (auto& [place, since] : waiting) waiting_[std::move(place)].push_back(since);
}

Truth Evaluator::ask(const Node& node, const Place& place, std::vector<Value>& values) {
  Place current = place;
  return walk(node, place, current, values);
}

// Kleene's three values: one "no" settles an "and", one "yes" an "or", whatever is unknown beside it. Every part is asked, so that all is shown.
Truth Evaluator::walk(const Node& node, const Place& any, Place& place, std::vector<Value>& values) {
  if (node.kind == Node::Kind::comparison) {
    if (node.comparison.whose != Whose::before) place = resolve(node.comparison, any);
    Value value;
    value.place = place;
    const Truth truth = compare(node.comparison, value);
    values.push_back(std::move(value));
    return truth;
  }
  if (node.kind == Node::Kind::negated) return negate(walk(node.parts.front(), any, place, values));
  const Truth settles = node.kind == Node::Kind::all ? Truth::no : Truth::yes;
  Truth whole = negate(settles);
  for (const auto& part : node.parts) {
    const Truth one = walk(part, any, place, values);
    if (one == settles || (one == Truth::unknown && whole != settles)) whole = one;
  }
  return whole;
}

Place Evaluator::resolve(const Comparison& c, const Place& any) const {
  if (c.whose == Whose::any_queue || c.whose == Whose::any_line) return any;
  if (c.whose != Whose::line)
    if (const auto queue = id_of(names_.queues, c.name); !queue.empty() || c.whose == Whose::queue) return {metrics::Scope::queue, queue};
  return {metrics::Scope::line, id_of(names_.lines, c.name)};
}

std::vector<Place> Evaluator::places(const RuleText& text) const {
  std::vector<Place> all;
  const bool queues = text.instances == Whose::any_queue;
  if (text.instances != Whose::before)
    for (const auto& [id, label] : queues ? names_.queues : names_.lines) {
      if (queues && std::find(names_.holding.begin(), names_.holding.end(), id) != names_.holding.end()) continue;
      all.push_back({queues ? metrics::Scope::queue : metrics::Scope::line, id});
    }
  if (!all.empty() || text.instances != Whose::before) return all;
  const Node* first = &text.when;
  while (first->kind != Node::Kind::comparison) first = &first->parts.front();
  return {resolve(first->comparison, {})};
}

Truth Evaluator::compare(const Comparison& c, Value& value) {
  value.measure = c.measure, value.over = c.over;
  if (value.place.id.empty()) value.why = Why::no_such_place;
  else if (!sight_.observing(value.place)) value.why = Why::not_observed;
  else measure(c, value);
  if (!value.value) return Truth::unknown;
  const auto limit = threshold(c, value.place);
  if (!limit) {
    value.why = Why::no_usual;
    return Truth::unknown;
  }
  const bool yes = holds(c.op, *value.value, *limit);
  if (!value.at_least) return yes ? Truth::yes : Truth::no;
  const bool settled = c.op == Op::over || c.op == Op::at_least ? yes : !yes;  // it can only grow
  if (settled) return yes ? Truth::yes : Truth::no;
  value.why = Why::not_reached_yet;
  return Truth::unknown;
}

std::optional<double> Evaluator::threshold(const Comparison& c, const Place& place) const {
  if (!c.usual) return c.threshold;
  const bool back = facts(c.measure).over;
  const auto usual = sight_.usual(c.measure, place, back ? minute_ - c.over : now_, back ? minute_ : now_);
  return usual ? std::optional(*usual * c.threshold) : std::nullopt;
}

const Evaluator::Window& Evaluator::window(const Place& place, Duration over) {
  const auto [at, fresh] = windows_.try_emplace({place, over});
  if (!fresh) return at->second;
  const Time from = minute_ - over;
  at->second.sums = history_.sums(place, from);
  at->second.observed = history_.observed(place, std::chrono::floor<std::chrono::minutes>(from), minute_);
  if (const auto waiting = waiting_.find(place); waiting != waiting_.end())
    for (const Time since : waiting->second)
      if (since >= from && since < minute_) at->second.still.push_back(now_ - since);
  return at->second;
}

void Evaluator::measure(const Comparison& c, Value& value) {
  if (!facts(c.measure).over) return facts(c.measure).agents ? agents(c, value) : moment(c, value);
  const Window& w = window(value.place, c.over);
  if (w.observed < kObserved) {
    value.why = Why::not_observed;
    return;
  }
  switch (c.measure) {
    case Measure::wait_p50:
    case Measure::wait_p75:
    case Measure::wait_p90:
    case Measure::wait_p95:
    case Measure::wait_mean: return waits(c, w, value);
    case Measure::abandoned_share:
    case Measure::service_level:
    case Measure::occupancy:
    case Measure::hold_share:
    case Measure::handling_time: return shares(c, w, value);
    default: return totals(c, w, value);
  }
}

void Evaluator::moment(const Comparison& c, Value& value) {
  const auto waiting = waiting_.find(value.place);
  const auto count = waiting == waiting_.end() ? 0 : waiting->second.size();
  value.sample = static_cast<uint32_t>(count);
  if (c.measure == Measure::waiting) value.value = static_cast<double>(count);
  else value.value = count == 0 ? 0 : seconds(now_ - *std::min_element(waiting->second.begin(), waiting->second.end()));
}

void Evaluator::agents(const Comparison& c, Value& value) {
  const auto now = sight_.queue(value.place);
  std::optional<uint32_t> count;
  if (now) count = c.measure == Measure::free_agents ? now->free : c.measure == Measure::staffed_agents ? now->staffed : now->busy;
  if (count) value.value = *count;
  else value.why = Why::no_agent_state;
}

}  // namespace hf::rules
