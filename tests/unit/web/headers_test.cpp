#include "tests/unit/web/json_of.hpp"

namespace hf::web {
namespace {

using access::Role;
using http::Method;
using test::Box;

std::string lines(const http::Response& response) {
  std::string out;
  for (const auto& h : response.headers) out += h.name + ": " + h.value + "\n";
  return out;
}

const std::string kFence =
    "Strict-Transport-Security: max-age=31536000; includeSubDomains\n"
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; media-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'\n"
    "X-Content-Type-Options: nosniff\n"
    "Referrer-Policy: no-referrer\n"
    "Cross-Origin-Opener-Policy: same-origin\n"
    "Cross-Origin-Resource-Policy: same-origin\n";

TEST(Headers, of_the_api_are_exactly_these) {
  Box box;
  EXPECT_EQ(lines(box.get(box.visitor(Role::viewer), "/api/v1/live")), "Content-Type: application/json\n" + kFence + "Cache-Control: no-store\n");
}

TEST(Headers, of_the_page_are_exactly_these) {
  Box box;
  const auto page = box.ask(Box::request(Method::get, "/"));
  EXPECT_EQ(page.status, 200U);
  EXPECT_EQ(page.body, "gzipped page");
  EXPECT_EQ(lines(page), "ETag: \"e1\"\nCache-Control: no-cache\nVary: Accept-Encoding\nContent-Type: text/html; charset=utf-8\nContent-Encoding: gzip\n" + kFence);
}

TEST(Headers, of_every_kind_of_refusal_hold_the_fence_too) {
  Box box;
  const auto viewer = box.visitor(Role::viewer);
  std::vector<http::Response> answers = {box.ask(Box::request(Method::get, "/nothing")), box.ask(Box::request(Method::get, "/api/v1/nothing")), box.ask(Box::request(Method::get, "/api/v1/live")),
                                         box.ask(Box::request(Method::post, "/api/v1/live")), box.send(viewer, Method::put, "/api/v1/site-model", "{}"),
                                         box.ask(Box::request(Method::post, "/api/v1/login", "{")), box.ask(Box::request(Method::post, "/"))};
  box.home.full = true;
  answers.push_back(box.ask(Box::request(Method::get, "/api/v1/state")));
  EXPECT_EQ(answers.back().status, 503U);
  EXPECT_TRUE(test::header(answers.back(), "Retry-After"));
  for (const auto& answer : answers) EXPECT_NE(lines(answer).find(kFence), std::string::npos) << answer.status << " " << answer.body;
}

TEST(Cookies, of_login_and_logout_are_exactly_these) {
  Box box;
  const auto in = box.ask(Box::request(Method::post, "/api/v1/login", R"({"user":"anna","password":"seven brown teapots"})"));
  ASSERT_EQ(in.status, 200U) << in.body;
  const std::string cookie = *test::header(in, "Set-Cookie");
  ASSERT_TRUE(cookie.starts_with("__Host-hf="));
  const std::string token = cookie.substr(10, 64);
  EXPECT_EQ(cookie.substr(74), "; Path=/; Secure; HttpOnly; SameSite=Strict");
  EXPECT_EQ(in.body.find(token), in.body.npos) << "scripts must never see the token";
  const test::Visitor me{token, std::string(json_of(in).at("csrf_token").as_string())};
  const auto out = box.send(me, Method::post, "/api/v1/logout");
  EXPECT_EQ(out.status, 204U);
  EXPECT_EQ(*test::header(out, "Set-Cookie"), "__Host-hf=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Strict");
  EXPECT_EQ(box.get(me, "/api/v1/session").status, 401U);
}

TEST(Assets, are_not_sent_again_when_unchanged) {
  Box box;
  auto request = Box::request(Method::get, "/app.js");
  request.headers.push_back({"If-None-Match", "\"e2\""});
  const auto answer = box.ask(std::move(request));
  EXPECT_EQ(answer.status, 304U);
  EXPECT_TRUE(answer.body.empty());
}

TEST(Assets, answer_to_get_and_head_alone) {
  Box box;
  const auto head = box.ask(Box::request(Method::head, "/app.js"));
  EXPECT_EQ(head.status, 200U);
  EXPECT_TRUE(head.body.empty());
  EXPECT_EQ(box.ask(Box::request(Method::post, "/app.js")).status, 405U);
}

TEST(Assets, are_answered_while_the_worker_is_full) {
  Box box;
  box.home.full = true;
  EXPECT_EQ(box.ask(Box::request(Method::get, "/")).status, 200U);
}

TEST(State, tells_no_version_before_login) {
  Box box;
  const auto before = json_of(box.ask(Box::request(Method::get, "/api/v1/state")));
  EXPECT_TRUE(before.at("version").is_null());
  EXPECT_EQ(before.at("logged_in"), false);
  EXPECT_EQ(json_of(box.get(box.visitor(Role::viewer), "/api/v1/state")).at("version"), "0.1.0");
}

}  // namespace
}  // namespace hf::web
