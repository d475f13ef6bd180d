// Every route of the router with every role: the table is the router's own, so that no new route escapes.
#include "tests/unit/web/json_of.hpp"

namespace hf::web {
namespace {

using access::Role;
using test::Box;

std::string concrete(std::string_view path) {
  std::string out(path);
  for (const auto& [name, value] : {std::pair{"{id}", test::kIncident}, {"{name}", "boris"}, {"{sequence}", "1"}})
    if (const size_t at = out.find(name); at != out.npos) out.replace(at, std::string_view(name).size(), value);
  return out;
}

bool refused(unsigned status) { return status == 401 || status == 403; }

http::Response ask(Box& box, const Route& route, Role role) {
  auto request = Box::request(route.method, concrete(route.path), route.max_body ? "{}" : "");
  for (auto& header : request.headers)
    if (route.raw_body && header.name == "Content-Type") header.value = "application/octet-stream";
  if (role != Role::none) request = Box::as(box.visitor(role), std::move(request));
  return box.ask(std::move(request));
}

std::string name_of(const Route& route, Role role) {
  return std::string(to_string(route.method)) + " " + std::string(route.path) + " as " + std::string(access::to_string(role));
}

TEST(Roles, each_route_refuses_everybody_below_its_least_role_and_changes_nothing) {
  Box box;
  for (const Route& route : routes())
    for (const Role role : {Role::none, Role::viewer}) {
      if (access::allows(role, route.least)) continue;
      const auto answer = ask(box, route, role);
      EXPECT_EQ(answer.status, role == Role::none ? 401U : 403U) << name_of(route, role) << ": " << answer.body;
    }
  EXPECT_TRUE(box.backend.changes.empty());
  EXPECT_EQ(box.backend.calls_made, 0U) << "nothing may be looked up for somebody who may not see it";
  EXPECT_EQ(box.audit_rows(), box.changed_by_setup);
}

TEST(Roles, each_route_lets_its_least_role_and_those_above_in) {
  Box box;
  for (const Route& route : routes())
    for (const Role role : {Role::none, Role::viewer, Role::admin}) {
      if (!access::allows(role, route.least)) continue;
      const auto answer = ask(box, route, role);
      EXPECT_FALSE(refused(answer.status)) << name_of(route, role) << ": " << answer.status << " " << answer.body;
    }
}

TEST(Roles, only_these_answer_before_login) {
  std::vector<std::string> open;
  for (const Route& route : routes())
    if (route.least == Role::none) open.push_back(std::string(to_string(route.method)) + " " + std::string(route.path));
  EXPECT_EQ(open, (std::vector<std::string>{"GET /api/v1/openapi.yaml", "GET /api/v1/state", "POST /api/v1/setup", "POST /api/v1/login",
                                            "POST /api/v1/events"}))
      << "events want a connector's token";
}

TEST(Roles, what_a_viewer_may_post_is_his_own_session_an_acknowledgement_and_a_rule_to_read) {
  std::vector<std::string> changing;
  for (const Route& route : routes())
    if (route.least == Role::viewer && route.method != http::Method::get) changing.emplace_back(route.path);
  EXPECT_EQ(changing, (std::vector<std::string>{"/api/v1/logout", "/api/v1/password", "/api/v1/incidents/{id}/acknowledge", "/api/v1/rules/check"}));
}

TEST(Roles, no_get_leaves_a_trace) {
  Box box;
  const auto admin = box.visitor(Role::admin);
  const size_t before = box.audit_rows();
  for (const Route& route : routes())
    if (route.method == http::Method::get) (void)box.get(admin, concrete(route.path));
  EXPECT_EQ(box.audit_rows(), before);
  EXPECT_TRUE(box.backend.changes.empty());
}

TEST(Router, an_unknown_address_is_404_and_tells_nothing) {
  Box box;
  for (const char* path : {"/api/v2/live", "/api/v1", "/api/v1/", "/api/v1/live/", "/api/v1//live", "/api/v1/incidents/a/b", "/api/v1/users/", "/nothing", "/../etc/passwd", "/index.html/x"}) {
    const auto answer = box.ask(Box::request(http::Method::get, path));
    EXPECT_EQ(answer.status, 404U) << path;
    EXPECT_EQ(kind_of(answer), "not_found");
    EXPECT_EQ(answer.body.find("/"), answer.body.npos) << "no path comes back: " << answer.body;
  }
}

TEST(Router, another_method_is_405_with_those_allowed) {
  Box box;
  const auto answer = box.ask(Box::request(http::Method::del, "/api/v1/site-model"));
  EXPECT_EQ(answer.status, 405U);
  EXPECT_EQ(*test::header(answer, "Allow"), "GET, PUT");
  EXPECT_EQ(box.ask(Box::request(http::Method::head, "/api/v1/live")).status, 405U);
  EXPECT_EQ(box.ask(Box::request(http::Method::other, "/api/v1/live")).status, 405U) << "TRACE and its like";
}

TEST(Router, finds_names_inside_a_path_of_sane_length_only) {
  EXPECT_EQ(match(http::Method::get, "/api/v1/outbox/17").path.at("sequence"), "17");
  EXPECT_EQ(match(http::Method::get, "/api/v1/outbox/" + std::string(129, '1')).found, Found::nothing);
  EXPECT_EQ(match(http::Method::get, "").found, Found::nothing);
  EXPECT_EQ(match(http::Method::get, "api/v1/live").found, Found::nothing);
}

TEST(Objects, an_id_that_is_none_is_404_not_a_query) {
  Box box;
  const auto viewer = box.visitor(Role::viewer);
  for (const char* id : {"ffffffffffffffff", "1", "00112233445566AA", "' OR 1=1 --....", "..%2f..%2fetc...."}) EXPECT_EQ(box.get(viewer, std::string("/api/v1/incidents/") + id).status, 404U) << id;
  for (const char* sequence : {"0", "99", "-1", "1e3", "18446744073709551616", "x"}) EXPECT_EQ(box.get(viewer, std::string("/api/v1/outbox/") + sequence).status, 404U) << sequence;
  EXPECT_EQ(box.send(box.visitor(Role::admin), http::Method::patch, "/api/v1/users/nobody", R"({"disabled":true})").status, 404U);
}

}  // namespace
}  // namespace hf::web
