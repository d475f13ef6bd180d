// A folder of call data of our own: read, turned into events, scored; and what is told of one that cannot be read.
#include "agent/tool/evaluate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace hf::app {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

class EvaluateTest : public ::testing::Test {
 protected:
  EvaluateTest()
      : folder_(std::filesystem::path(::testing::TempDir()) /
                ("evaluate_" + std::to_string(::getpid()) + "_" + name())) {
    std::filesystem::create_directories(folder_);
    write("calls.csv.gz",
          kCalls + "2020-03-02,1,sales,a,0,32400,10,AGENT,32410,32500,A1\n2020-03-02,2,sales,a,0,86390,20,HANG_Q,,,\n");
    write("agents.csv.gz", kAgents + "2020-03-02,32000,A1,sales,LOGIN,x\n2020-03-02,40000,A1,sales,LOGOUT,x\n");
    write("truth.json", R"({"part": "own", "days": 1, "incidents": []})");
  }
  ~EvaluateTest() override { std::filesystem::remove_all(folder_); }
  static std::string name() { return ::testing::UnitTest::GetInstance()->current_test_info()->name(); }
  void write(const std::string& file, const std::string& bytes) const { std::ofstream(folder_ / file) << bytes; }

  const std::string kCalls = "date,uid,queue,type,priority,q_start,wait,outcome,ser_start,ser_exit,server\n";
  const std::string kAgents = "date,time,agent,queue,event,source\n";
  std::filesystem::path folder_;
};

TEST_F(EvaluateTest, counts_the_calls_of_a_folder_and_finds_nothing_in_an_honest_day) {
  const auto done = evaluate(folder_, {});
  ASSERT_TRUE(done) << done.error().what;
  EXPECT_EQ(done->calls, 2U);
  EXPECT_EQ(done->queues, 1U);
  EXPECT_TRUE(done->score.wrong.empty());
}

TEST_F(EvaluateTest, names_file_and_line_of_a_row_that_cannot_be_read) {
  write("calls.csv.gz", kCalls + "2020-03-02,1,sales,a,0,32400,-10,AGENT,32410,32500,A1\n");
  const auto done = evaluate(folder_, {});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, ErrorKind::invalid_input);
  EXPECT_THAT(done.error().what, HasSubstr("calls.csv.gz:2: wait"));
}

TEST_F(EvaluateTest, refuses_days_that_go_back_and_columns_that_are_missing) {
  write("agents.csv.gz", kAgents + "2020-03-02,1,A1,sales,LOGIN,x\n2020-03-01,1,A1,sales,LOGIN,x\n");
  EXPECT_THAT(evaluate(folder_, {}).error().what, HasSubstr("agents.csv.gz:3: the date goes back"));
  write("agents.csv.gz", "date,time,agent\n");
  EXPECT_THAT(evaluate(folder_, {}).error().what, HasSubstr("queue"));
}

TEST_F(EvaluateTest, tells_which_file_is_missing) {
  std::filesystem::remove(folder_ / "agents.csv.gz");
  EXPECT_THAT(evaluate(folder_, {}).error().what, HasSubstr("agents.csv.gz"));
}

TEST_F(EvaluateTest, tells_of_a_truth_without_days) {
  write("truth.json", R"({"incidents": []})");
  EXPECT_THAT(evaluate(folder_, {}).error().what, HasSubstr("days"));
}

Day day_of(std::vector<CallRow> calls, std::vector<AgentRow> agents) {
  return {to_date("2020-03-02").value(), std::move(calls), std::move(agents)};
}

std::vector<std::string> kinds(const std::vector<pbx::CallEvent>& events) {
  std::vector<std::string> out;
  for (const auto& e : events) out.emplace_back(pbx::kind_name(e.body));
  return out;
}

