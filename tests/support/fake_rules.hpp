// Rules for a backend with one of everything: a firing rule, an unknown one, a broken guardrail, a scored hypothesis.
#pragma once

#include "agent/web/rules_backend.hpp"

namespace hf::test {

class FakeRules : public web::RulesBackend {
 public:
  explicit FakeRules(Time now) {
    using namespace std::chrono_literals;
    const web::PlaceName place{metrics::Scope::queue, "sales", "Sales"};
    rules::Value wait, agents;
    wait.measure = rules::Measure::wait_p50, wait.place = {metrics::Scope::queue, "sales"}, wait.over = 15min, wait.value = 130, wait.at_least = true, wait.sample = 9;
    agents.measure = rules::Measure::free_agents, agents.place = wait.place, agents.why = rules::Why::no_agent_state;
    firing.id = "00aa11bb22cc33dd", firing.rule = "r1", firing.place = wait.place, firing.since = now - 2min, firing.opened = firing.paged.emplace(now - 1min);
    firing.values = {wait, agents};
    one.rule.id = "r1", one.rule.name = "long <b>waits", one.rule.text = "longest_wait of sales > 1 min", one.rule.mode = rules::Mode::active;
    one.rule.maintenance = {{3, 60, 30, {}, {}}, {0, 0, 0, now, now + 1h}};
    one.places = {{place, rules::Truth::yes, now, now - 2min, firing, firing.values}, {place, rules::Truth::unknown, std::nullopt, std::nullopt, std::nullopt, {}}};
    incident.id = "00112233445566aa", incident.kind = incidents::Kind::artificial_hold, incident.onset = now - 10min, incident.signalled = now - 8min;
    test.firings = {{{firing, "", place}, incident}, {{firing, "", place}, std::nullopt}};
    test.unforetold = {incident}, test.score = rules::Score{2, 1, 1, 0, 1, 1, {5min}}, test.state = web::BacktestState::done, test.progress = 1;
    hypothesis.hypothesis.id = "h1", hypothesis.hypothesis.name = "waits first", hypothesis.hypothesis.signal = one.rule.text, hypothesis.score = *test.score, hypothesis.places = one.places;
    change.change.id = "c1", change.place = place, change.guardrails = {one}, change.broken = {{firing, "music", place}}, change.incidents = {incident};
    change.before = {20s, 180s, 400};
  }

  Result<web::RuleList> rules() override { return web::RuleList{{one}, {{metrics::Scope::line, "800", "Support"}}}; }
  Result<web::RuleView> set_rule(const rules::Rule& rule, const std::string& user) override {
    if (rule.text == "bad") return fail(ErrorKind::invalid_input, "column 1: unknown measure 'bad'");
    done.push_back("set " + (rule.id.empty() ? "new" : rule.id) + " by " + user);
    web::RuleView view = one;
    view.rule = rule;
    view.rule.id = rule.id.empty() ? "r2" : rule.id;
    return view;
  }
  Status delete_rule(const std::string& id, const std::string& user) override {
    if (id != "r1") return fail(ErrorKind::not_found, "no rule " + id);
    done.push_back("delete r1 by " + user);
    return {};
  }
  Result<web::RuleView> snooze(const std::string& id, std::optional<Duration> time, const std::string&) override {
    done.push_back("snooze " + id + " " + (time ? std::to_string(seconds(*time)) : "off"));
    return one;
  }
  Result<web::TextCheck> check(const std::string& text) override {
    if (const auto read = rules::read_text(text, nullptr); !read) return web::TextCheck{read.error(), {}};
    return web::TextCheck{std::nullopt, one.places};
  }
  Result<std::vector<web::FiringView>> firings(const std::optional<std::string>&, size_t) override { return std::vector{test.firings[0].firing}; }
  Result<web::BacktestView> begin_backtest(const web::BacktestRange& range) override {
    if (range.days == 400) return fail(ErrorKind::busy, "another backtest runs");
    web::BacktestView view;
    view.id = "00112233445566aa";
    return view;
  }
  Result<web::BacktestView> backtest(const std::string& id) override {
    web::BacktestView view = test;
    view.id = id;
    return view;
  }
  Status cancel_backtest(const std::string&) override { return {}; }
  Result<std::vector<web::HypothesisView>> hypotheses() override { return std::vector{hypothesis}; }
  Result<web::HypothesisView> add_hypothesis(const rules::Hypothesis& h, const std::string&) override {
    web::HypothesisView view = hypothesis;
    view.hypothesis = h;
    return view;
  }
  Status delete_hypothesis(const std::string&, const std::string&) override { return {}; }
  Result<std::vector<web::ChangeView>> changes() override { return std::vector{change}; }
  Result<web::ChangeView> declare(const rules::DeclaredChange& c, const std::string&) override {
    if (c.to <= c.from) return fail(ErrorKind::invalid_input, "it ends before it begins");
    web::ChangeView view = change;
    view.change = c;
    return view;
  }
  Status end_change(const std::string&, const std::string&) override { return {}; }

  rules::Firing firing;
  web::RuleView one;
  incidents::Incident incident;
  web::BacktestView test;
  web::HypothesisView hypothesis;
  web::ChangeView change;
  std::vector<std::string> done;
};

}  // namespace hf::test
