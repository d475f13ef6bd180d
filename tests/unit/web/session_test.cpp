// Set-up, login, throttle, users and language as a browser meets them.
#include <set>

#include "tests/unit/web/json_of.hpp"

namespace hf::web {
namespace {

using access::Role;
using http::Method;
using test::Box;

http::Response log_in(Box& box, const std::string& user, const std::string& password) {
  return box.ask(Box::request(Method::post, "/api/v1/login", R"({"user":")" + user + R"(","password":")" + password + R"("})"));
}

TEST(FirstDay, begins_with_the_code_and_ends_with_an_admin) {
  Box box(false);
  EXPECT_EQ(json_of(box.ask(Box::request(Method::get, "/api/v1/state"))).at("setup_needed"), true);
  const std::string code = **box.access->setup_code();
  const auto setup = [&](const std::string& with) { return box.ask(Box::request(Method::post, "/api/v1/setup", R"({"code":")" + with + R"(","user":"anna","password":"seven brown teapots"})")); };
  const auto wrong = setup("00000-00000-00000-00000");
  EXPECT_EQ(wrong.status, 401U);
  EXPECT_EQ(field_of(wrong), "code");
  box.clock.advance(std::chrono::seconds(2));
  const auto done = setup(code);
  ASSERT_EQ(done.status, 201U) << done.body;
  EXPECT_EQ(json_of(done).at("role"), "admin");
  EXPECT_TRUE(test::header(done, "Set-Cookie"));
  EXPECT_EQ(setup(code).status, 409U);
  EXPECT_EQ(json_of(box.ask(Box::request(Method::get, "/api/v1/state"))).at("setup_needed"), false);
}

TEST(LoginForm, answers_every_failure_alike_and_says_how_long_to_wait) {
  Box box;
  const auto wrong = log_in(box, "anna", "not this password");
  box.clock.advance(std::chrono::minutes(2));
  const auto unknown = log_in(box, "nobody", "not this password");
  EXPECT_EQ(wrong.status, 401U);
  EXPECT_EQ(wrong.body, unknown.body);
  const auto throttled = log_in(box, "nobody", "not this password");
  EXPECT_EQ(throttled.status, 429U);
  EXPECT_GE(std::stoi(*test::header(throttled, "Retry-After")), 1);
}

TEST(LoginForm, changing_the_password_changes_the_session) {
  Box box;
  const auto old = box.visitor(Role::viewer);
  const auto answer = box.send(old, Method::post, "/api/v1/password", R"({"current":"seven brown teapots","new":"nine green kettles!"})");
  ASSERT_EQ(answer.status, 200U) << answer.body;
  EXPECT_EQ(box.get(old, "/api/v1/session").status, 401U);
  const test::Visitor fresh{test::header(answer, "Set-Cookie")->substr(10, 64), std::string(json_of(answer).at("csrf_token").as_string())};
  EXPECT_EQ(box.get(fresh, "/api/v1/session").status, 200U);
}

TEST(UserPages, add_change_disable_and_delete) {
  Box box;
  const auto admin = box.visitor(Role::admin);
  const auto added = box.send(admin, Method::post, "/api/v1/users", R"({"name":"olga","role":"viewer","password":"nine green kettles!"})");
  EXPECT_EQ(added.status, 201U) << added.body;
  EXPECT_EQ(added.body.find("argon2"), added.body.npos);
  EXPECT_EQ(box.send(admin, Method::post, "/api/v1/users", R"({"name":"olga","role":"viewer","password":"nine green kettles!"})").status, 409U);
  EXPECT_EQ(field_of(box.send(admin, Method::post, "/api/v1/users", R"({"name":"ivan","role":"root","password":"nine green kettles!"})")), "role");
  EXPECT_EQ(field_of(box.send(admin, Method::patch, "/api/v1/users/olga", "{}")), "role");
  const auto session = box.visitor(Role::viewer);
  EXPECT_EQ(box.send(admin, Method::patch, "/api/v1/users/boris", R"({"disabled":true})").status, 200U);
  EXPECT_EQ(box.get(session, "/api/v1/live").status, 401U) << "a disabled user's page stops at once";
  EXPECT_EQ(box.send(admin, Method::del, "/api/v1/users/olga").status, 204U);
  EXPECT_EQ(box.send(admin, Method::del, "/api/v1/users/anna").status, 409U);
  EXPECT_EQ(json_of(box.get(admin, "/api/v1/users")).at("users").as_array().size(), 2U);
}

TEST(AuditPages, verify_page_and_export) {
  Box box;
  const auto admin = box.visitor(Role::admin);
  EXPECT_EQ(json_of(box.get(admin, "/api/v1/audit/verify")).at("intact"), true);
  const auto page = json_of(box.get(admin, "/api/v1/audit", {{"limit", "1"}}));
  EXPECT_EQ(page.at("before"), 2);
  EXPECT_EQ(json_of(box.get(admin, "/api/v1/audit", {{"limit", "1"}, {"before", "2"}})).at("rows").as_array().at(0).at("action"), "setup");
  const auto exported = box.get(admin, "/api/v1/audit/export", {{"after", "1"}});
  EXPECT_EQ(std::count(exported.body.begin(), exported.body.end(), '\n'), 1);
}

TEST(Acknowledgement, is_the_users_and_is_logged) {
  Box box;
  const auto answer = box.send(box.visitor(Role::viewer), Method::post, "/api/v1/incidents/" + std::string(test::kIncident) + "/acknowledge");
  EXPECT_EQ(json_of(answer).at("acknowledged_by"), "boris");
  EXPECT_EQ(box.backend.changes, std::vector<std::string>{"acknowledge by boris"});
  EXPECT_EQ(box.audit_rows(), box.changed_by_setup + 1);
}

TEST(Language, of_the_reader_wins_over_that_of_the_browser) {
  Box box;
  const auto viewer = box.visitor(Role::viewer);
  const auto title = [&](const std::optional<std::string>& accept, std::map<std::string, std::string> query) {
    auto request = Box::as(viewer, Box::request(Method::get, "/api/v1/incidents"));
    if (accept) request.headers.push_back({"Accept-Language", *accept});
    request.query = std::move(query);
    return std::string(json_of(box.ask(std::move(request))).at("incidents").as_array().at(0).at("title").as_string());
  };
  const std::string en = title(std::nullopt, {}), ru = title(std::nullopt, {{"lang", "ru"}});
  EXPECT_NE(en, ru);
  EXPECT_EQ(title("ru-RU,ru;q=0.9,en;q=0.8", {}), ru);
  EXPECT_EQ(title("en;q=0.5, ru;q=0.4", {}), en);
  EXPECT_EQ(title("de, fr;q=0.9", {}), en);
  EXPECT_EQ(title("ru;q=0, *", {}), en);
  EXPECT_EQ(title("ru", {{"lang", "en"}}), en);
  EXPECT_EQ(title(std::string(100'000, ','), {}), en);
}

TEST(FormulaHelp, has_every_text_in_both_languages) {
  Box box;
  const auto viewer = box.visitor(Role::viewer);
  const auto en = json_of(box.get(viewer, "/api/v1/formulas")).at("formulas").as_array(), ru = json_of(box.get(viewer, "/api/v1/formulas", {{"lang", "ru"}})).at("formulas").as_array();
  ASSERT_EQ(en.size(), ru.size());
  std::set<std::string> ids;
  for (size_t i = 0; i < en.size(); ++i) {
    EXPECT_NE(en[i].at("text"), ru[i].at("text")) << en[i].at("id");
    EXPECT_TRUE(ids.insert(std::string(en[i].at("id").as_string())).second) << en[i].at("id");
  }
}

}  // namespace
}  // namespace hf::web
