// A rule's condition asked of the floor at one moment. In: the tree, history, the floor. Out: yes, no or unknown, and what was measured. Pure.
//
// Windows are whole minutes: "over 15 min" is the callers who arrived in the 15 minutes before the one under way. Those of them who still wait
// count as "longer than so far" (censored), so that a wait shows while it is being waited: quantiles by Kaplan and Meier (1958), where answered
// is the event and left or still waiting is censored.
#pragma once

#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "agent/rules/history.hpp"
#include "agent/rules/sight.hpp"
#include "agent/rules/text.hpp"

namespace hf::rules {

enum class Truth : uint8_t { no, yes, unknown };
std::string_view to_string(Truth truth);

inline constexpr uint32_t kFewest = 5;         // calls behind a quantile, mean or share; fewer say nothing
inline constexpr double kObserved = 0.8;       // of a window that must have been seen

class Evaluator {
 public:
  // All three must outlive it.
  Evaluator(Time now, const History& history, const Sight& sight, const Names& names);

  // `place`: what "any" means in this call. Appends one value for each comparison, in the text's order.
  Truth ask(const Node& node, const Place& place, std::vector<Value>& values);
  // Where a rule has a state of its own: each queue (holding ones left out) or line for "any", else the first comparison's.
  std::vector<Place> places(const RuleText& text) const;

 private:
  struct Window {
    Sums sums;
    std::vector<Duration> still;  // waits so far of those who still wait
    double observed = 0;
  };
  Truth walk(const Node& node, const Place& any, Place& place, std::vector<Value>& values);
  Truth compare(const Comparison& c, Value& value);
  std::optional<double> threshold(const Comparison& c, const Place& place) const;
  Place resolve(const Comparison& c, const Place& any) const;
  const Window& window(const Place& place, Duration over);
  void measure(const Comparison& c, Value& value);
  void moment(const Comparison& c, Value& value);
  void agents(const Comparison& c, Value& value);
  static void waits(const Comparison& c, const Window& w, Value& value);
  static void shares(const Comparison& c, const Window& w, Value& value);
  static void totals(const Comparison& c, const Window& w, Value& value);

  Time now_, minute_;
  const History& history_;
  const Sight& sight_;
  const Names& names_;
  std::map<Place, std::vector<Time>> waiting_;  // since when, of all who wait now
  std::map<std::pair<Place, Duration>, Window> windows_;
};

// The time within which the share `q` was answered; `at_least` when those who still wait leave it open. Waits in any order. Unset: no calls.
struct Quantile {
  double wait_s = 0;
  bool at_least = false;
};
std::optional<Quantile> wait_quantile(const metrics::WaitHistogram& answered, const metrics::WaitHistogram& left, const std::vector<Duration>& still, double q);

}  // namespace hf::rules
