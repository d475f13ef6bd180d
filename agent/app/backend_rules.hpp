// The page's questions about rules answered: from the loop's thread for what stands now, from the store for what was. On agent/web's worker thread.
#pragma once

#include "agent/app/backtest.hpp"
#include "agent/app/engine.hpp"
#include "agent/app/live_view.hpp"
#include "agent/app/on_loop.hpp"
#include "agent/store/store.hpp"
#include "agent/web/rules_backend.hpp"

namespace hf::app {

struct RulesParts {
  Engine& engine;
  Inbox& inbox;
  store::Store& store;
  Backtests& backtests;
  const Clock& clock;
  Random& random;
};

class AppRules final : public web::RulesBackend {
 public:
  explicit AppRules(RulesParts parts) : parts_(parts) {}

  Result<web::RuleList> rules() override;
  Result<web::RuleView> set_rule(const rules::Rule& rule, const std::string& user) override;
  Status delete_rule(const std::string& id, const std::string& user) override;
  Result<web::RuleView> snooze(const std::string& id, std::optional<Duration> time, const std::string& user) override;
  Result<web::TextCheck> check(const std::string& text) override;
  Result<std::vector<web::FiringView>> firings(const std::optional<std::string>& rule, size_t limit) override;

  Result<web::BacktestView> begin_backtest(const web::BacktestRange& range) override;
  Result<web::BacktestView> backtest(const std::string& id) override;
  Status cancel_backtest(const std::string& id) override;

  Result<std::vector<web::HypothesisView>> hypotheses() override;
  Result<web::HypothesisView> add_hypothesis(const rules::Hypothesis& hypothesis, const std::string& user) override;
  Status delete_hypothesis(const std::string& id, const std::string& user) override;

  Result<std::vector<web::ChangeView>> changes() override;
  Result<web::ChangeView> declare(const rules::DeclaredChange& change, const std::string& user) override;
  Status end_change(const std::string& id, const std::string& user) override;

 private:
  struct Picture {  // what stands on the loop's thread, copied
    std::map<std::string, web::RuleView> rules;
    std::map<std::string, rules::Hypothesis> hypotheses;
    std::map<std::string, rules::DeclaredChange> changes;
    rules::Names names;
    calls::SiteModel model;
    Time now{};
  };
  Result<Picture> picture();
  Result<std::string> act(rules::Action action);
  Status names_known(const std::string& text, std::string_view what);
  Result<web::RuleView> rule(const std::string& id);
  Result<std::vector<web::FiringView>> fired(const Picture& seen, const store::FiringRange& range);
  Result<rules::Score> live_score(const rules::Hypothesis& hypothesis, Time now);
  Status target_known(const std::string& target, const Picture& seen) const;
  Result<web::HypothesisView> view(const rules::Hypothesis& hypothesis, const Picture& seen);
  Result<web::ChangeView> view(const rules::DeclaredChange& change, const Picture& seen);
  Result<web::ChangeMeasure> measure(const rules::DeclaredChange& change, Time from, Time to);

  RulesParts parts_;
};

}  // namespace hf::app
