// The catalogue says what a source can show, and every signal reads something.
#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "floor.hpp"

namespace hf::detect {
namespace {

using testing::SizeIs;

std::vector<Reading> of(const std::vector<Reading>& all, std::string_view signal) {
  std::vector<Reading> some;
  for (const Reading& r : all)
    if (r.signal == signal) some.push_back(r);
  return some;
}

std::vector<Reading> now(const Floor& floor, double s) { return floor.detector.readings(Floor::time(s), floor.tracker); }

TEST(Catalogue, names_the_signatures_of_an_imposed_hold_that_a_box_can_meet) {
  std::set<std::string> named;
  for (const SignalInfo& s : catalogue()) {
    std::string_view rest = s.signatures;
    while (!rest.empty()) {
      const size_t end = std::min(rest.find(' '), rest.size());
      named.insert(std::string(rest.substr(0, end)));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  for (int h = 1; h <= 27; ++h) {
    if (h == 20) continue;  // the same delay at several sites: seen where sites are compared
    EXPECT_TRUE(named.contains("H" + std::to_string(h))) << h;
  }
}

TEST(Catalogue, says_not_visible_where_the_source_cannot_show_a_signal) {
  const auto readings = complete({}, pbx::SourceUp{"queue_log", false, false, false});
  EXPECT_THAT(readings, SizeIs(catalogue().size()));
  EXPECT_EQ(of(readings, "held_beside_free").at(0).state, ReadingState::not_visible);
  EXPECT_EQ(of(readings, "constant_wait").at(0).state, ReadingState::unknown);
  EXPECT_EQ(of(complete({}, pbx::SourceUp{"Asterisk", true, true, true}), "held_beside_free").at(0).state, ReadingState::unknown);
}

TEST(Coverage, counts_every_signature_once_and_names_what_is_lacking) {
  const auto all = coverage(pbx::SourceUp{"Asterisk", true, true, true});
  ASSERT_EQ(all.size(), 26u) << "H1 to H27 without H20, which is HQ's";
  for (const Coverage& c : all) EXPECT_EQ(c.seen_by.empty(), c.signature == "H18") << c.signature;
  EXPECT_EQ(all.front().signature, "H1");
  EXPECT_EQ(all.back().signature, "H27");
  const auto records = coverage(pbx::SourceUp{"SMDR", false, false, false, true});
  const auto h4 = std::ranges::find(records, "H4", &Coverage::signature), h12 = std::ranges::find(records, "H12", &Coverage::signature);
  EXPECT_TRUE(h4->seen_by.empty());
  EXPECT_EQ(h4->lacking, kLive);
  EXPECT_EQ(h12->lacking, kChannels | kSteps);
}

TEST(Catalogue, no_source_shows_a_survey) {
  const pbx::SourceUp all{"Asterisk", true, true, true};
  EXPECT_EQ(of(complete({}, all), "survey").at(0).state, ReadingState::not_visible);
}

TEST(Catalogue, records_of_calls_that_are_over_show_constant_waits_and_nobody_who_waits) {
  const auto readings = complete({}, pbx::SourceUp{"SMDR", false, false, false, true});
  EXPECT_EQ(of(readings, "constant_wait").at(0).state, ReadingState::unknown);
  EXPECT_EQ(of(readings, "held_in_queue").at(0).state, ReadingState::not_visible);
}

TEST(Catalogue, a_reading_goes_from_quiet_to_standing_with_its_cases) {
  Floor floor;
  floor.agents("support", 1001, 1004);
  floor.calls(8, 0, "5550101", "support", "PJSIP/1001");
  const auto before = of(now(floor, 500), "held_beside_free");
  ASSERT_THAT(before, SizeIs(1));
  EXPECT_EQ(before[0].line, "5550101");
  EXPECT_EQ(before[0].sample_size, 8u);
  EXPECT_EQ(before[0].state, ReadingState::quiet);
  for (int i = 0; i < 3; ++i) floor.at(600 + 10 * i), floor.arrive("h" + std::to_string(i), "5550101");
  floor.at(660);
  EXPECT_EQ(of(now(floor, 660), "held_beside_free").at(0).state, ReadingState::watching);
  floor.at(800);
  const auto after = of(now(floor, 800), "held_beside_free").at(0);
  EXPECT_EQ(after.state, ReadingState::standing);
  EXPECT_GE(*after.value, *after.baseline);
}

TEST(Catalogue, a_number_that_is_none_is_left_out) {
  Reading r;
  r.signal = "constant_wait", r.value = std::numeric_limits<double>::quiet_NaN();
  const auto readings = complete({r}, pbx::SourceUp{});
  EXPECT_FALSE(of(readings, "constant_wait").at(0).value);
}

TEST(Catalogue, figures_need_what_they_rest_on) {
  const auto lacking = [](const pbx::SourceUp& source, std::string_view metric, bool surveys = false) {
    for (const MetricCoverage& m : metric_coverage(source, surveys))
      if (m.metric == metric) return m.lacking;
    return Needs{0xff};
  };
  const pbx::SourceUp all{"Asterisk", true, true, true}, log{"queue_log", false, false, false}, records{"SMDR", false, false, false, true};
  EXPECT_EQ(lacking(all, "avoidable_wait"), 0);
  EXPECT_EQ(lacking(log, "avoidable_wait"), kAgents);
  EXPECT_EQ(lacking(log, "caller_wait"), kChannels);
  EXPECT_EQ(lacking(records, "caller_wait"), 0) << "a record has the whole wait";
  EXPECT_EQ(lacking(records, "waiting_now"), kLive);
  EXPECT_EQ(lacking(all, "surveys"), kSurvey);
  EXPECT_EQ(lacking(log, "surveys", true), 0);
}

TEST(Catalogue, surveys_are_seen_once_an_answer_has_come) {
  const pbx::SourceUp log{"queue_log", false, false, false};
  EXPECT_EQ(complete({}, log).size(), complete({}, log, true).size());
  for (const auto& [heard, state] : {std::pair(false, ReadingState::not_visible), std::pair(true, ReadingState::unknown)})
    for (const Reading& r : complete({}, log, heard))
      if (r.signal == "survey") {
        EXPECT_EQ(r.state, state);
      }
}

}  // namespace
}  // namespace hf::detect
