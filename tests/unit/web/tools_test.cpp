// Listening, coverage, the SMDR assistant and surveys, as the page asks for them.
#include <gtest/gtest.h>

#include "tests/support/box.hpp"
#include "tests/unit/web/json_of.hpp"

namespace hf::web {
namespace {

using access::Role;
using test::Box;
using enum http::Method;

TEST(Tools, a_viewer_sees_and_only_an_admin_starts) {
  Box box;
  const auto viewer = box.visitor(Role::viewer);
  EXPECT_EQ(box.get(viewer, "/api/v1/coverage").status, 200u);
  EXPECT_EQ(box.get(viewer, "/api/v1/sources/listen").status, 200u);
  EXPECT_EQ(box.send(viewer, post, "/api/v1/sources/listen", R"({"seconds":60})").status, 403u);
  EXPECT_EQ(box.send(viewer, post, "/api/v1/smdr/propose", R"({"lines":"x"})").status, 403u);
  EXPECT_EQ(box.send(viewer, post, "/api/v1/surveys", R"({"csv":"time"})").status, 403u);
}

TEST(Tools, coverage_names_what_is_seen_and_what_is_lacking) {
  Box box;
  const auto body = json_of(box.get(box.visitor(Role::viewer), "/api/v1/coverage"));
  EXPECT_EQ(body.at("signatures").as_array().size(), 26u) << "H1 to H27 without H20";
  for (const auto& row : body.at("signatures").as_array())
    EXPECT_NE(row.at("seen_by").as_array().empty(), row.at("lacking").as_array().empty()) << row;
  for (const auto& row : body.at("metrics").as_array()) {
    if (row.at("metric") == "surveys") {
      EXPECT_EQ(row.at("lacking").as_array().at(0), "survey");
    }
    if (row.at("metric") == "free_agents") {
      EXPECT_TRUE(row.at("lacking").as_array().empty());
    }
  }
}

TEST(Tools, figures_of_few_answers_are_null_and_never_nought) {
  Box box;
  const auto body = json_of(box.get(box.visitor(Role::viewer), "/api/v1/surveys", {{"from", "1772409600"}, {"to", "1772413200"}}));
  const auto& nps = body.at("rows").at(0);
  const auto& csat = body.at("rows").at(1);
  EXPECT_EQ(nps.at("nps"), 25.0);
  EXPECT_EQ(nps.at("mean"), 8.0);
  EXPECT_TRUE(csat.at("csat").is_null());
  EXPECT_TRUE(csat.at("mean").is_null());
  EXPECT_EQ(csat.at("answers"), 3);
  EXPECT_EQ(csat.at("bad"), 2);
}

TEST(Tools, how_calls_sounded_is_told_by_queue_and_nothing_of_nobody) {
  Box box;
  const auto body = json_of(box.get(box.visitor(Role::viewer), "/api/v1/voice", {{"from", "1772409600"}, {"to", "1772413200"}}));
  const auto& sales = body.at("rows").at(0);
  EXPECT_EQ(body.at("poor_below"), 3.6);
  EXPECT_EQ(sales.at("listeners"), 4);
  EXPECT_EQ(sales.at("poor"), 1);
  EXPECT_EQ(sales.at("loss"), 0.02);
  EXPECT_EQ(sales.at("jitter_s"), 0.003);
  EXPECT_EQ(sales.at("mos_lq"), 4.1);
  EXPECT_EQ(sales.at("worst_mos_lq"), 3.52);
  EXPECT_TRUE(body.at("rows").at(1).at("mos_lq").is_null());
  EXPECT_EQ(box.get(box.visitor(Role::viewer), "/api/v1/voice", {{"from", "2000"}, {"to", "1000"}}).status, 400u);
}

TEST(Tools, surveys_want_a_time_that_makes_sense) {
  Box box;
  const auto viewer = box.visitor(Role::viewer);
  EXPECT_EQ(box.get(viewer, "/api/v1/surveys").status, 400u);
  EXPECT_EQ(box.get(viewer, "/api/v1/surveys", {{"from", "2000"}, {"to", "1000"}}).status, 400u);
  EXPECT_EQ(box.get(viewer, "/api/v1/surveys", {{"from", "0"}, {"to", "1772413200"}}).status, 400u);
}

TEST(Tools, a_file_of_answers_is_taken_whole_and_told_line_by_line) {
  Box box;
  const auto answer = box.send(box.visitor(Role::admin), post, "/api/v1/surveys", R"({"csv":"time;queue;question;score\n1;sales;csat;4\n"})");
  const auto body = json_of(answer);
  EXPECT_EQ(box.tools.imported, "time;queue;question;score\n1;sales;csat;4\n");
  EXPECT_EQ(body.at("accepted"), 12);
  EXPECT_EQ(body.at("refused").at(0).at("line"), 4);
}

TEST(Tools, listening_lasts_from_five_seconds_to_ten_minutes) {
  Box box;
  const auto admin = box.visitor(Role::admin);
  for (const char* bad : {R"({"seconds":4})", R"({"seconds":601})", R"({"seconds":"60"})", R"({})", R"({"seconds":60,"more":1})"})
    EXPECT_EQ(box.send(admin, post, "/api/v1/sources/listen", bad).status, 400u) << bad;
  const auto body = json_of(box.send(admin, post, "/api/v1/sources/listen", R"({"seconds":60})"));
  EXPECT_EQ(box.tools.listened, std::chrono::seconds(60));
  const auto& source = body.at("sources").at(0);
  EXPECT_EQ(source.at("heard").at(0).at("kind"), "queue_joined");
  EXPECT_EQ(source.at("clock_ahead_s"), -1.5);
  EXPECT_EQ(source.at("missing").at(0).at("reason"), "ami_dialplan_class");
}

}  // namespace
}  // namespace hf::web
