#include "agent/rules/text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hal/platform/nearest.hpp"

namespace hf::rules {
namespace {

using namespace std::chrono_literals;

const Names kNames{{{"printers", "Printer help"}, {"sales", ""}}, {{"5550101", "Support"}, {"5550102", ""}}, {}};

RuleText good(std::string_view text) {
  auto read = read_text(text, &kNames);
  EXPECT_TRUE(read) << text << ": " << to_text(read.error());
  return read.value_or(RuleText{});
}

std::string bad(std::string_view text) {
  const auto read = read_text(text, &kNames);
  return read ? "reads" : to_text(read.error());
}

TEST(RuleLanguage, reads_a_wait_beside_free_agents) {
  const RuleText rule = good("wait.p50 of printers over 15 min > 2 min while free_agents >= 1");
  ASSERT_EQ(rule.when.kind, Node::Kind::all);
  ASSERT_EQ(rule.when.parts.size(), 2u);
  const Comparison& wait = rule.when.parts[0].comparison;
  EXPECT_EQ(wait.measure, Measure::wait_p50);
  EXPECT_EQ(wait.name, "printers");
  EXPECT_EQ(wait.over, 15min);
  EXPECT_EQ(wait.threshold, 120);
  EXPECT_EQ(rule.when.parts[1].comparison.measure, Measure::free_agents);
  EXPECT_EQ(rule.when.parts[1].comparison.whose, Whose::before) << "of the same queue";
  EXPECT_EQ(rule.hold, 0s);
}

TEST(RuleLanguage, reads_durations_shares_and_what_must_stand_for_a_while) {
  const RuleText rule = good("abandoned.share of sales over 30 min > 10 % for 5 min clear < 5 % for 10 min");
  EXPECT_DOUBLE_EQ(rule.when.comparison.threshold, 0.1);
  EXPECT_EQ(rule.hold, 5min);
  ASSERT_TRUE(rule.clear);
  EXPECT_EQ(rule.clear->comparison.measure, Measure::abandoned_share);
  EXPECT_DOUBLE_EQ(rule.clear->comparison.threshold, 0.05);
  EXPECT_EQ(rule.clear->comparison.op, Op::under);
  EXPECT_EQ(rule.clear_hold, 10min);
}

TEST(RuleLanguage, reads_a_service_level_with_its_formula) {
  const Comparison c = good("service_level(20 s, negative) of sales over 60 min < 80 %").when.comparison;
  EXPECT_EQ(c.within, 20s);
  EXPECT_EQ(c.formula, Formula::negative);
  EXPECT_EQ(c.over, 1h);
}

TEST(RuleLanguage, reads_any_queue_as_one_state_for_each) {
  EXPECT_EQ(good("longest_wait of any queue > 10 min").instances, Whose::any_queue);
  EXPECT_EQ(good("longest_wait of any line > 10 min").instances, Whose::any_line);
  EXPECT_EQ(good("longest_wait of sales > 10 min").instances, Whose::before);
}

TEST(RuleLanguage, reads_labels_numbers_and_names_in_quotes) {
  EXPECT_EQ(good("waiting of line 5550101 > 3").when.comparison.name, "5550101");
  EXPECT_EQ(good("waiting of \"printer HELP\" > 3").when.comparison.name, "printer HELP");
  EXPECT_EQ(bad("waiting of queue support > 3"), "column 18: unknown queue 'support'") << "a line's label is no queue's";
}

TEST(RuleLanguage, reads_a_factor_of_what_is_usual) {
  const RuleText rule = good("arrivals of sales over 30 min > 1.5 x usual while wait.mean > 2x usual clear < 1.2 x usual");
  const Comparison& arrivals = rule.when.parts[0].comparison;
  EXPECT_TRUE(arrivals.usual);
  EXPECT_DOUBLE_EQ(arrivals.threshold, 1.5);
  EXPECT_TRUE(rule.when.parts[1].comparison.usual);
  EXPECT_TRUE(rule.clear->comparison.usual);
  EXPECT_FALSE(good("arrivals of sales > 15").when.comparison.usual);
}

TEST(RuleLanguage, tells_where_a_comparison_with_the_usual_is_wrong) {
  EXPECT_EQ(bad("arrivals of sales > 1.5 x usuel"), "column 27: \"usual\" is expected after x 'usuel': did you mean usual?");
  EXPECT_EQ(bad("wait.p50 of sales > 2 x usual"), "column 21: nothing is known to be usual for it 'wait.p50': did you mean wait.mean?");
  EXPECT_EQ(bad("free_agents of sales < 2 x usual"), "column 24: nothing is known to be usual for it 'free_agents'");
  EXPECT_EQ(bad("arrivals of sales > 50 x usual"), "column 21: a factor takes 0.05 to 20 '50'");
  EXPECT_EQ(bad("arrivals of sales > 2 x usual clear < 10"), "column 37: would clear while it still fires '<'");
  EXPECT_EQ(bad("arrivals of sales > 2 x usual clear < 3 x usual"), "column 37: would clear while it still fires '<'");
}

TEST(RuleLanguage, binds_and_tighter_than_or) {
  const RuleText rule = good("waiting of sales > 3 or waiting of sales > 1 and free_agents < 1");
  ASSERT_EQ(rule.when.kind, Node::Kind::any);
  EXPECT_EQ(rule.when.parts[1].kind, Node::Kind::all);
  EXPECT_EQ(good("not (waiting of sales > 3 or free_agents < 1)").when.kind, Node::Kind::negated);
}

TEST(RuleLanguage, tells_place_and_suggestion_of_a_wrong_word) {
  EXPECT_EQ(bad("wait.p5 of printers > 2 min"), "column 1: unknown measure 'wait.p5': did you mean wait.p50?");
  EXPECT_EQ(bad("wait.p50 of pritners > 2 min"), "column 13: unknown queue or line 'pritners': did you mean printers?");
  EXPECT_EQ(bad("wait.p50 of line 5550110 > 2 min"), "column 18: unknown line '5550110': did you mean 5550101?");
  EXPECT_EQ(bad("waiting of \"Printer halp\" > 2"), "column 12: unknown queue or line 'Printer halp': did you mean \"Printer help\"?");
  EXPECT_EQ(bad("wait.p50 of sales > 2 min wile free_agents >= 1"), "column 27: not expected here 'wile': did you mean while?");
  EXPECT_EQ(bad("service_level(20 s, negtive) of sales < 80 %"), "column 21: unknown formula 'negtive': did you mean negative?");
}

TEST(RuleLanguage, refuses_units_that_do_not_fit) {
  EXPECT_EQ(bad("wait.p50 of sales > 2"), "column 22: a time such as 2 min is expected: did you mean 2 min?");
  EXPECT_EQ(bad("abandoned.share of sales > 10"), "column 30: a percentage such as 10 % is expected: did you mean 10 %?");
  EXPECT_EQ(bad("waiting of sales > 10 min"), "column 23: a number without unit is expected 'min': did you mean 10?");
  EXPECT_EQ(bad("longest_wait of sales over 5 min > 10 min"), "column 23: looks at this moment: leave out \"over\" 'over'");
  EXPECT_EQ(bad("wait.p50 of sales over 5 h > 10 min"), "column 24: \"over\" takes 1 min to 4 h '5'");
}

TEST(RuleLanguage, refuses_what_could_not_work) {
  EXPECT_EQ(bad("wait.p50 > 2 min"), "column 10: say whose: \"of\" and a queue or line '>': did you mean of any queue?");
  EXPECT_EQ(bad("waiting of any queue > 1 and waiting of any line > 1"), "column 45: only one of \"any queue\" and \"any line\" in a rule 'line'");
  EXPECT_EQ(bad("waiting of sales > 5 clear > 3"), "column 28: would clear while it still fires '>'");
  EXPECT_EQ(bad("waiting of sales > 5 clear < 8"), "column 28: would clear while it still fires '<'");
  EXPECT_EQ(bad("waiting of sales > 5 for 5 h"), "column 22: \"for\" takes at most 4 h 'for'");
  EXPECT_EQ(bad(""), "column 1: a measure is expected");
  EXPECT_EQ(bad("(waiting of sales > 5"), "column 22: a closing bracket is expected");
  EXPECT_EQ(bad("waiting of \"sales > 5"), "column 12: cannot be read '\"sales > 5'");
}

TEST(RuleLanguage, bounds_length_depth_and_number) {
  EXPECT_THAT(bad(std::string(501, ' ')), ::testing::HasSubstr("longer than 500 bytes"));
  EXPECT_THAT(bad(std::string(20, '(') + "waiting of sales > 1"), ::testing::HasSubstr("inside each other"));
  std::string many = "waiting of sales > 1";
  for (int i = 0; i < 12; ++i) many += " or waiting > 1";
  EXPECT_THAT(bad(many), ::testing::HasSubstr("more than 12 comparisons"));
}

TEST(RuleLanguage, takes_any_name_where_the_site_is_not_known) {
  EXPECT_TRUE(read_text("waiting of nowhere > 1", nullptr));
}

TEST(Suggestion, counts_a_swap_of_neighbours_as_one_edit) {
  EXPECT_EQ(edits("pritners", "printers"), 1u);
  EXPECT_EQ(edits("", "abc"), 3u);
  EXPECT_EQ(edits("Sales", "sALES"), 0u);
}

TEST(Suggestion, says_nothing_when_nothing_is_near) {
  EXPECT_EQ(nearest("weather", {"wait.p50", "sales"}), "");
  EXPECT_EQ(nearest("sale", {"printers", "sales"}), "sales");
}

}  // namespace
}  // namespace hf::rules
