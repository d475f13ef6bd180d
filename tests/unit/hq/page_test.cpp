#include "hq/page.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <fstream>

#include "agent/wire/encode.hpp"
#include "hal/platform/random.hpp"
#include "tests/support/inline_executor.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::hq {
namespace {

namespace json = boost::json;

constexpr const char* kPassword = "seven brown teapots";

class HqPage : public ::testing::Test {
 protected:
  HqPage()
      : store_(std::move(*Store::open(folder_ / "hq.db"))),
        access_(std::move(*access::Access::open(folder_ / "access.db",
                                                {clock_, random_, home_, hashing_, access::HashCost::least()}))),
        offers_(std::move(*Offers::open(folder_.path()))),
        page_({store_, *access_, clock_, home_, kAssets, "0.1.0", std::chrono::seconds(300), &offers_}) {
    code_ = access_->setup_code()->value();
  }

  http::Response ask(http::Method method, const std::string& path, const std::string& body = {},
                     const std::string& origin = "https://hq:8444") {
    http::Request request;
    request.method = method, request.body = body, request.peer_address = "192.0.2.7";
    const size_t query = path.find('?');
    request.path = path.substr(0, query);
    for (std::string rest = query == std::string::npos ? "" : path.substr(query + 1); !rest.empty();) {
      const std::string pair = rest.substr(0, rest.find('&'));
      request.query[pair.substr(0, pair.find('='))] = pair.substr(pair.find('=') + 1);
      rest.erase(0, pair.size() + 1);
    }
    request.headers = {
        {"Host", "hq:8444"}, {"Content-Type", "application/json"}, {"Cookie", cookie_}, {"Holdfast-CSRF", csrf_}};
    if (!origin.empty()) request.headers.push_back({"Origin", origin});
    std::vector<http::Response> answers;
    page_.handle(request, [&answers](http::Response r) { answers.push_back(std::move(r)); });
    EXPECT_EQ(answers.size(), 1U) << path;
    return answers.empty() ? http::Response{} : answers[0];
  }
  json::object get(const std::string& path) {
    const auto response = ask(http::Method::get, path);
    EXPECT_EQ(response.status, 200U) << path << " " << response.body;
    return json::parse(response.body).as_object();
  }
  void keep_session(const http::Response& response) {
    for (const auto& h : response.headers)
      if (h.name == "Set-Cookie") cookie_ = h.value.substr(0, h.value.find(';'));
    csrf_ = std::string(json::parse(response.body).at("csrf_token").as_string());
  }
  void set_up() {
    const auto response = ask(http::Method::post, "/api/v1/setup",
                              R"({"code":")" + code_ + R"(","user":"anna","password":")" + kPassword + "\"}");
    ASSERT_EQ(response.status, 201U) << response.body;
    keep_session(response);
  }
  void become_viewer() {
    bool added = false;
    access_->add_user({"192.0.2.7", "anna"}, "boris", access::Role::viewer, kPassword,
                      [&added](auto outcome) { added = outcome.has_value(); });
    ASSERT_TRUE(added);
    keep_session(
        ask(http::Method::post, "/api/v1/login", std::string(R"({"user":"boris","password":")") + kPassword + "\"}"));
  }
  void bring(const std::string& site, const std::vector<wire::Body>& bodies) {
    const bool known = store_.site(site).has_value() ||
                       store_.enrol(site, "Label of " + site, std::string(63, 'a') + site[0], clock_.now());
    ASSERT_TRUE(known);
    std::vector<std::string> lines;
    for (const auto& body : bodies) lines.push_back(wire::message_line(++sequence_, {}, *wire::encode(body)));
    const std::vector<std::string_view> views(lines.begin(), lines.end());
    ASSERT_TRUE(store_.take(site, {wire::kVersion, site, 7, {0, 1, 0}, 1, sequence_}, views, clock_.now()));
  }
  wire::Incident hold(uint64_t id) {
    wire::Incident i;
    i.id = wire::Id{id}, i.kind = wire::IncidentKind::artificial_hold, i.revision = 1;
    i.lines = {wire::Id{7}}, i.imposed_wait = std::chrono::seconds(900), i.affected_calls = 14;
    i.onset = i.onset_low = i.onset_high = clock_.now() - std::chrono::minutes(10),
    i.signalled = clock_.now() - std::chrono::minutes(8);
    i.evidence = {{"held_beside_free", 14, i.signalled, {{"wait_s", 900200}}}};
    return i;
  }

