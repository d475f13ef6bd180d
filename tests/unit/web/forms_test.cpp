// What clients send: unknown, mistyped and giant fields are refused by name; nothing of them comes back.
#include "tests/unit/web/json_of.hpp"

namespace hf::web {
namespace {

using access::Role;
using http::Method;
using test::Box;

struct Forms : testing::Test {
  Box box;
  test::Visitor admin = box.visitor(Role::admin);
  http::Response put_model(const std::string& body) { return box.send(admin, Method::put, "/api/v1/site-model", body); }
  static std::string model(const std::string& lines, const std::string& queues = "[]", const std::string& hours = "[]") {
    return R"({"time_zone":"UTC","lines":)" + lines + R"(,"queues":)" + queues + R"(,"opening_hours":)" + hours + R"(,"trunks":[]})";
  }
  static std::string with_holiday(const std::string& date, const std::string& to) {
    return R"({"time_zone":"UTC","lines":[],"queues":[],"opening_hours":[],"trunks":[],"holidays":[{"date":")" + date + R"(","from":0,"to":)" + to + "}]}";
  }
  static std::string line(const std::string& id, const std::string& queue = "", const std::string& notice = "0") {
    return R"({"id":")" + id + R"(","label":"L","queue":")" + queue + R"(","legal_notice_s":)" + notice + R"(,"promised_wait_s":0})";
  }
};

TEST_F(Forms, take_holidays_and_tell_them_again) {
  const auto answer = put_model(with_holiday("2026-12-25", "780"));
  EXPECT_EQ(answer.status, 200U) << answer.body;
  const auto told = box.send(admin, Method::get, "/api/v1/site-model", "");
  EXPECT_NE(told.body.find(R"({"date":"2026-12-25","from":0,"to":780})"), std::string::npos) << told.body;
}

TEST_F(Forms, name_the_bad_field_of_a_site_model) {
  const std::string queue = R"({"id":"sales","label":"","ring_time_s":15,"service_level_s":20,"short_abandon_s":5,"holding":false})";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {R"({"lines":[],"queues":[],"opening_hours":[],"trunks":[]})", "time_zone"},
      {model("[]").replace(0, 1, R"({"admin":true,)"), "admin"},
      {model("{}"), "lines"},
      {model("[5]"), "lines[0]"},
      {model("[" + line("800") + "," + line("801", "", "\"12\"") + "]"), "lines[1].legal_notice_s"},
      {model("[" + line("800", "", "-1") + "]"), "lines[0].legal_notice_s"},
      {model("[" + line("") + "]"), "lines[0].id"},
      {model("[" + line("8\\u000000") + "]"), "lines[0].id"},
      {model("[" + line("800") + "," + line("800") + "]"), "lines[1].id"},
      {model("[" + line("800", "nowhere") + "]", "[" + queue + "]"), "lines[0].queue"},
      {model("[]", "[" + std::string(queue).replace(queue.find("15"), 2, "0") + "]"), "queues[0].ring_time_s"},
      {model("[]", "[" + std::string(queue).replace(queue.find("false"), 5, "0") + "]"), "queues[0].holding"},
      {model("[]", "[]", R"([{"from":540,"to":1080}])"), "opening_hours"},
      {model("[]", "[]", R"([{"from":540,"to":1441}])"), "opening_hours[0].to"},
      {model("[]", "[]", R"([{"from":540.5,"to":1080}])"), "opening_hours[0].from"},
      {model("[]", "[]", R"([{"from":1080,"to":540}])"), "opening_hours[0].to"},
      {model("[]").replace(14, 3, "Mars/Olympus"), "time_zone"},
      {with_holiday("2026-02-30", "0"), "holidays[0].date"},
      {with_holiday("2026-12-5x", "0"), "holidays[0].date"},
      {with_holiday("2026-12-25", "1441"), "holidays[0].to"},
  };
  for (const auto& [body, field] : cases) {
    const auto answer = put_model(body);
    EXPECT_EQ(answer.status, 400U) << body;
    EXPECT_EQ(field_of(answer), field) << body;
  }
  EXPECT_TRUE(box.backend.changes.empty());
  EXPECT_EQ(put_model(model("[" + line("800", "sales") + "]", "[" + queue + "]")).status, 200U);
  EXPECT_EQ(box.backend.model.lines.at(0).id, "800");
}

TEST_F(Forms, a_changed_site_model_is_in_the_audit_log_with_before_and_after) {
  ASSERT_EQ(put_model(model("[" + line("800") + "]")).status, 200U);
  const auto row = json_of(box.get(admin, "/api/v1/audit")).at("rows").as_array().at(0).as_object();
  EXPECT_EQ(row.at("action"), "site_model.set");
  EXPECT_EQ(row.at("actor"), "anna");
  EXPECT_EQ(row.at("before").at("time_zone"), "Europe/Moscow");
  EXPECT_EQ(row.at("after").at("time_zone"), "UTC");
}

TEST_F(Forms, what_the_backend_refuses_is_logged_as_refused) {
  (void)put_model(model("[]").replace(14, 3, "Mars/Olympus"));
  EXPECT_EQ(json_of(box.get(admin, "/api/v1/audit")).at("rows").as_array().at(0).at("result"), "refused");
}

TEST_F(Forms, that_are_no_json_are_refused) {
  for (const char* body : {"", "[]", "null", "{", "{}x", R"({"user":"anna" "x"})", "{\"user\":\"\xff\"}", R"({"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{}}}}}}}}}})"}) {
    const auto answer = box.ask(Box::request(Method::post, "/api/v1/login", body));
    EXPECT_EQ(answer.status, 400U) << body;
    EXPECT_EQ(field_of(answer), "body") << body;
  }
}

