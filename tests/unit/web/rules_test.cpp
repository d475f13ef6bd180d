// Rules over the API: forms, answers, who may, and what the audit log keeps.
#include "tests/unit/web/json_of.hpp"

namespace hf::web {
namespace {

using access::Role;
using http::Method;
using test::Box;

struct RuleRoutes : testing::Test {
  Box box;
  test::Visitor admin = box.visitor(Role::admin);
  test::Visitor viewer = box.visitor(Role::viewer);
  static std::string rule(const std::string& text = "waiting of sales > 3", const std::string& maintenance = "[]", const std::string& mode = "shadow") {
    return R"({"name":"long waits","text":")" + text + R"(","owner":"desk","runbook":"line one\nline two","severity":"warning","mode":")" + mode + R"(","maintenance":)" +
           maintenance + "}";
  }
  boost::json::object last_row() { return json_of(box.get(admin, "/api/v1/audit")).at("rows").as_array().at(0).as_object(); }
};

TEST_F(RuleRoutes, save_a_rule_and_tell_the_audit_log) {
  const auto answer = box.send(admin, Method::post, "/api/v1/rules", rule());
  ASSERT_EQ(answer.status, 201U) << answer.body;
  EXPECT_EQ(json_of(answer).at("id"), "r2");
  EXPECT_EQ(json_of(answer).at("runbook"), "line one\nline two");
  EXPECT_EQ(box.backend.rule_book.done, std::vector<std::string>{"set new by anna"});
  const auto row = last_row();
  EXPECT_EQ(row.at("action"), "rule.set");
  EXPECT_EQ(row.at("target"), "r2");
  EXPECT_EQ(row.at("after").at("text"), "waiting of sales > 3");
}

TEST_F(RuleRoutes, name_the_text_that_cannot_be_read_and_note_the_refusal) {
  const auto answer = box.send(admin, Method::post, "/api/v1/rules", rule("bad"));
  EXPECT_EQ(answer.status, 400U);
  EXPECT_EQ(field_of(answer), "text");
  EXPECT_EQ(last_row().at("result"), "refused");
}

TEST_F(RuleRoutes, check_a_text_with_place_and_suggestion) {
  const auto answer = box.send(viewer, Method::post, "/api/v1/rules/check", R"({"text":"wait.p5 of sales > 2 min"})");
  ASSERT_EQ(answer.status, 200U) << answer.body;
  const auto problem = json_of(answer).at("problem").as_object();
  EXPECT_EQ(problem.at("id"), "unknown_measure");
  EXPECT_EQ(problem.at("suggestion"), "wait.p50");
  EXPECT_EQ(problem.at("column"), 1);
  const auto good = json_of(box.send(viewer, Method::post, "/api/v1/rules/check", R"({"text":"waiting of sales > 2"})"));
  EXPECT_TRUE(good.at("problem").is_null());
  const auto& values = good.at("now").as_array().at(0).at("values").as_array();
  EXPECT_EQ(values.at(0).at("at_least"), true);
  EXPECT_TRUE(values.at(1).at("value").is_null()) << "unknown is null, never 0";
  EXPECT_EQ(values.at(1).at("why"), "no_agent_state");
}

TEST_F(RuleRoutes, name_the_bad_field) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {rule("x", "[]", "loud"), "mode"},
      {rule("x", R"([{"weekdays":[7],"from_minute":0,"to_minute":60}])"), "maintenance[0].weekdays[0]"},
      {rule("x", R"([{"weekdays":[0],"from_minute":0,"to_minute":1441}])"), "maintenance[0].to_minute"},
      {rule("x", R"([{"weekdays":[],"from":20,"to":10}])"), "maintenance[0].to"},
      {rule("x", R"([{"weekdays":[1],"from_minute":0,"to_minute":9,"from":5}])"), "maintenance[0].from"},
      {rule("x").replace(0, 1, R"({"id":"r9",)"), "id"},
  };
  for (const auto& [body, field] : cases) {
    const auto answer = box.send(admin, Method::put, "/api/v1/rules/r1", body);
    EXPECT_EQ(answer.status, 400U) << body;
    EXPECT_EQ(field_of(answer), field) << body;
  }
  EXPECT_TRUE(box.backend.rule_book.done.empty());
  EXPECT_EQ(box.send(admin, Method::put, "/api/v1/rules/r1", rule("x", R"([{"weekdays":[0,6],"from_minute":1320,"to_minute":360,"from":null,"to":null}])")).status, 200U);
}

