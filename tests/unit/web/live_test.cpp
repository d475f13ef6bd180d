#include "agent/web/live_hub.hpp"

#include "agent/web/to_json.hpp"
#include "tests/unit/web/json_of.hpp"

namespace hf::web {
namespace {

using namespace std::chrono_literals;
using access::Role;
using test::Box;

struct Live : testing::Test {
  std::shared_ptr<http::EventStream> open(const test::Visitor& visitor) {
    auto answer = box.get(visitor, "/api/v1/live/events");
    EXPECT_EQ(answer.status, 200U) << answer.body;
    EXPECT_EQ(*test::header(answer, "Content-Type"), "text/event-stream");
    return answer.stream;
  }
  static size_t count(const std::string& text, std::string_view what) {
    size_t n = 0;
    for (size_t at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++n;
    return n;
  }
  Box box;
  test::Visitor viewer = box.visitor(Role::viewer), admin = box.visitor(Role::admin);
};

TEST_F(Live, a_new_page_gets_a_picture_at_once) {
  const auto stream = open(viewer);
  const auto first = stream->next();
  EXPECT_TRUE(first.starts_with("event: live\ndata: {\"at\":")) << first.substr(0, 60);
  EXPECT_TRUE(first.ends_with("}\n\n"));
  EXPECT_EQ(stream->next(), "");
}

TEST_F(Live, a_slow_page_gets_the_newest_picture_only) {
  const auto stream = open(viewer);
  for (uint32_t i = 1; i <= 500; ++i) {
    box.backend.picture.waiting = i;
    box.api->publish(box.backend.picture);
  }
  const auto all = stream->next();
  EXPECT_EQ(count(all, "event: live"), 1U);
  EXPECT_NE(all.find("\"waiting\":500,"), all.npos);
}

TEST_F(Live, news_are_all_kept_up_to_a_bound) {
  const auto stream = open(viewer);
  (void)stream->next();
  for (int i = 0; i < 3; ++i) box.api->publish(box.backend.incident_view.incident, News::opened);
  EXPECT_EQ(count(stream->next(), "event: incident"), 3U);
  for (int i = 0; i < 1000; ++i) box.api->publish(box.backend.incident_view.incident, News::changed);
  EXPECT_EQ(count(stream->next(), "event: incident"), LiveStream::kMaxNews);
}

TEST_F(Live, a_rule_that_fires_is_told_with_its_name_and_place) {
  const auto stream = open(viewer);
  (void)stream->next();
  FiringView firing;
  firing.firing.id = "00112233", firing.name = "Long waits", firing.place = {metrics::Scope::queue, "support", "Support desk"};
  box.api->publish(firing);
  const auto told = stream->next();
  EXPECT_EQ(count(told, "event: rule"), 1U);
  EXPECT_NE(told.find("\"name\":\"Long waits\""), told.npos) << told;
  EXPECT_NE(told.find("Support desk"), told.npos) << told;
  EXPECT_NE(told.find("\"closed\":null"), told.npos) << told;
}

TEST_F(Live, the_server_is_told_when_there_is_something) {
  const auto stream = open(viewer);
  int told = 0;
  stream->on_ready([&told] { ++told; });
  box.api->publish(box.backend.picture);
  EXPECT_EQ(told, 1);
}

TEST_F(Live, ends_with_its_session) {
  const auto stream = open(viewer);
  (void)stream->next();
  (void)box.send(admin, http::Method::patch, "/api/v1/users/boris", R"({"disabled":true})");
  box.api->publish(box.backend.picture);
  EXPECT_EQ(stream->next(), "event: session_ended\ndata: {}\n\n");
  EXPECT_TRUE(stream->ended());
  EXPECT_EQ(box.api->listeners(), 0U);
}

TEST_F(Live, keeps_a_viewers_session_alive_for_eight_hours_but_not_an_admins) {
  const auto of_viewer = open(viewer), of_admin = open(admin);
  for (int minute = 1; minute < 8 * 60; ++minute) {
    box.clock.advance(1min);
    box.api->publish(box.backend.picture);
    EXPECT_EQ(of_admin->ended(), minute >= 15) << minute;
    ASSERT_FALSE(of_viewer->ended()) << minute;
  }
  box.clock.advance(1min);
  box.api->publish(box.backend.picture);
  EXPECT_TRUE(of_viewer->ended());
}

TEST_F(Live, takes_so_many_streams_and_no_more_until_one_goes) {
  std::vector<std::shared_ptr<http::EventStream>> streams;
  for (size_t i = 0; i < LiveHub::kMaxStreams; ++i) streams.push_back(open(viewer));
  EXPECT_EQ(box.get(viewer, "/api/v1/live/events").status, 503U);
  streams.pop_back();
  EXPECT_TRUE(open(viewer));
}

TEST_F(Live, a_picture_of_what_cannot_be_known_says_null) {
  const auto live = json_of(box.get(viewer, "/api/v1/live"));
  EXPECT_TRUE(live.at("free").is_null());
  const auto& line = live.at("lines").as_array().at(0).as_object();
  EXPECT_TRUE(line.at("longest_wait_s").is_null());
  EXPECT_TRUE(line.at("waits").at("baseline").is_null());
  EXPECT_TRUE(line.at("today").at("asa_s").is_null()) << "no answered call: no average";
  EXPECT_TRUE(line.at("today").at("service_levels").at("only_handled").is_null());
}

TEST_F(Live, callers_carry_their_place_age_and_whether_they_are_held) {
  const auto callers = json_of(box.get(viewer, "/api/v1/live")).at("callers").as_array();
  EXPECT_EQ(callers[0].at("place"), "before_queue");
  EXPECT_EQ(callers[0].at("age_s").as_double(), 95.0);
  EXPECT_EQ(callers[0].at("held"), true);
  EXPECT_TRUE(callers[0].at("queue").is_null());
  EXPECT_EQ(callers[1].at("queue_age_s").as_double(), 10.0);
}

TEST_F(Live, a_flood_of_callers_is_cut_and_told) {
  box.backend.picture.callers.resize(750, box.backend.picture.callers[0]);
  const auto live = json_of(box.get(viewer, "/api/v1/live"));
  EXPECT_EQ(live.at("callers").as_array().size(), kMaxCallers);
  EXPECT_EQ(live.at("callers_omitted"), 250);
}

}  // namespace
}  // namespace hf::web
