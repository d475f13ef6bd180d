// The contract and the server say the same: routes, roles, queries, and every answer of a backend with one of everything.
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "tests/contract/openapi/schema.hpp"
#include "tests/support/box.hpp"

namespace hf::contract {
namespace {

namespace json = boost::json;
using access::Role;
using test::Box;

const json::value& document() {
  static const json::value read = read_yaml(std::string(HF_SOURCE_DIR) + "/agent/web/openapi.yaml");
  return read;
}

std::string upper(std::string_view s) {
  std::string out(s);
  for (char& c : out) c = static_cast<char>(std::toupper(c));
  return out;
}

const std::set<std::string, std::less<>> kMethods = {"get", "post", "put", "patch", "delete"};

// "GET /api/v1/live" -> the operation.
std::map<std::string, json::object> operations() {
  std::map<std::string, json::object> out;
  for (const auto& [path, item] : document().at("paths").as_object())
    for (const auto& [method, operation] : item.as_object())
      if (kMethods.contains(std::string_view(method))) out[upper(method) + " " + std::string(path)] = operation.as_object();
  return out;
}

std::string name_of(const web::Route& route) { return std::string(web::to_string(route.method)) + " " + std::string(route.path); }

const json::value* schema_of(const json::object& operation, unsigned status) {
  const auto& responses = operation.at("responses").as_object();
  const auto* response = responses.if_contains(std::to_string(status));
  if (!response) response = responses.if_contains("default");
  if (!response) return nullptr;
  const json::value& resolved = Schema(document()).resolve(*response);
  const auto* content = resolved.as_object().if_contains("content");
  if (!content || !content->as_object().contains("application/json")) return nullptr;
  return &content->at("application/json").at("schema");
}

std::string all(const std::vector<std::string>& faults) {
  std::string out;
  for (const auto& fault : faults) out += "\n  " + fault;
  return out;
}

void expect_fits(const json::object& operation, const http::Response& answer, const std::string& what) {
  const json::value* schema = schema_of(operation, answer.status);
  ASSERT_TRUE(schema) << what << " answers " << answer.status << ", which the contract does not have: " << answer.body;
  json::error_code error;
  const auto value = json::parse(answer.body, error);
  ASSERT_FALSE(error) << what;
  const auto faults = Schema(document()).faults(*schema, value);
  EXPECT_TRUE(faults.empty()) << what << " with " << answer.status << ":" << all(faults);
}

TEST(Contract, has_every_route_of_the_router_and_no_other) {
  std::set<std::string> router, contract;
  for (const auto& route : web::routes()) router.insert(name_of(route));
  for (const auto& [name, operation] : operations()) contract.insert(name);
  EXPECT_EQ(router, contract);
}

TEST(Contract, names_the_least_role_that_the_router_asks) {
  const auto all_operations = operations();
  for (const auto& route : web::routes()) EXPECT_EQ(all_operations.at(name_of(route)).at("x-role"), json::value(access::to_string(route.least))) << name_of(route);
}

TEST(Contract, names_the_parameters_that_the_router_lets_through) {
  for (const auto& [name, operation] : operations()) {
    std::string query;
    if (const auto* parameters = operation.if_contains("parameters"))
      for (const auto& parameter : parameters->as_array()) {
        const auto& p = Schema(document()).resolve(parameter).as_object();
        if (p.at("in") == "query" && p.at("name") != "lang") query += (query.empty() ? "" : " ") + std::string(p.at("name").as_string());
      }
    for (const auto& route : web::routes())
      if (name_of(route) == name) {
        EXPECT_EQ(query, route.query) << name;
      }
  }
}

TEST(Contract, has_a_body_where_the_router_takes_one) {
  const auto all_operations = operations();
  for (const auto& route : web::routes()) EXPECT_EQ(all_operations.at(name_of(route)).contains("requestBody"), route.max_body > 0) << name_of(route);
}

TEST(Contract, every_get_answers_as_it_says) {
  Box box;
  const auto admin = box.visitor(Role::admin);
  box.device.status({{"hostname", "berlin-1"}, {"time_servers", "ntp.site"}, {"network.0.interface", "eth0"}, {"trial.interface", "eth1"}, {"trial.seconds_left", "9"}, {"last_trial.interface", "eth0"},
                     {"last_trial.end", "kept"}, {"reboot_at", "1790000000"}, {"shutdown_until", "1790000600"}});
  box.device.answers["read_audit"] = {{"line.0", "a line"}};
  const std::map<std::string, std::string> minutes = {{"scope", "line"}, {"id", "800"}, {"from", "1772409600"}, {"to", "1772413200"}};
  for (const auto& [name, operation] : operations()) {
    if (!name.starts_with("GET ") || !schema_of(operation, 200)) continue;
    std::string path = name.substr(4);
    for (const auto& [key, value] : {std::pair{"{id}", test::kIncident}, {"{sequence}", "1"}})
      if (const size_t at = path.find(key); at != path.npos) path.replace(at, std::string_view(key).size(), value);
    const std::map<std::string, std::string> span = {{"from", "1772409600"}, {"to", "1772413200"}};
    const auto answer = box.get(admin, path, path == "/api/v1/minutes" ? minutes : path == "/api/v1/surveys" || path == "/api/v1/voice" ? span : std::map<std::string, std::string>());
    EXPECT_EQ(answer.status, 200U) << name << answer.body;
    expect_fits(operation, answer, name);
  }
}

struct Sent {
  http::Method method;
  std::string name, path, body;
  unsigned status;
};

TEST(Contract, every_change_answers_as_it_says) {
  Box box;
  using enum http::Method;
  const std::string model = R"({"time_zone":"UTC","lines":[],"queues":[],"opening_hours":[],"trunks":[]})";
  const std::vector<Sent> all_sent = {
      {post, "POST /api/v1/login", "/api/v1/login", R"({"user":"anna","password":"seven brown teapots"})", 200},
      {post, "POST /api/v1/login", "/api/v1/login", R"({"user":"anna"})", 400},
      {post, "POST /api/v1/setup", "/api/v1/setup", R"({"code":"x","user":"eve","password":"seven brown teapots"})", 409},
      {post, "POST /api/v1/users", "/api/v1/users", R"({"name":"olga","role":"viewer","password":"seven brown teapots"})", 201},
      {patch, "PATCH /api/v1/users/{name}", "/api/v1/users/olga", R"({"role":"admin"})", 200},
      {put, "PUT /api/v1/site-model", "/api/v1/site-model", model, 200},
      {put, "PUT /api/v1/webhook", "/api/v1/webhook", R"({"enabled":true,"url":"https://h.example/","dialled_numbers":false})", 200},
      {post, "POST /api/v1/webhook/test", "/api/v1/webhook/test", "", 202},
      {post, "POST /api/v1/incidents/{id}/acknowledge", "/api/v1/incidents/" + std::string(test::kIncident) + "/acknowledge", "", 200},
      {post, "POST /api/v1/password", "/api/v1/password", R"({"current":"seven brown teapots","new":"nine green kettles!"})", 200},
  };
  const std::string rule = R"({"name":"long waits","text":"waiting of sales > 3","owner":"","runbook":"","severity":"info","mode":"shadow","maintenance":[]})";
  const std::string hypothesis =
      R"({"name":"n","signal":"waiting of sales > 3","expectation":"","owner":"","target":"rule:r1","lead_min_s":0,"lead_max_s":600,"weeks":4})";
  const std::string change = R"({"name":"n","owner":"","what":"","scope":"queue","subject":"sales","from":10,"to":20,"expected_wait_s":null,
    "expected_handling_s":60,"guardrails":["waiting of sales > 3"]})";
  const std::vector<Sent> of_rules = {
      {post, "POST /api/v1/rules", "/api/v1/rules", rule, 201},
      {put, "PUT /api/v1/rules/{id}", "/api/v1/rules/r1", rule, 200},
      {post, "POST /api/v1/rules/check", "/api/v1/rules/check", R"({"text":"wait.p5 of sales"})", 200},
      {post, "POST /api/v1/rules/check", "/api/v1/rules/check", R"({"text":"waiting of sales > 1"})", 200},
      {post, "POST /api/v1/rules/{id}/snooze", "/api/v1/rules/r1/snooze", R"({"for_s":3600})", 200},
      {post, "POST /api/v1/backtests", "/api/v1/backtests", R"({"text":"waiting of sales > 1","days":7})", 202},
      {post, "POST /api/v1/hypotheses", "/api/v1/hypotheses", hypothesis, 201},
      {post, "POST /api/v1/changes", "/api/v1/changes", change, 201},
  };
  const std::vector<Sent> of_sources = {
      {post, "POST /api/v1/sources/listen", "/api/v1/sources/listen", R"({"seconds":60})", 200},
      {post, "POST /api/v1/sources/listen", "/api/v1/sources/listen", R"({"seconds":1})", 400},
      {post, "POST /api/v1/smdr/propose", "/api/v1/smdr/propose", R"({"lines":"a line\nanother"})", 200},
      {post, "POST /api/v1/smdr/propose", "/api/v1/smdr/propose", R"({"lines":"hello"})", 400},
      {post, "POST /api/v1/surveys", "/api/v1/surveys", R"({"csv":"time,queue,question,score\n"})", 200},
      {post, "POST /api/v1/surveys", "/api/v1/surveys", R"({"csv":"nothing"})", 400},
  };
  const std::vector<Sent> of_updates = {
      {post, "POST /api/v1/updates/upload", "/api/v1/updates/upload", R"({"name":"n","size":9,"sha256":")" + std::string(64, 'a') + "\"}", 200},
      {post, "POST /api/v1/updates/upload", "/api/v1/updates/upload", R"({"name":"n","size":1099511627776,"sha256":")" + std::string(64, 'a') + "\"}", 400},
      {put, "PUT /api/v1/updates/upload", "/api/v1/updates/upload", "{}", 415},
      {post, "POST /api/v1/updates/bundles/{id}/inspect", "/api/v1/updates/bundles/upload/inspect", "", 202},
      {post, "POST /api/v1/updates/bundles/{id}/install", "/api/v1/updates/bundles/upload/install", R"({"restart":"now"})", 202},
      {post, "POST /api/v1/updates/bundles/{id}/install", "/api/v1/updates/bundles/none/install", R"({"restart":"now"})", 404},
      {post, "POST /api/v1/updates/restart", "/api/v1/updates/restart", R"({"restart":"later"})", 202},
  };
  const std::vector<Sent> of_settings = {
      {post, "POST /api/v1/settings/check", "/api/v1/settings/check", R"({"text":"wrong"})", 200},
      {put, "PUT /api/v1/settings", "/api/v1/settings", R"({"text":"","mark":"m1"})", 202},
      {put, "PUT /api/v1/settings", "/api/v1/settings", R"({"text":"wrong","mark":"m1"})", 400},
      {post, "POST /api/v1/settings/enrolment", "/api/v1/settings/enrolment", "", 200},
      {put, "PUT /api/v1/settings/files/{name}", "/api/v1/settings/files/.a", R"({"content":"x"})", 400},
      {del, "DELETE /api/v1/settings/files/{name}", "/api/v1/settings/files/none", "", 404},
  };
  const std::string reset = "POST /api/v1/machine/reset", reset_path = "/api/v1/machine/reset";
  const std::vector<Sent> of_machine = {
      {put, "PUT /api/v1/machine/network", "/api/v1/machine/network", R"({"interface":"eth0","dhcp":true,"address":"","gateway":"","dns":[],"confirm_within":60})", 202},
      {put, "PUT /api/v1/machine/network", "/api/v1/machine/network", R"({"interface":"eth0","dhcp":true,"address":"","gateway":"","dns":[],"confirm_within":1})", 400},
      {post, "POST /api/v1/machine/network/confirm", "/api/v1/machine/network/confirm", R"({"token":")" + std::string(32, 'a') + "\"}", 409},
      {put, "PUT /api/v1/machine/zone", "/api/v1/machine/zone", R"({"zone":"?"})", 400},
      {post, "POST /api/v1/machine/power", "/api/v1/machine/power", R"({"what":"restart","when":"window"})", 200},
      {post, reset, reset_path, R"({"level":"data","sure":"ERASE","password":"wrong"})", 400},
  };
  const auto admin = box.visitor(Role::admin);
  const auto contract = operations();
  const auto fit = [&](const std::vector<Sent>& group) {
    for (const auto& sent : group) {
      const auto answer = box.send(admin, sent.method, sent.path, sent.body);
      EXPECT_EQ(answer.status, sent.status) << sent.name << answer.body;
      expect_fits(contract.at(sent.name), answer, sent.name);
    }
  };
  fit(of_machine), fit(of_settings);
  box.clock.advance(std::chrono::minutes(1));  // the wrong password is waited out
  fit(of_updates), fit(of_sources), fit(of_rules), fit(all_sent);
}