TEST_F(RuleRoutes, snooze_for_a_day_at_most) {
  EXPECT_EQ(box.send(admin, Method::post, "/api/v1/rules/r1/snooze", R"({"for_s":86401})").status, 400U);
  EXPECT_EQ(box.send(admin, Method::post, "/api/v1/rules/r1/snooze", R"({"for_s":3600})").status, 200U);
  EXPECT_EQ(box.send(admin, Method::post, "/api/v1/rules/r1/snooze", R"({"for_s":0})").status, 200U);
  EXPECT_EQ(box.backend.rule_book.done, (std::vector<std::string>{"snooze r1 3600.000000", "snooze r1 off"}));
  EXPECT_EQ(last_row().at("action"), "rule.snooze");
}

TEST_F(RuleRoutes, delete_what_is_there) {
  EXPECT_EQ(box.send(admin, Method::del, "/api/v1/rules/r1", "").status, 204U);
  EXPECT_EQ(box.send(admin, Method::del, "/api/v1/rules/r7", "").status, 404U);
}

TEST_F(RuleRoutes, backtest_one_at_a_time) {
  EXPECT_EQ(box.send(admin, Method::post, "/api/v1/backtests", R"({"text":"waiting of sales > 3","days":400})").status, 503U);
  EXPECT_EQ(box.send(admin, Method::post, "/api/v1/backtests", R"({"text":"waiting of sales > 3","days":401})").status, 400U);
  const auto begun = box.send(admin, Method::post, "/api/v1/backtests", R"({"text":"waiting of sales > 3","days":30,"target":"incident:dead_queue","lead_min_s":0,"lead_max_s":600})");
  EXPECT_EQ(begun.status, 202U) << begun.body;
  const auto result = json_of(box.get(viewer, "/api/v1/backtests/00112233445566aa")).at("result").as_object();
  EXPECT_EQ(result.at("firings").as_array().at(0).at("after_onset_s").to_number<double>(), 540) << "Time-to-Signal against the incident on record";
  EXPECT_TRUE(result.at("firings").as_array().at(1).at("incident").is_null());
  EXPECT_EQ(result.at("score").at("hits"), 1);
}

TEST_F(RuleRoutes, declare_a_change_and_a_hypothesis) {
  const std::string change = R"({"name":"music","owner":"","what":"","scope":"queue","subject":"sales","from":10,"to":20,"expected_wait_s":120,"expected_handling_s":null,"guardrails":[]})";
  const auto declared = box.send(admin, Method::post, "/api/v1/changes", change);
  ASSERT_EQ(declared.status, 201U) << declared.body;
  EXPECT_EQ(json_of(declared).at("expected_wait_s").to_number<double>(), 120);
  EXPECT_TRUE(json_of(declared).at("expected_handling_s").is_null());
  EXPECT_EQ(box.send(admin, Method::post, "/api/v1/changes", std::string(change).replace(change.find("\"to\":20"), 7, "\"to\":5")).status, 400U);
  const std::string hypothesis = R"({"name":"n","signal":"waiting of sales > 3","expectation":"","owner":"","target":"rule:r1","lead_min_s":600,"lead_max_s":60,"weeks":4})";
  EXPECT_EQ(field_of(box.send(admin, Method::post, "/api/v1/hypotheses", hypothesis)), "lead_min_s");
}

}  // namespace
}  // namespace hf::web
