// POST /api/v1/events: who may, and what it answers.
#include "agent/web/intake.hpp"

#include <gtest/gtest.h>

#include "agent/web/api.hpp"
#include "json_of.hpp"
#include "tests/support/box.hpp"

namespace hf::web {
namespace {

struct FakeIntake final : Intake {
  bool admits(std::string_view token) const override { return token == "a-token-of-sixteen-signs"; }
  Result<IntakeAnswer> take(std::string_view lines) override {
    taken = lines;
    if (busy) return fail(ErrorKind::busy, "later");
    return IntakeAnswer{2, 1, 1, {{3, "no JSON object"}}};
  }
  std::string taken;
  bool busy = false;
};

http::Request events(std::string body, const std::string& authorization, const std::string& type = "application/x-ndjson") {
  http::Request r;
  r.method = http::Method::post, r.path = "/api/v1/events", r.body = std::move(body), r.peer_address = "192.0.2.7";
  r.headers = {{"Host", "holdfast.example"}, {"Content-Type", type}};
  if (!authorization.empty()) r.headers.push_back({"Authorization", authorization});
  return r;
}
constexpr const char* kRight = "Bearer a-token-of-sixteen-signs";

TEST(PostEvents, takes_lines_and_tells_what_was_taken) {
  FakeIntake intake;
  test::Box box(true, &intake);
  const auto answer = box.ask(events("one\ntwo\n", kRight));
  EXPECT_EQ(answer.status, 200u) << answer.body;
  EXPECT_EQ(answer.body, R"({"accepted":2,"duplicates":1,"refused_in_all":1,"refused":[{"line":3,"problem":"no JSON object"}]})");
  EXPECT_EQ(intake.taken, "one\ntwo\n");
}

TEST(PostEvents, wants_the_token_and_nothing_else_will_do) {
  FakeIntake intake;
  test::Box box(true, &intake);
  for (const char* wrong : {"", "Bearer ", "Bearer short", "Bearer a-token-of-sixteen-signX", "Basic a-token-of-sixteen-signs", "a-token-of-sixteen-signs"})
    EXPECT_EQ(box.ask(events("one", wrong)).status, 401u) << wrong;
  auto logged_in = test::Box::as(box.visitor(access::Role::admin), events("one", ""));
  logged_in.headers.push_back({"Origin", "https://holdfast.example"});
  EXPECT_EQ(box.ask(std::move(logged_in)).status, 401u) << "a session is no connector";
  EXPECT_EQ(intake.taken, "");
}

TEST(PostEvents, reads_no_body_of_whom_has_no_token) {
  EXPECT_EQ(Api::body_limit(events("", "")), 0u);
  EXPECT_EQ(Api::body_limit(events("", "Bearer short")), 0u);
  EXPECT_EQ(Api::body_limit(events("", kRight)), size_t{1} << 18);
}

TEST(PostEvents, says_when_it_is_to_be_posted_again_or_otherwise) {
  FakeIntake intake;
  test::Box box(true, &intake);
  intake.busy = true;
  const auto busy = box.ask(events("one", kRight));
  EXPECT_EQ(busy.status, 503u);
  EXPECT_NE(test::header(busy, "Retry-After"), nullptr);
  EXPECT_EQ(box.ask(events("one", kRight, "application/json")).status, 415u);
  test::Box without;
  EXPECT_EQ(without.ask(events("one", kRight)).status, 404u);
}

}  // namespace
}  // namespace hf::web