TEST(Contract, set_up_answers_as_it_says) {
  Box box(false);
  const auto answer = box.ask(Box::request(http::Method::post, "/api/v1/setup", R"({"code":")" + **box.access->setup_code() + R"(","user":"anna","password":"seven brown teapots"})"));
  EXPECT_EQ(answer.status, 201U);
  expect_fits(operations().at("POST /api/v1/setup"), answer, "set-up");
}

TEST(Contract, every_kind_of_refusal_is_in_it) {
  Box box;
  const auto live = operations().at("GET /api/v1/live");
  const auto viewer = box.visitor(Role::viewer);
  for (auto answer : {box.ask(Box::request(http::Method::get, "/api/v1/nothing")), box.ask(Box::request(http::Method::get, "/api/v1/live")), box.ask(Box::request(http::Method::post, "/api/v1/live")),
                      box.get(viewer, "/api/v1/users"), box.get(viewer, "/api/v1/live", {{"x", "1"}}), box.send(viewer, http::Method::post, "/api/v1/logout", "{...}")})
    expect_fits(live, answer, "refusal");
}

TEST(Contract, exported_audit_rows_fit_too) {
  Box box;
  const auto body = box.get(box.visitor(Role::admin), "/api/v1/audit/export").body;
  const auto faults = Schema(document()).faults(document().at("components").at("schemas").at("AuditRow"), json::parse(body.substr(0, body.find('\n'))));
  EXPECT_TRUE(faults.empty()) << all(faults);
}