  static constexpr http::Asset kAsset{"/index.html", "text/html", "gz", "\"1\""};
  static constexpr std::array<http::Asset, 1> kAssets{kAsset};
  const test::TempFolder folder_;
  test::ManualClock clock_;
  SeededRandom random_{1};
  test::InlineExecutor home_, hashing_;
  Store store_;
  std::unique_ptr<access::Access> access_;
  Offers offers_;
  Page page_;
  std::string code_, cookie_, csrf_;
  uint64_t sequence_ = 0;
};

TEST_F(HqPage, shows_answers_to_surveys_with_what_they_rest_on) {
  set_up();
  const Time day = std::chrono::floor<std::chrono::days>(clock_.now());
  bring("berlin-1", {wire::Surveys{{{wire::Id{7}, day, wire::SurveyQuestion::nps, 0, 10, 20, 150, 10, 5}, {std::nullopt, day, wire::SurveyQuestion::csat, 1, 5, 5, 20, 4, 0}}},
                     wire::Labels{1, {{wire::Scope::queue, wire::Id{7}, "Sales"}}}});
  const std::string range = "?from=" + std::to_string(unix_seconds(day)) + "&to=" + std::to_string(unix_seconds(day) + 86400);
  const auto answer = get("/api/v1/sites/berlin-1/surveys" + range);
  const auto& rows = answer.at("rows").as_array();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_TRUE(rows[0].at("queue_label").is_null());
  EXPECT_TRUE(rows[0].at("mean").is_null()) << "five answers are no figure";
  EXPECT_EQ(rows[1].at("queue_label").as_string(), "Sales");
  EXPECT_EQ(rows[1].at("question").as_string(), "nps");
  EXPECT_DOUBLE_EQ(rows[1].at("nps").as_double(), 25.0);
  EXPECT_DOUBLE_EQ(rows[1].at("poor").as_double(), 0.25);
  EXPECT_EQ(ask(http::Method::get, "/api/v1/sites/berlin-1/surveys?from=0").status, 400U);
  EXPECT_EQ(ask(http::Method::get, "/api/v1/sites/paris-1/surveys" + range).status, 404U);
}

TEST_F(HqPage, begins_with_the_set_up_code_and_a_session) {
  EXPECT_TRUE(get("/api/v1/state").at("setup_needed").as_bool());
  EXPECT_TRUE(get("/api/v1/state").at("version").is_null()) << "no version before login";
  EXPECT_EQ(
      ask(http::Method::post, "/api/v1/setup", R"({"code":"wrong","user":"anna","password":"seven brown teapots"})")
          .status,
      401U);
  clock_.advance(std::chrono::seconds(2));  // the throttle
  set_up();
  EXPECT_EQ(get("/api/v1/session").at("user").as_string(), "anna");
  EXPECT_EQ(get("/api/v1/state").at("version").as_string(), "0.1.0");
  EXPECT_EQ(ask(http::Method::post, "/api/v1/logout").status, 204U);
  EXPECT_EQ(ask(http::Method::get, "/api/v1/session").status, 401U);
}

TEST_F(HqPage, gives_nothing_of_the_fleet_to_somebody_without_a_session) {
  bring("berlin", {hold(1)});
  for (const auto* path : {"/api/v1/overview", "/api/v1/sites/berlin", "/api/v1/sites/berlin/minutes",
                           "/api/v1/incidents", "/api/v1/hq-incidents"})
    EXPECT_EQ(ask(http::Method::get, path).status, 401U) << path;
  EXPECT_EQ(ask(http::Method::del, "/api/v1/sites/berlin").status, 401U);
  EXPECT_EQ(ask(http::Method::get, "/api/v1/updates").status, 401U);
  EXPECT_EQ(ask(http::Method::post, "/api/v1/sites/berlin/offer", R"({"version":"1.1.0"})").status, 401U);
  EXPECT_EQ(ask(http::Method::del, "/api/v1/sites/berlin/offer").status, 401U);
  EXPECT_EQ(ask(http::Method::get, "/api/v1/unknown").status, 404U);
  EXPECT_EQ(ask(http::Method::post, "/api/v1/overview", "{}").status, 405U);
  EXPECT_EQ(ask(http::Method::get, "/").status, 200U);
  EXPECT_EQ(ask(http::Method::get, "/other.js").status, 404U);
}

