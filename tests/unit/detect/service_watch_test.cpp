// What becomes of a queue's callers: hand-made calls, one each half minute.
#include "agent/detect/service_watch.hpp"

#include <gmock/gmock.h>

#include "floor.hpp"

namespace hf::detect {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Service : testing::Test {
  Service() {
    calls::SiteModel model;
    model.queues.resize(1);
    model.queues[0].id = "support", model.queues[0].service_level = std::chrono::seconds(30);
    service.set_site_model(model);
    tracker.on({Floor::time(0), {}, pbx::SourceUp{"Asterisk", true, true, true}}, none);
  }
  // A caller who came `wait` before now and is answered, or hangs up.
  void caller(double wait, bool answered = true, double talk = 60) {
    now += 30;
    calls::Call c;
    c.id = std::to_string(++n), c.arrived = Floor::time(now - wait);
    c.stints = {{"support", c.arrived, {}, calls::StintEnd::waiting}};
    service.on({c.arrived, calls::CallJoined{c}});
    const Time end = Floor::time(now);
    c.stints[0].left = end, c.stints[0].end = answered ? calls::StintEnd::answered : calls::StintEnd::abandoned;
    if (!answered) service.on({end, calls::CallLeftQueue{c}});
    if (answered) c.connected = end, c.answering_queue = "support", c.talk = from_seconds(talk);
    if (answered) service.on({end, calls::CallConnected{c}});
    c.ended = end;
    service.on({end, calls::CallEnded{c}});
    tick();
  }
  void tick() {
    while (ticked + 60 <= now) {
      ticked += 60;
      service.tick(minute(ticked), tracker, load, findings);
    }
  }
  static Time minute(double s) { return std::chrono::floor<std::chrono::minutes>(Floor::time(s)); }
  // 300 callers: one in ten hangs up after 40 to 340 s, the others are answered within 20 s.
  void usual() {
    for (int i = 0; i < 300; ++i) i % 10 == 0 ? caller(40 + i, false) : caller(5 + i % 15);
  }
  void waiting(int callers, double since) {  // they came `since` ago and wait still
    for (int i = 0; i < callers; ++i) {
      const std::string id = "w" + std::to_string(++n);
      pbx::ChannelStarted started;
      started.channel = started.linked = id, started.device = "PJSIP/trunk", started.dialled = "1",
      started.context = "from-trunk";
      tracker.on({Floor::time(now - since), {}, started}, none);
      tracker.on({Floor::time(now - since), {}, pbx::QueueJoined{id, "support", {}, {}}}, none);
    }
  }
  void incident(const std::string& signal, FindingKind kind = FindingKind::news, const std::string& queue = "support") {
    Finding f;
    f.signal = signal, f.kind = kind, f.queue = queue, f.at = Floor::time(now);
    service.hear({f}, 0);
  }
  Reading reading(std::string_view signal) const {
    std::vector<Reading> all;
    service.readings(all);
    for (const Reading& r : all)
      if (r.signal == signal) return r;
    return {};
  }
  std::vector<std::string> told() const {
    std::vector<std::string> ids;
    for (const Finding& f : findings) ids.push_back(f.template_id);
    return ids;
  }
  ServiceWatch service;
  LoadWatch load;
  calls::Tracker tracker;
  std::vector<calls::Change> none;
  std::vector<Finding> findings;
  double now = 0, ticked = 0;
  int n = 0;
};

TEST_F(Service, ordinary_callers_are_quiet) {
  usual();
  for (const char* signal : {"abandon_surge", "service_level_collapse", "service_level_split"})
    EXPECT_EQ(reading(signal).state, ReadingState::quiet) << signal;
  EXPECT_NEAR(reading("abandon_surge").baseline.value_or(0), 0.1, 0.02);
  EXPECT_NEAR(reading("service_level_collapse").value.value_or(0), 0.9, 0.08);
  EXPECT_THAT(findings, IsEmpty());
}

TEST_F(Service, callers_who_give_up_in_numbers_are_a_surge) {
  usual();
  for (int i = 0; i < 40; ++i) caller(60, i % 2 == 0);
  EXPECT_EQ(reading("abandon_surge").state, ReadingState::standing);
  EXPECT_THAT(findings, IsEmpty()) << "it opens nothing";
  incident("held_in_queue");
  caller(60, false), caller(60, false);
  ASSERT_THAT(told(), testing::Contains("abandon_surge"));
  const Finding& f = findings[0];
  EXPECT_EQ(f.signal, "held_in_queue");
  EXPECT_EQ(f.kind, FindingKind::evidence);
  EXPECT_GT(f.values.at("calls"), 10);
  EXPECT_NEAR(f.values.at("usual_share"), 0.1, 0.03);
}

TEST_F(Service, hang_ups_within_seconds_are_wrong_numbers) {
  usual();
  for (int i = 0; i < 60; ++i) caller(3, i % 2 == 0);
  EXPECT_EQ(reading("abandon_surge").state, ReadingState::quiet);
}

TEST_F(Service, who_still_waits_beyond_the_usual_counts_before_the_hang_up) {
  usual();
  EXPECT_EQ(reading("abandon_surge").state, ReadingState::quiet);
  now = ticked + 60, waiting(14, 10), tick();
  EXPECT_NE(reading("abandon_surge").state, ReadingState::standing);
  now += 180, tick();
  EXPECT_EQ(reading("abandon_surge").state, ReadingState::standing) << "nobody was ever answered so late";
}

TEST_F(Service, who_waits_no_longer_than_usual_says_nothing) {
  usual();
  now = ticked + 60, waiting(50, 15), tick();
  EXPECT_NE(reading("abandon_surge").state, ReadingState::standing);
}

TEST_F(Service, late_answers_by_the_queue_s_own_limit_are_a_collapse) {
  usual();
  for (int i = 0; i < 60; ++i) caller(25);
  EXPECT_EQ(reading("service_level_collapse").state, ReadingState::quiet) << "within its 30 s";
  for (int i = 0; i < 60; ++i) caller(35);
  EXPECT_EQ(reading("service_level_collapse").state, ReadingState::standing);
  EXPECT_LT(reading("service_level_collapse").value.value_or(1), 0.5);
  incident("missing_agents"), caller(35), caller(35);
  ASSERT_THAT(told(), testing::Contains("service_level_collapse"));
  EXPECT_EQ(findings[0].values.at("limit_s"), 30);
}

TEST_F(Service, waiting_callers_are_late_once_they_are) {
  usual();
  waiting(80, 10), now += 10, tick();
  EXPECT_NE(reading("service_level_collapse").state, ReadingState::standing);
  now += 90, tick();
  EXPECT_EQ(reading("service_level_collapse").state, ReadingState::standing);
}

TEST_F(Service, formulas_part_when_many_flee_early) {
  usual();
  EXPECT_NEAR(reading("service_level_split").value.value_or(1), 0.1, 0.02);
  incident("held_beside_free");
  for (int i = 0; i < 120; ++i) caller(20, i % 5 >= 3);
  const Reading r = reading("service_level_split");
  EXPECT_EQ(r.state, ReadingState::standing);
  EXPECT_GT(r.value.value_or(0), 0.5) << "60 % who gave up within X: served by one formula, failed by the other";
  EXPECT_THAT(told(), testing::Contains("service_level_split"));
}

TEST_F(Service, a_queue_where_many_always_hang_up_early_is_used_to_it) {
  for (int i = 0; i < 600; ++i) caller(10, i % 10 >= 3);
  EXPECT_EQ(reading("service_level_split").state, ReadingState::quiet);
  EXPECT_EQ(reading("abandon_surge").state, ReadingState::quiet);
}

TEST_F(Service, a_sentence_is_repeated_each_ten_minutes_and_ends_with_the_incident) {
  usual();
  for (int i = 0; i < 40; ++i) caller(60, i % 2 == 0);
  incident("arrival_surge");
  const auto surges = [&] { return std::ranges::count(told(), "abandon_surge"); };
  for (int i = 0; i < 10; ++i) caller(60, false);
  EXPECT_EQ(surges(), 1);
  for (int i = 0; i < 20; ++i) caller(60, false);
  EXPECT_EQ(surges(), 2);
  incident("arrival_surge", FindingKind::cleared);
  for (int i = 0; i < 40; ++i) caller(60, false);
  EXPECT_EQ(surges(), 2);
}

TEST_F(Service, the_end_of_a_hold_names_no_queue) {
  usual();
  for (int i = 0; i < 40; ++i) caller(60, i % 2 == 0);
  incident("held_beside_free"), incident("held_beside_free", FindingKind::cleared, {});
  caller(60, false), caller(60, false);
  EXPECT_THAT(findings, IsEmpty());
}

// A floor that works, at the pace of Erlang-A.
TEST(ExpectedWait, stands_beside_the_measured_one) {
  Floor floor;
  floor.agents("support", 1001, 1002);
  for (int i = 0; i < 100; ++i)
    floor.call(60 * i, "5550101", "support", "PJSIP/" + std::to_string(1001 + i % 2), 4, 3, 40);
  floor.at(6060);
  const auto readings = floor.detector.readings(Floor::time(6060), floor.tracker);
  std::map<std::string, Reading> by_signal;
  for (const Reading& r : readings) by_signal[std::string(r.signal)] = r;
  const Reading unknown = by_signal["expected_wait"];
  EXPECT_NEAR(unknown.value.value_or(-1), 3, 0.5);
  EXPECT_FALSE(unknown.baseline) << "nobody ever hung up: their patience is not known";
  for (int i = 0; i < 25; ++i) {
    const std::string id = "l" + std::to_string(i);
    floor.at(6060 + 60 * i), floor.arrive(id, "5550101"), floor.join(id, "support");
    floor.at(6060 + 60 * i + 30), floor.hang_up(id);
  }
  floor.at(7620);
  const auto expected = floor.detector.service_watch().expected("support");
  ASSERT_TRUE(expected);
  EXPECT_GT(expected->waits, 0.05);
  EXPECT_LT(expected->waits, 0.3);
  EXPECT_LT(expected->wait_s, 15);
}

}  // namespace
}  // namespace hf::detect