TEST_F(Forms, that_are_too_long_are_refused_before_they_are_read) {
  EXPECT_EQ(box.ask(Box::request(Method::post, "/api/v1/login", std::string(4097, '{'))).status, 413U);
  EXPECT_EQ(put_model(std::string((1 << 20) + 1, ' ')).status, 413U);
  EXPECT_EQ(box.send(admin, Method::post, "/api/v1/logout", R"({"x":1})").status, 413U) << "an address that takes no body";
  auto head = Box::request(Method::put, "/api/v1/site-model");
  EXPECT_EQ(Api::body_limit(head), 0U) << "not before login";
  EXPECT_EQ(Api::body_limit(Box::as(admin, head)), 1U << 20);
}

TEST_F(Forms, never_send_back_what_was_sent) {
  const std::string evil = "<script>alert(1)</script>";
  const auto field = box.ask(Box::request(Method::post, "/api/v1/login", R"({"user":"a","password":"b","<script>\u0000":1})"));
  EXPECT_EQ(*test::header(field, "Content-Type"), "application/json");
  for (const auto& answer : {box.ask(Box::request(Method::post, "/api/v1/login", R"({"user":")" + evil + R"(","password":"x"})")), box.ask(Box::request(Method::get, "/" + evil)),
                             box.get(admin, "/api/v1/minutes", {{"scope", evil}}), box.send(admin, Method::post, "/api/v1/users", R"({"name":")" + evil + R"(","role":"viewer","password":"seven brown teapots"})")})
    EXPECT_EQ(answer.body.find("<script>"), answer.body.npos) << answer.body;
}

TEST_F(Forms, escape_control_characters_of_what_the_pbx_sent) {
  box.backend.picture.agents[0].name = "Evil\r\nevent: incident\x1b[2J";
  const auto body = box.get(admin, "/api/v1/live").body;
  EXPECT_TRUE(std::none_of(body.begin(), body.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }));
}

TEST_F(Forms, unknown_and_mistyped_parameters_are_named) {
  const std::map<std::string, std::string> good = {{"scope", "queue"}, {"id", "sales"}, {"from", "1772409600"}, {"to", "1772413200.5"}};
  EXPECT_EQ(box.get(admin, "/api/v1/minutes", good).status, 200U);
  EXPECT_EQ(box.backend.last_minute_query.to, Time(std::chrono::microseconds(1'772'413'200'500'000)));
  const std::vector<std::pair<std::string, std::string>> bad = {{"scope", "agent"}, {"id", ""}, {"from", "yesterday"}, {"from", "1e999"}, {"from", "nan"}, {"to", "1"}, {"to", "1972409600"}, {"step_s", "61"}, {"step_s", "-60"}, {"extra", "1"}, {"lang", "de"}};
  for (const auto& [name, value] : bad) {
    auto query = good;
    query[name] = value;
    const auto answer = box.get(admin, "/api/v1/minutes", query);
    EXPECT_EQ(answer.status, 400U) << name << "=" << value;
    EXPECT_EQ(field_of(answer), name) << value;
  }
  for (const char* limit : {"0", "501", "ten", ""}) EXPECT_EQ(field_of(box.get(admin, "/api/v1/incidents", {{"limit", limit}})), "limit") << limit;
}

TEST_F(Forms, of_the_webhook_need_a_secret_to_be_enabled) {
  box.backend.hook = {};
  const auto put = [&](const std::string& body) { return box.send(admin, Method::put, "/api/v1/webhook", body); };
  EXPECT_EQ(field_of(put(R"({"enabled":true,"url":"https://h.example/","dialled_numbers":false})")), "secret");
  EXPECT_EQ(field_of(put(R"({"enabled":true,"url":"","secret":"sixteen bytes at least","dialled_numbers":false})")), "url");
  EXPECT_EQ(field_of(put(R"({"enabled":false,"url":"javascript:x","dialled_numbers":false})")), "url");
  EXPECT_EQ(field_of(put(R"({"enabled":"true","url":"","dialled_numbers":false})")), "enabled");
  EXPECT_EQ(field_of(put(R"({"enabled":false,"url":"https://bad.example/","dialled_numbers":false})")), "url");
  const auto good = put(R"({"enabled":true,"url":"https://h.example/","secret":"sixteen bytes at least","dialled_numbers":true})");
  EXPECT_EQ(good.status, 200U);
  EXPECT_EQ(good.body.find("sixteen"), good.body.npos);
  EXPECT_EQ(box.get(admin, "/api/v1/audit").body.find("sixteen"), std::string::npos) << "nor is it in the log";
}

TEST_F(Forms, a_failure_of_the_box_is_told_without_detail) {
  const auto answer = box.get(admin, "/api/v1/outbox/3");
  EXPECT_EQ(answer.status, 500U);
  EXPECT_EQ(answer.body.find("outbox"), answer.body.npos);
}

}  // namespace
}  // namespace hf::web
