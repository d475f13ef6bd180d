// What each measure that looks back is: formulas over a window's sums.
#include <algorithm>

#include "agent/metrics/survival.hpp"
#include "agent/rules/evaluate.hpp"

namespace hf::rules {

namespace {

using metrics::WaitHistogram;

double quantile_of(Measure measure) {
  switch (measure) {
    case Measure::wait_p75: return 0.75;
    case Measure::wait_p90: return 0.90;
    case Measure::wait_p95: return 0.95;
    default: return 0.50;
  }
}

void share(Value& value, double part, double whole, uint64_t calls) {
  value.sample = static_cast<uint32_t>(calls);
  if (calls < kFewest || whole <= 0) value.why = Why::too_few_calls;
  else value.value = part / whole;
}

uint32_t minus(uint32_t a, uint64_t b) { return a > b ? a - static_cast<uint32_t>(b) : 0; }

}  // namespace

std::optional<Quantile> wait_quantile(const WaitHistogram& answered, const WaitHistogram& left, const std::vector<Duration>& still, double q) {
  WaitHistogram waiting;
  for (const Duration wait : still) waiting.add(wait);
  if (answered.count() + left.count() + still.size() == 0) return std::nullopt;
  std::vector<metrics::Ends> ends;
  Duration longest{};
  for (size_t b = 0; b < WaitHistogram::kBins; ++b) {
    const uint32_t censored = left.bins[b] + waiting.bins[b];
    if (answered.bins[b] + censored == 0) continue;
    ends.push_back({static_cast<double>(b), static_cast<double>(answered.bins[b]), static_cast<double>(censored)});
    longest = WaitHistogram::lower_edge(b);
  }
  for (const Duration wait : still) longest = std::max(longest, wait);
  for (const metrics::SurvivalStep& step : metrics::product_limit(ends)) {
    if (step.left > 1 - q + 1e-9) continue;
    WaitHistogram one;
    one.bins[static_cast<size_t>(step.t)] = 1;
    return Quantile{seconds(one.quantile(0.5).value_or(Duration{})), false};
  }
  return Quantile{seconds(longest), true};
}

void Evaluator::waits(const Comparison& c, const Window& w, Value& value) {
  const Sums& s = w.sums;
  if (c.measure == Measure::wait_mean) return share(value, seconds(s.answered_wait), s.answered, s.answered);
  value.sample = static_cast<uint32_t>(s.answered_waits.count() + s.abandoned_waits.count() + w.still.size());
  const auto found = wait_quantile(s.answered_waits, s.abandoned_waits, w.still, quantile_of(c.measure));
  if (!found || value.sample < kFewest) {
    value.why = Why::too_few_calls;
    return;
  }
  value.value = found->wait_s, value.at_least = found->at_least;
}

// Service levels as metrics::service_levels() has them, for any X; who still waits for less than X is not decided and counts nowhere.
void Evaluator::shares(const Comparison& c, const Window& w, Value& value) {
  const Sums& s = w.sums;
  if (c.measure == Measure::abandoned_share)
    return share(value, minus(s.abandoned, s.short_abandoned), minus(s.offered, s.short_abandoned), minus(s.offered, s.short_abandoned));
  if (c.measure == Measure::handling_time) return share(value, seconds(s.talk), s.handled, s.handled);
  if (c.measure == Measure::hold_share) return share(value, seconds(s.hold), seconds(s.talk), s.handled);
  if (c.measure == Measure::occupancy) {
    if (!s.busy || !s.free) value.why = Why::no_agent_state;
    else if (*s.busy + *s.free <= Duration{}) value.why = Why::too_few_calls;
    else value.value = seconds(*s.busy) / seconds(*s.busy + *s.free);
    return;
  }
  const auto undecided = std::count_if(w.still.begin(), w.still.end(), [&](Duration wait) { return wait < c.within; });
  const uint64_t offered = minus(s.offered, static_cast<uint64_t>(undecided));
  const uint64_t answered = s.answered_waits.count_below(c.within), left = s.abandoned_waits.count_below(c.within);
  const uint64_t whole = c.formula == Formula::handled ? s.answered : c.formula == Formula::ignore ? offered - std::min(offered, left) : offered;
  share(value, static_cast<double>(answered + (c.formula == Formula::positive ? left : 0)), static_cast<double>(whole), whole);
}

void Evaluator::totals(const Comparison& c, const Window& w, Value& value) {
  const Sums& s = w.sums;
  value.sample = s.offered;
  switch (c.measure) {
    case Measure::arrivals: value.value = s.offered; break;
    case Measure::answered: value.value = s.answered; break;
    case Measure::abandoned: value.value = s.abandoned; break;
    case Measure::avoidable_wait:
      if (s.avoidable) value.value = seconds(*s.avoidable);
      else value.why = Why::no_agent_state;
      break;
    default: value.why = Why::not_observed; break;
  }
}

}  // namespace hf::rules