TEST_F(HqPage, an_admin_offers_a_held_version_to_a_site_and_sees_what_it_says) {
  bring("berlin", {hold(1)});
  set_up();
  ASSERT_TRUE(write_file(folder_ / "new.raucb", "bundle"));
  ASSERT_TRUE(offers_.add(folder_ / "new.raucb", "1.1.0", clock_.now()));
  EXPECT_EQ(ask(http::Method::post, "/api/v1/sites/berlin/offer", R"({"version":"9.9.9"})").status, 404U);
  EXPECT_EQ(ask(http::Method::post, "/api/v1/sites/nowhere/offer", R"({"version":"1.1.0"})").status, 404U);
  EXPECT_EQ(ask(http::Method::post, "/api/v1/sites/berlin/offer", R"({"version":1})").status, 400U);
  EXPECT_EQ(ask(http::Method::post, "/api/v1/sites/berlin/offer", R"({"version":"1.1.0"})").status, 204U);
  ASSERT_TRUE(offers_.report("berlin", {"1.0.0", "1.1.0", "idle", "given_back", "health", clock_.now()}));
  const auto all = get("/api/v1/updates");
  EXPECT_EQ(all.at("bundles").at(0).at("version"), "1.1.0");
  EXPECT_EQ(all.at("sites").at(0).at("offered"), "1.1.0");
  EXPECT_EQ(all.at("sites").at(0).at("report").at("reason"), "health");
  const std::string cookie = cookie_, csrf = csrf_;
  become_viewer();
  EXPECT_EQ(ask(http::Method::del, "/api/v1/sites/berlin/offer").status, 403U);
  cookie_ = cookie, csrf_ = csrf;
  EXPECT_EQ(ask(http::Method::del, "/api/v1/sites/berlin/offer").status, 204U);
  EXPECT_EQ(ask(http::Method::del, "/api/v1/sites/berlin/offer").status, 404U);
}

TEST_F(HqPage, only_an_admin_on_our_own_page_with_the_token_revokes_a_site) {
  bring("berlin", {hold(1)});
  set_up();
  EXPECT_EQ(ask(http::Method::del, "/api/v1/sites/berlin", {}, "https://evil.example").status, 403U);
  EXPECT_EQ(ask(http::Method::del, "/api/v1/sites/berlin", {}, "").status, 403U);
  const std::string csrf = std::exchange(csrf_, "wrong");
  EXPECT_EQ(ask(http::Method::del, "/api/v1/sites/berlin").status, 403U);
  csrf_ = csrf;
  const std::string admin_cookie = cookie_;
  become_viewer();
  EXPECT_EQ(ask(http::Method::del, "/api/v1/sites/berlin").status, 403U);
  EXPECT_EQ(ask(http::Method::get, "/api/v1/overview").status, 200U);
  cookie_ = admin_cookie, csrf_ = csrf;
  EXPECT_EQ(ask(http::Method::del, "/api/v1/sites/berlin").status, 204U);
  EXPECT_EQ(ask(http::Method::del, "/api/v1/sites/berlin").status, 404U);
  EXPECT_TRUE(get("/api/v1/sites/berlin").at("site").at("revoked").as_bool());
  const auto rows = access_->audit().before(std::nullopt, 10);
  EXPECT_EQ(rows->at(1).action, "site.revoke");
  EXPECT_EQ(rows->at(1).result, "done");
}

TEST_F(HqPage, shows_silent_sites_as_an_alarm_and_suspects_hq_when_all_are) {
  bring("berlin", {hold(1)});
  bring("paris", {hold(2)});
  ASSERT_TRUE(store_.enrol("oslo", "Oslo", std::string(64, 'd'), clock_.now()));
  set_up();
  auto overview = get("/api/v1/overview");
  ASSERT_EQ(overview.at("sites").as_array().size(), 3U);
  EXPECT_FALSE(overview.at("sites").at(0).at("silent").as_bool());
  EXPECT_TRUE(overview.at("sites").at(1).at("silent").as_bool()) << "oslo never spoke";
  EXPECT_TRUE(overview.at("sites").at(1).at("last_contact").is_null());
  EXPECT_FALSE(overview.at("all_silent").as_bool());
  clock_.advance(std::chrono::seconds(301));
  overview = get("/api/v1/overview");
  EXPECT_TRUE(overview.at("sites").at(0).at("silent").as_bool());
  EXPECT_TRUE(overview.at("all_silent").as_bool());
  ASSERT_TRUE(store_.revoke("oslo"));
  EXPECT_FALSE(get("/api/v1/overview").at("sites").at(1).at("silent").as_bool())
      << "a revoked site is expected to be silent";
}

