#include "tests/unit/web/json_of.hpp"

namespace hf::web {
namespace {

using access::Role;
using http::Method;
using test::Box;

struct Csrf : testing::Test {
  Box box;
  test::Visitor admin = box.visitor(Role::admin);
  const std::string path = "/api/v1/incidents/" + std::string(test::kIncident) + "/acknowledge";

  http::Request good() { return Box::as(admin, Box::request(Method::post, path)); }
  static void set(http::Request& request, std::string_view name, const std::optional<std::string>& value) {
    std::erase_if(request.headers, [name](const auto& h) { return h.name == name; });
    if (value) request.headers.push_back({std::string(name), *value});
  }
  // The answer, and that nothing happened unless it was 200.
  unsigned asked(http::Request request) {
    const auto answer = box.ask(std::move(request));
    EXPECT_EQ(box.backend.changes.empty(), answer.status != 200);
    return answer.status;
  }
};

TEST_F(Csrf, our_own_page_gets_through) {
  auto request = good();
  set(request, "Sec-Fetch-Site", "same-origin");
  EXPECT_EQ(asked(std::move(request)), 200U);
}

TEST_F(Csrf, a_request_without_origin_is_refused) {
  auto request = good();
  set(request, "Origin", std::nullopt);
  EXPECT_EQ(asked(std::move(request)), 403U);
}

TEST_F(Csrf, a_foreign_origin_is_refused) {
  for (const char* origin : {"https://evil.example", "http://holdfast.example", "https://holdfast.example:8443", "https://holdfast.example.evil.example",
                             "https://evil.example/https://holdfast.example", "null", "", "holdfast.example"}) {
    auto request = good();
    set(request, "Origin", origin);
    EXPECT_EQ(asked(std::move(request)), 403U) << origin;
  }
}

TEST_F(Csrf, two_origins_or_two_hosts_are_refused) {
  for (const char* name : {"Origin", "Host"}) {
    auto request = good();
    request.headers.push_back({name, name == std::string("Host") ? "evil.example" : "https://holdfast.example"});
    EXPECT_EQ(asked(std::move(request)), 403U) << name;
  }
}

TEST_F(Csrf, a_browser_that_says_it_comes_from_elsewhere_is_believed) {
  for (const char* site : {"cross-site", "same-site", "none", ""}) {
    auto request = good();
    set(request, "Sec-Fetch-Site", site);
    EXPECT_EQ(asked(std::move(request)), 403U) << site;
  }
}

TEST_F(Csrf, a_missing_or_wrong_token_is_refused) {
  auto of_another = box.visitor(Role::admin);
  for (const std::optional<std::string>& token : {std::optional<std::string>(), std::optional<std::string>(""), std::optional(admin.csrf.substr(1)), std::optional(of_another.csrf), std::optional(admin.token)}) {
    auto request = good();
    set(request, "Holdfast-CSRF", token);
    EXPECT_EQ(asked(std::move(request)), 403U) << token.value_or("none");
  }
}

TEST_F(Csrf, what_a_plain_form_can_send_is_refused) {
  for (const std::optional<std::string>& type : {std::optional<std::string>(), std::optional<std::string>("text/plain"), std::optional<std::string>("application/x-www-form-urlencoded"),
                                                 std::optional<std::string>("multipart/form-data; boundary=x"), std::optional<std::string>("application/json; charset=utf-7"),
                                                 std::optional<std::string>("text/plain; application/json")}) {
    auto request = good();
    set(request, "Content-Type", type);
    EXPECT_EQ(asked(std::move(request)), 415U) << type.value_or("none");
  }
  auto request = good();
  set(request, "Content-Type", "Application/JSON; charset=UTF-8");
  EXPECT_EQ(asked(std::move(request)), 200U);
}

TEST_F(Csrf, login_itself_must_come_from_our_own_page) {
  auto request = Box::request(Method::post, "/api/v1/login", R"({"user":"anna","password":"seven brown teapots"})");
  set(request, "Origin", "https://evil.example");
  EXPECT_EQ(box.ask(std::move(request)).status, 403U);
}

TEST_F(Csrf, a_get_needs_no_origin_and_changes_nothing) {
  auto request = Box::as(admin, Box::request(Method::get, path));
  EXPECT_EQ(asked(std::move(request)), 405U) << "there is no GET that acknowledges";
}

TEST_F(Csrf, a_session_token_in_another_shape_is_none) {
  for (const std::string& cookie : {"__Host-hf=" + admin.token + "0", std::string("__Host-hf="), "hf=" + admin.token, "__Host-hf=" + std::string(64, 'z')}) {
    auto request = Box::request(Method::get, "/api/v1/session");
    request.headers.push_back({"Cookie", cookie});
    EXPECT_EQ(box.ask(std::move(request)).status, 401U) << cookie;
  }
}

}  // namespace
}  // namespace hf::web
