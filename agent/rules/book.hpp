// The site's rules at work. In: people's actions, closed minutes, ended calls, time. Out: firings as they open, are paged and close.
// Pure; all state is in fields(); driven by the core's one loop. Rules are asked every ten seconds of journal time while there are any.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/calls/site_model.hpp"
#include "agent/rules/evaluate.hpp"
#include "agent/rules/firing.hpp"
#include "agent/rules/history.hpp"
#include "agent/rules/rule.hpp"
#include "agent/rules/text.hpp"
#include "hal/platform/result.hpp"
#include "hal/platform/state_archive.hpp"
#include "hal/platform/time_zone.hpp"

namespace hf::rules {

inline constexpr std::chrono::seconds kEvery{10};
inline constexpr std::chrono::minutes kUnmeasured{30};  // a firing that can no longer be measured ends after so long

// Why a firing is paged to nobody.
enum class Quiet : uint8_t { no, shadow, maintenance, snoozed };
std::string_view to_string(Quiet quiet);

struct Instance {               // a rule at one place, as it stands
  Truth truth = Truth::unknown;
  Time asked{};                 // 0 = not yet
  std::optional<Time> since;    // its condition holds since
  std::optional<Time> clearing, unmeasured;  // of a firing: since when
  std::optional<Firing> firing;
  std::vector<Value> values;
  template <class A> void fields(A& a) {
    a("truth", truth), a("asked", asked), a("since", since), a("clearing", clearing), a("unmeasured", unmeasured), a("firing", firing), a("values", values);
  }
};

class Book {
 public:
  // `site_epoch`: the journal's epoch; it goes into the firings' ids.
  explicit Book(std::string site_epoch) : epoch_(std::move(site_epoch)) {}

  void set_site_model(const calls::SiteModel& model);
  // invalid_input (a text, a range), not_found, denied (too many). Names are not checked here: whoever edits a text checks them.
  Status check(const Action& action, Time at) const;
  // Only what check() accepts changes anything.
  void take(const Action& action, Time at, std::vector<Firing>& changed);
  void on(const metrics::Minute& minute) { history_.take(minute); }
  void on(const calls::Call& ended) { history_.take(ended); }
  // Does what is due up to `to`; advance(a), advance(b) equals advance(b).
  void advance(Time to, const Sight& sight, std::vector<Firing>& changed);
  std::optional<Time> next_deadline() const;

  // The number of the next rule, hypothesis or change: "r7", "h2", "c1".
  std::string next_id(char letter) const { return letter + std::to_string(numbers_ + 1); }
  const std::map<std::string, Rule>& rules() const { return rules_; }
  const std::map<std::string, Hypothesis>& hypotheses() const { return hypotheses_; }
  const std::map<std::string, DeclaredChange>& changes() const { return changes_; }
  const std::map<std::pair<std::string, Place>, Instance>& instances() const { return instances_; }
  Quiet quiet(const Rule& rule, Time at) const;
  // Queues and lines by id and label: of the site model, and as they were seen.
  Names names(const Sight& sight) const;
  // What a text measures now, at every place that it looks at (at most 50).
  struct Look {
    Place place;
    Truth truth{};
    std::vector<Value> values;
  };
  std::vector<Look> look(const RuleText& text, Time now, const Sight& sight) const;

  void save(StateSaver& out) const { out.put(*this); }
  [[nodiscard]] bool load(StateLoader& in);
  template <class A> void fields(A& a) {
    a("epoch", epoch_), a("model", model_), a("rules", rules_), a("hypotheses", hypotheses_), a("changes", changes_), a("instances", instances_);
    a("history", history_), a("asked", asked_), a("numbers", numbers_);
  }

 private:
  using Key = std::pair<std::string, Place>;
  void read_texts();
  void put(Rule rule, Time at, const std::string& user, std::vector<Firing>& changed);
  void drop(const std::string& id, Time at, Ended why, std::vector<Firing>& changed);
  void take_change(DeclaredChange change, Time at, std::vector<Firing>& changed);
  void end_change(const std::string& id, Time at, std::vector<Firing>& changed);
  void ask_all(Time now, const Sight& sight, std::vector<Firing>& changed);
  void ask(const Rule& rule, const RuleText& text, const Place& place, Time now, Evaluator& floor, std::vector<Firing>& changed);
  void open(const Rule& rule, const Place& place, Time now, Instance& instance, std::vector<Firing>& changed);
  void go_on(const Rule& rule, const RuleText& text, Truth clear, Time now, Instance& instance, std::vector<Firing>& changed);
  static void close(Instance& instance, Time at, Ended why, std::vector<Firing>& changed);
  static bool lives(const Rule& rule, Time at);

  std::string epoch_;
  calls::SiteModel model_;
  std::map<std::string, Rule> rules_;
  std::map<std::string, Hypothesis> hypotheses_;
  std::map<std::string, DeclaredChange> changes_;
  std::map<Key, Instance> instances_;
  History history_;
  Time asked_{};            // last time that rules were asked, or a rule changed
  uint32_t numbers_ = 0;    // given out so far
  // Follow from the above.
  std::map<std::string, RuleText> texts_;
  std::optional<TimeZone> zone_;
};

}  // namespace hf::rules