TEST_F(HqPage, shows_incidents_with_labels_and_joins_two_sites) {
  bring("berlin", {wire::Body(hold(1)), wire::Labels{1, {{wire::Scope::line, wire::Id{7}, "Sales"}}}});
  set_up();
  EXPECT_TRUE(get("/api/v1/hq-incidents").at("hq_incidents").as_array().empty());
  bring("paris", {hold(2)});
  const auto overview = get("/api/v1/overview");
  EXPECT_EQ(overview.at("open_incidents").as_array().size(), 2U);
  ASSERT_EQ(overview.at("hq_incidents").as_array().size(), 1U);
  EXPECT_EQ(overview.at("hq_incidents").at(0).at("imposed_wait_s").to_number<double>(), 900);
  const auto berlin = get("/api/v1/incidents?site=berlin&open=true").at("incidents");
  ASSERT_EQ(berlin.as_array().size(), 1U);
  EXPECT_EQ(berlin.at(0).at("lines").at(0).at("label").as_string(), "Sales");
  EXPECT_EQ(berlin.at(0).at("evidence").at(0).at("values").at("wait_s").to_number<double>(), 900.2);
  EXPECT_EQ(berlin.at(0).at("time_to_signal_s").to_number<double>(), 120);
  EXPECT_TRUE(berlin.at(0).at("closed").is_null());
  EXPECT_TRUE(get("/api/v1/incidents?site=paris").at("incidents").at(0).at("lines").at(0).at("label").is_null());
}

TEST_F(HqPage, computes_levels_from_merged_minutes_and_unknown_is_null) {
  wire::Minutes body;
  const Time hour(std::chrono::floor<std::chrono::hours>(clock_.now().time_since_epoch()));
  for (int n = 0; n < 3; ++n) {
    wire::Summary s;
    s.id = wire::Id{7}, s.start = hour + std::chrono::minutes(n), s.observed_seconds = 60,
    s.service_level = std::chrono::seconds(20);
    s.offered = 4, s.answered = 3, s.answered_within = 2, s.abandoned = 1, s.answered_wait = std::chrono::seconds(30),
    s.answered_waits = {{10, 3}};
    body.sums.push_back(s);
  }
  bring("berlin", {body});
  set_up();
  const std::string from = std::to_string(hour.time_since_epoch() / std::chrono::seconds(1));
  const std::string to = std::to_string(hour.time_since_epoch() / std::chrono::seconds(1) + 7200);
  const std::string base = "/api/v1/sites/berlin/minutes?scope=queue&id=0000000000000007&from=" + from + "&to=" + to;
  const auto page = get(base);
  ASSERT_EQ(page.at("minutes").as_array().size(), 1U);
  const auto& step = page.at("minutes").at(0);
  EXPECT_EQ(step.at("offered").to_number<int>(), 12);
  EXPECT_DOUBLE_EQ(step.at("service_levels").at("abandons_negative").to_number<double>(), 0.5);
  EXPECT_EQ(step.at("average_speed_of_answer_s").to_number<double>(), 10);
  EXPECT_TRUE(step.at("occupancy").is_null());
  EXPECT_TRUE(step.at("avoidable_caller_s").is_null());
  EXPECT_EQ(get(base + "&step_s=60").at("minutes").as_array().size(), 3U);
  for (const auto* wrong : {"&step_s=7", "&scope=agent", "&id=4930555", "&from=x", "&to=0", "&to=9e99", "&to=nan"}) {
    const std::string name = std::string(wrong).substr(1, std::string(wrong).find('=') - 1);
    const auto response = ask(http::Method::get, base + wrong);
    EXPECT_EQ(response.status, 400U) << wrong;
    EXPECT_EQ(json::parse(response.body).at("error").at("field").as_string(), name) << wrong;
  }
  EXPECT_EQ(ask(http::Method::get, "/api/v1/sites/nowhere/minutes?scope=queue&id=0000000000000007&from=0&to=60").status,
            404U);
}

TEST_F(HqPage, refuses_forms_that_are_not_exactly_right) {
  for (const auto* body : {"", "[]", "{", R"({"user":"anna"})", R"({"user":"anna","password":7})",
                           R"({"user":"anna","password":"x","more":1})"})
    EXPECT_EQ(ask(http::Method::post, "/api/v1/login", body).status, 400U) << body;
}

TEST_F(HqPage, protects_every_answer_and_lists_every_route_in_its_document) {
  const auto response = ask(http::Method::get, "/api/v1/openapi.yaml");
  const auto has = [&response](std::string_view name) {
    return std::ranges::any_of(response.headers, [name](const auto& h) { return h.name == name; });
  };
  for (const auto* name :
       {"Content-Security-Policy", "Strict-Transport-Security", "X-Content-Type-Options", "Cache-Control"})
    EXPECT_TRUE(has(name)) << name;
  for (const auto* path : {"/api/v1/overview:", "/api/v1/sites/{site}:", "/api/v1/sites/{site}/minutes:",
                           "/api/v1/incidents:", "/api/v1/hq-incidents:"})
    EXPECT_NE(response.body.find(path), std::string::npos) << path;
}

}  // namespace
}  // namespace hf::hq
