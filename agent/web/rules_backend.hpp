// What the page asks about rules, hypotheses and declared changes, as plain values. Called as Backend is: on agent/web's worker, some milliseconds.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agent/incidents/incident.hpp"
#include "agent/rules/book.hpp"
#include "agent/rules/score.hpp"

namespace hf::web {

struct PlaceName {  // labels are never empty
  metrics::Scope scope{};
  std::string id, label;
};

struct RuleAt {  // one rule at one queue or line
  PlaceName place;
  rules::Truth truth = rules::Truth::unknown;
  std::optional<Time> asked, since;
  std::optional<rules::Firing> firing;
  std::vector<rules::Value> values;
};

struct RuleView {
  rules::Rule rule;
  rules::Quiet quiet{};
  std::vector<RuleAt> places;        // firing ones first, then by name; the page shows 50
  uint32_t fired = 0;                // in the last 30 days, at most 500
};

struct RuleList {
  std::vector<RuleView> rules;       // of people: signals and guardrails stand with what they belong to
  std::vector<PlaceName> names;      // that a text may use
};

struct FiringView {
  rules::Firing firing;
  std::string name;                  // of the rule; empty = gone
  PlaceName place;
};

struct TextCheck {
  std::optional<rules::Problem> problem;
  std::vector<RuleAt> now;           // what it measures at this moment; empty with a problem
};

struct ForetoldView {
  FiringView firing;
  std::optional<incidents::Incident> incident;  // that it falls into
};

struct BacktestRange {
  std::string text;
  uint32_t days = 0;
  std::string target;                // of a hypothesis; empty = none
  Duration lead_min{}, lead_max{};
};

enum class BacktestState : uint8_t { running, done, cancelled, failed };
struct BacktestView {
  std::string id;
  BacktestState state = BacktestState::running;
  double progress = 0;
  std::string what;                  // why it failed
  Time from{}, to{};                 // the rest: when done
  uint64_t entries = 0;
  std::vector<ForetoldView> firings;
  bool more = false;
  std::vector<incidents::Incident> unforetold;
  std::optional<rules::Score> score;
};

struct HypothesisView {
  rules::Hypothesis hypothesis;
  rules::Score score;                // from live firings since it was created
  bool decided = false;              // its weeks are over
  std::vector<RuleAt> places;        // of its signal
};

enum class ChangePhase : uint8_t { planned, running, over };
struct ChangeMeasure {               // of its queue or line
  std::optional<Duration> wait;      // median of answered waits
  std::optional<Duration> handling;  // talk with hold, per answered call
  uint64_t answered = 0;
};
struct ChangeView {
  rules::DeclaredChange change;
  PlaceName place;
  ChangePhase phase = ChangePhase::planned;
  std::vector<RuleView> guardrails;
  std::vector<FiringView> broken;    // newest first
  std::vector<incidents::Incident> incidents;  // that began in it
  ChangeMeasure before, during;      // before: the seven days before it began
};

class RulesBackend {
 public:
  virtual ~RulesBackend() = default;

  virtual Result<RuleList> rules() = 0;
  // An empty id makes a new one. invalid_input (a text: "column 13: ..."), not_found, denied (too many). Durable when it returns.
  virtual Result<RuleView> set_rule(const rules::Rule& rule, const std::string& user) = 0;
  virtual Status delete_rule(const std::string& id, const std::string& user) = 0;
  virtual Result<RuleView> snooze(const std::string& id, std::optional<Duration> time, const std::string& user) = 0;  // unset: ends it
  virtual Result<TextCheck> check(const std::string& text) = 0;
  virtual Result<std::vector<FiringView>> firings(const std::optional<std::string>& rule, size_t limit) = 0;  // newest first

  virtual Result<BacktestView> begin_backtest(const BacktestRange& range) = 0;  // invalid_input, busy
  virtual Result<BacktestView> backtest(const std::string& id) = 0;             // not_found
  virtual Status cancel_backtest(const std::string& id) = 0;                    // not_found

  virtual Result<std::vector<HypothesisView>> hypotheses() = 0;
  virtual Result<HypothesisView> add_hypothesis(const rules::Hypothesis& hypothesis, const std::string& user) = 0;  // invalid_input, denied
  virtual Status delete_hypothesis(const std::string& id, const std::string& user) = 0;

  virtual Result<std::vector<ChangeView>> changes() = 0;  // newest first
  virtual Result<ChangeView> declare(const rules::DeclaredChange& change, const std::string& user) = 0;  // invalid_input, denied
  virtual Status end_change(const std::string& id, const std::string& user) = 0;
};

}  // namespace hf::web