TEST(EvaluateEvents, a_call_over_midnight_ends_with_the_next_days_events) {
  EvaluateEvents maker(AgentView::none, 0, 1);
  std::vector<pbx::CallEvent> events;
  maker.day(day_of({{"1", "sales", "", 86390s, 20s, 0s, false}}, {}), events);
  EXPECT_EQ(kinds(events).back(), "queue_joined");
  events.clear();
  maker.rest(events);
  EXPECT_EQ(kinds(events), (std::vector<std::string>{"queue_abandoned", "queue_left"}));
}

TEST(EvaluateEvents, pauses_are_left_out_where_only_log_ins_are_told) {
  const Day day = day_of({}, {{"A1", "sales", 100s, AgentVerb::login}, {"A1", "sales", 200s, AgentVerb::pause}});
  std::vector<pbx::CallEvent> full, login;
  EvaluateEvents(AgentView::full, 0, 1).day(day, full);
  EvaluateEvents(AgentView::login_only, 0, 1).day(day, login);
  EXPECT_EQ(std::ranges::count(kinds(full), "member_state"), 2);
  EXPECT_EQ(std::ranges::count(kinds(login), "member_state"), 1);
}

TEST(EvaluateEvents, the_same_seed_shows_the_same_people_falsely_ready) {
  std::vector<AgentRow> rows;
  for (int i = 0; i < 400; ++i)
    rows.push_back({"A" + std::to_string(i), "sales", std::chrono::seconds(i), AgentVerb::login});
  const auto members = [&](uint64_t seed) {
    std::vector<pbx::CallEvent> events;
    EvaluateEvents(AgentView::full, 0.1, seed).day(day_of({}, rows), events);
    return std::ranges::count(kinds(events), "member_state");
  };
  EXPECT_EQ(members(7), members(7));
  EXPECT_NEAR(static_cast<double>(members(7)), 420, 15) << "half of a tenth have a second member; seed 7";
}

Truth truth_of(const std::string& kind) {
  const auto d = to_date("2020-03-02").value();
  return {"own", 10, {{kind, "sales", d, d, 1000s, 2000s, 2100s}}};
}

TEST(EvaluateScore, merges_alarms_within_half_an_hour_and_takes_the_first_as_the_cause) {
  const auto d = to_date("2020-03-02").value();
  const Score s = score(
      truth_of("hp_hold_300"),
      {{d, 1100s, "sales", incidents::Kind::dead_queue}, {d, 1200s, "sales", incidents::Kind::artificial_hold}}, {});
  ASSERT_EQ(s.kinds.size(), 1U);
  EXPECT_EQ(s.kinds[0].found, 1U);
  EXPECT_EQ(s.kinds[0].delays[0], 100s);
  EXPECT_EQ(s.kinds[0].right, 0U);
  EXPECT_TRUE(s.wrong.empty());
}

TEST(EvaluateScore, an_alarm_elsewhere_is_false_and_one_in_the_aftermath_is_neither) {
  const auto d = to_date("2020-03-02").value();
  const Score s = score(truth_of("aht"),
                        {{d, 3000s, "sales", incidents::Kind::handling_time},
                         {d, 20000s, "sales", incidents::Kind::handling_time},
                         {d, 1500s, "other", incidents::Kind::handling_time}},
                        {});
  EXPECT_EQ(s.kinds[0].found, 0U);
  EXPECT_EQ(s.neutral, 1U);
  EXPECT_EQ(s.wrong.size(), 2U);
}

TEST(EvaluateScore, an_alarm_that_stands_when_the_incident_begins_does_not_find_it) {
  const auto d = to_date("2020-03-02").value();
  const Score s = score(
      truth_of("surge"),
      {{d, 900s, "sales", incidents::Kind::arrival_surge}, {d, 1100s, "sales", incidents::Kind::arrival_surge}}, {});
  EXPECT_EQ(s.kinds[0].found, 0U);
  EXPECT_EQ(s.neutral, 1U);
}

}  // namespace
}  // namespace hf::app