TEST(Contract, is_what_the_box_serves) {
  Box box;
  const auto served = box.ask(Box::request(http::Method::get, "/api/v1/openapi.yaml"));
  std::ifstream in(std::string(HF_SOURCE_DIR) + "/agent/web/openapi.yaml");
  EXPECT_EQ(served.body, std::string(std::istreambuf_iterator<char>(in), {}));
}

// The checker must be able to fail, or the tests above say nothing.
TEST(Checker, finds_what_does_not_fit) {
  const auto& schemas = document().at("components").at("schemas");
  const auto fits = [&](const char* name, const char* text) { return Schema(document()).faults(schemas.at(name), json::parse(text)).empty(); };
  EXPECT_TRUE(fits("Named", R"({"id":"a","label":"b"})"));
  EXPECT_FALSE(fits("Named", R"({"id":"a"})"));
  EXPECT_FALSE(fits("Named", R"({"id":"a","label":"b","more":1})"));
  EXPECT_FALSE(fits("Named", R"({"id":1,"label":"b"})"));
  EXPECT_FALSE(fits("IncidentKind", R"("invented")"));
  EXPECT_FALSE(fits("UserName", R"("Anna")"));
  EXPECT_FALSE(fits("Share", "1.5"));
  EXPECT_TRUE(fits("Share", "null"));
  EXPECT_FALSE(fits("Count", "0.5"));
}

}  // namespace
}  // namespace hf::contract
