#include "agent/rules/book.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/rules/floor.hpp"

namespace hf::rules {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

TEST(Rules, fire_on_a_wait_that_is_still_being_waited) {
  Floor f;
  f.open(2);
  f.set("wait.p50 of support over 5 min > 2 min while free_agents >= 1");
  f.advance(300);
  for (int i = 0; i < 6; ++i) f.arrive(301 + i, std::to_string(i));
  f.advance(420);
  EXPECT_TRUE(f.told.empty()) << "nobody has waited for two minutes yet";
  f.advance(440);
  ASSERT_EQ(f.told.size(), 1u);
  EXPECT_EQ(f.told[0].place.id, "support");
  EXPECT_TRUE(f.told[0].paged);
  EXPECT_LE(Floor::at(f.told[0].opened), 440);
  ASSERT_EQ(f.told[0].values.size(), 2u);
  EXPECT_TRUE(f.told[0].values[0].at_least) << "they still wait";
  EXPECT_GT(*f.told[0].values[0].value, 120);
  EXPECT_EQ(*f.told[0].values[1].value, 2) << "both agents free";
}

struct Tenfold {  // ten calls a minute are usual in support, nothing is known of others
  std::optional<double> operator()(Measure measure, const Place& place, Time from, Time to) const {
    if (place.id != "support" || unknown) return std::nullopt;
    return measure == Measure::arrivals ? seconds(to - from) / 6 : 2;
  }
  bool unknown = false;
};

TEST(Rules, compare_with_what_is_usual) {
  Floor f;
  Tenfold usual;
  f.what_is_usual = std::ref(usual);
  f.open(2);
  f.set("arrivals of support over 5 min > 1.5 x usual");
  f.set("arrivals of support over 5 min > 0.5 x usual", Mode::active, "r2");
  for (int i = 0; i < 50; ++i) f.arrive(1 + 6 * i, std::to_string(i));
  f.advance(310);
  EXPECT_EQ(f.instance("r1").truth, Truth::no) << "50 of 50: as usual";
  EXPECT_EQ(f.instance("r2").truth, Truth::yes);
  for (int i = 50; i < 150; ++i) f.arrive(311 + 2.8 * (i - 50), std::to_string(i));
  f.advance(610);
  EXPECT_EQ(f.instance("r1").truth, Truth::yes) << "100 of 50";
  EXPECT_EQ(f.told.back().rule, "r1");
}

TEST(Rules, are_unknown_where_nothing_is_usual_yet) {
  Floor f;
  Tenfold usual;
  f.what_is_usual = std::ref(usual), usual.unknown = true;
  f.open(2);
  f.set("arrivals of support over 5 min < 0.5 x usual");
  f.advance(400);
  EXPECT_EQ(f.instance().truth, Truth::unknown) << "a new box takes no silence for a drought";
  EXPECT_EQ(f.instance().values.at(0).why, Why::no_usual);
  usual.unknown = false, f.advance(420);
  EXPECT_EQ(f.instance().truth, Truth::yes);
  Floor without;
  without.open(2), without.set("waiting of support > 2 x usual"), without.advance(60);
  EXPECT_EQ(without.instance().truth, Truth::unknown);
}

TEST(Rules, are_unknown_without_agent_state_never_false) {
  Floor f;
  f.open(0, false);
  f.set("longest_wait of support > 1 min while free_agents >= 1");
  f.arrive(1, "a");
  f.advance(120);
  EXPECT_TRUE(f.told.empty());
  EXPECT_EQ(f.instance().truth, Truth::unknown);
  EXPECT_EQ(f.instance().values.at(1).why, Why::no_agent_state);
  EXPECT_FALSE(f.instance().values.at(1).value);
}

TEST(Rules, are_unknown_until_the_window_was_seen) {
  Floor f;
  f.open(1);
  f.set("arrivals of support over 10 min < 1");
  f.advance(400);
  EXPECT_EQ(f.instance().truth, Truth::unknown) << "silence before the start is no drought";
  EXPECT_EQ(f.instance().values.at(0).why, Why::not_observed);
  f.advance(700);
  EXPECT_EQ(f.instance().truth, Truth::yes);
}

TEST(Rules, say_nothing_about_a_share_of_four_calls) {
  Floor f;
  f.open(1);
  f.set("abandoned.share of support over 5 min > 10 %");
  f.advance(300);
  for (int i = 0; i < 4; ++i) f.arrive(301, std::to_string(i));
  for (int i = 0; i < 4; ++i) f.hang_up(320, std::to_string(i));
  f.advance(480);
  EXPECT_EQ(f.instance().values.at(0).why, Why::too_few_calls);
  f.arrive(490, "e"), f.hang_up(500, "e");
  f.advance(541);
  ASSERT_EQ(f.told.size(), 1u);
  EXPECT_EQ(f.told[0].values.at(0).value, 1.0);
}

TEST(Rules, wait_for_the_time_they_were_told_and_clear_by_their_own_threshold) {
  Floor f;
  f.open(1);
  f.set("longest_wait of support > 1 min for 2 min clear < 30 s for 1 min");
  f.arrive(5, "a");
  f.advance(185);
  EXPECT_TRUE(f.told.empty());
  f.advance(195);
  ASSERT_EQ(f.told.size(), 1u);
  EXPECT_EQ(Floor::at(f.told[0].opened) - Floor::at(f.told[0].since), 120);
  f.arrive(200, "b");
  f.answer(235, "a");
  f.advance(250);
  EXPECT_TRUE(f.instance().firing) << "b has waited 50 s: under the threshold, over the one that clears";
  f.answer(250, "b");
  f.advance(300);
  EXPECT_TRUE(f.instance().firing) << "a minute has not passed";
  f.advance(320);
  ASSERT_EQ(f.told.size(), 2u);
  EXPECT_EQ(f.told[1].id, f.told[0].id);
  EXPECT_EQ(f.told[1].ended, Ended::cleared);
}

TEST(Rules, in_shadow_or_maintenance_page_nobody_and_are_kept) {
  Floor f;
  f.open(1);
  f.set("longest_wait of support > 1 min", Mode::shadow);
  Rule quiet;
  quiet.id = "r2", quiet.name = "quiet", quiet.text = "longest_wait of support > 1 min", quiet.mode = Mode::active;
  quiet.maintenance = {{0, 0, 0, metrics::at(0), metrics::at(200)}};
  f.act(SetRule{quiet});
  f.arrive(5, "a");
  f.advance(100);
  ASSERT_EQ(f.told.size(), 2u);
  EXPECT_TRUE(f.told[0].shadow);
  EXPECT_FALSE(f.told[0].paged);
  EXPECT_FALSE(f.told[1].paged);
  f.advance(210);
  ASSERT_EQ(f.told.size(), 3u) << "the window is over and it still stands";
  EXPECT_EQ(f.told[2].rule, "r2");
  EXPECT_EQ(Floor::at(*f.told[2].paged), 200);
}

TEST(Rules, come_back_when_a_snooze_expires) {
  Floor f;
  f.open(1);
  f.set("longest_wait of support > 1 min");
  f.act(SnoozeRule{"r1", metrics::at(300)});
  f.arrive(5, "a");
  f.advance(290);
  EXPECT_FALSE(f.told.at(0).paged);
  f.advance(301);
  EXPECT_TRUE(f.told.back().paged);
  const auto too_long = f.book.check({1, "mia", SnoozeRule{"r1", f.now + 25h}}, f.now);
  ASSERT_FALSE(too_long);
  EXPECT_EQ(too_long.error().kind, ErrorKind::invalid_input);
}

TEST(Rules, follow_weekly_maintenance_by_the_sites_clock_through_the_night) {
  Floor f;
  calls::SiteModel model;
  model.time_zone = "Europe/Berlin";
  f.book.set_site_model(model);
  Rule rule;
  rule.mode = Mode::active;
  rule.maintenance = {{1 << 0, 22 * 60, 6 * 60, {}, {}}};  // Monday 22:00 to Tuesday 06:00
  const Time monday = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23);
  EXPECT_EQ(f.book.quiet(rule, monday + 20h + 59min), Quiet::no);
  EXPECT_EQ(f.book.quiet(rule, monday + 21h), Quiet::maintenance) << "22:00 in Berlin";
  EXPECT_EQ(f.book.quiet(rule, monday + 28h + 59min), Quiet::maintenance);
  EXPECT_EQ(f.book.quiet(rule, monday + 29h), Quiet::no);
  EXPECT_EQ(f.book.quiet(rule, monday - 1h), Quiet::no) << "Sunday's night is another";
}

TEST(Rules, of_any_queue_have_a_state_at_each) {
  Floor f;
  f.open(1);
  f.set("longest_wait of any queue > 1 min");
  f.say(1, "queue_seen queue=sales");
  f.arrive(5, "a");
  f.advance(130);
  ASSERT_EQ(f.told.size(), 1u);
  EXPECT_EQ(f.told[0].place.id, "support");
}

TEST(Rules, end_what_they_said_when_they_change_or_go) {
  Floor f;
  f.open(1);
  f.set("longest_wait of support > 1 min");
  f.arrive(5, "a");
  f.advance(100);
  f.set("longest_wait of support > 5 min");
  ASSERT_EQ(f.told.size(), 2u);
  EXPECT_EQ(f.told[1].ended, Ended::changed);
  EXPECT_EQ(f.book.rules().at("r1").revision, 2u);
  f.advance(400);
  f.act(DeleteRule{"r1"});
  EXPECT_EQ(f.told.back().ended, Ended::deleted);
  EXPECT_FALSE(f.book.next_deadline()) << "no rule, no work";
}

TEST(Rules, end_what_can_no_longer_be_measured_after_half_an_hour) {
  Floor f;
  f.open(1);
  f.set("longest_wait of support > 1 min");
  f.arrive(5, "a");
  f.advance(100);
  f.say(110, "source_down reason=test");
  f.advance(110 + 29 * 60);
  EXPECT_TRUE(f.instance().firing) << "a lost source does not clear";
  f.advance(130 + 30 * 60);
  EXPECT_EQ(f.told.back().ended, Ended::unmeasured);
}

TEST(Rules, are_the_same_bytes_after_saving_and_loading_and_however_time_is_cut) {
  const auto live = [](Floor& f, double step) {
    f.open(1);
    f.set("wait.p50 of support over 5 min > 1 min");
    f.set("longest_wait of any line > 1 min for 1 min", Mode::shadow, "r2");
    for (int i = 0; i < 8; ++i) f.arrive(10 + i, std::to_string(i));
    for (double t = 20; t < 500; t += step) f.advance(t);
    f.advance(500);
    StateSaver saver;
    f.book.save(saver);
    return saver.bytes;
  };
  Floor one, many;
  const std::string bytes = live(one, 480), again = live(many, 7);
  EXPECT_EQ(bytes, again);
  Book loaded("");
  StateLoader loader(bytes);
  ASSERT_TRUE(loaded.load(loader));
  StateSaver saver;
  loaded.save(saver);
  EXPECT_EQ(saver.bytes, bytes);
  EXPECT_EQ(loaded.next_deadline(), one.book.next_deadline());
}

TEST(DeclaredChanges, watch_their_guardrails_from_the_first_minute_to_the_last) {
  Floor f;
  f.open(1);
  DeclaredChange change;
  change.id = "c1", change.name = "two minutes of music", change.subject = "support", change.declared_by = "mia";
  change.from = metrics::at(60), change.to = metrics::at(600), change.guardrails = {"longest_wait of support > 1 min"};
  f.arrive(1, "a");
  f.act(SetChange{change});
  f.advance(69);
  ASSERT_EQ(f.told.size(), 0u) << "the wait is 68 s, yet asked at 60 s it was 59";
  f.advance(80);
  ASSERT_EQ(f.told.size(), 1u);
  EXPECT_EQ(f.told[0].rule, "c1.g1");
  EXPECT_EQ(f.told[0].role, Role::guardrail);
  EXPECT_EQ(f.told[0].severity, Severity::critical);
  EXPECT_TRUE(f.told[0].paged);
  f.advance(700);
  EXPECT_EQ(f.told.back().ended, Ended::over);
  EXPECT_FALSE(f.book.next_deadline());
}

TEST(DeclaredChanges, are_declared_before_they_begin_and_not_changed_afterwards) {
  Floor f;
  DeclaredChange change;
  change.id = "c1", change.subject = "support", change.from = f.now - 1h, change.to = f.now + 1h;
  const auto late = f.book.check({1, "mia", SetChange{change}}, f.now);
  ASSERT_FALSE(late);
  EXPECT_THAT(late.error().what, HasSubstr("before it begins"));
  change.from = f.now;
  f.act(SetChange{change});
  EXPECT_EQ(f.book.check({1, "mia", SetChange{change}}, f.now).error().kind, ErrorKind::denied);
  f.now += 10min;
  f.act(EndChange{"c1"});
  EXPECT_EQ(f.book.changes().at("c1").to, f.now) << "what began stays on record";
}

TEST(Hypotheses, are_watched_in_shadow) {
  Floor f;
  f.open(1);
  Hypothesis h;
  h.id = "h1", h.name = "long waits first", h.signal = "longest_wait of support > 1 min", h.target = "incident:artificial_hold", h.lead_max = 30min;
  f.act(SetHypothesis{h});
  f.arrive(5, "a");
  f.advance(100);
  ASSERT_EQ(f.told.size(), 1u);
  EXPECT_EQ(f.told[0].rule, "h1.signal");
  EXPECT_TRUE(f.told[0].shadow);
  f.act(DeleteHypothesis{"h1"});
  EXPECT_TRUE(f.book.rules().empty());
}

// The history grew for as long as the agent ran: nobody took the old minutes away.
TEST(Rules, look_back_four_hours_and_keep_no_more) {
  Floor floor;
  floor.open(1);
  const auto size_after = [&floor](int from, int to) {
    for (int n = from; n < to; ++n) {
      const std::string id = std::to_string(n);
      floor.arrive(n * 60 + 5, id), floor.answer(n * 60 + 8, id), floor.hang_up(n * 60 + 20, id);
    }
    StateSaver saver;
    floor.book.save(saver);
    return saver.bytes.size();
  };
  const size_t after_five_hours = size_after(0, 300);
  EXPECT_GT(after_five_hours, 240U * 50);
  EXPECT_NEAR(static_cast<double>(size_after(300, 900)), static_cast<double>(after_five_hours), 500.0);
}

TEST(Rules, are_bounded_in_number) {
  Floor f;
  for (size_t i = 1; i <= kMaxRules; ++i) f.set("waiting of support > 1", Mode::off, "r" + std::to_string(i));
  Rule more;
  more.id = f.book.next_id('r'), more.text = "waiting of support > 1";
  EXPECT_EQ(more.id, "r101");
  EXPECT_EQ(f.book.check({1, "mia", SetRule{more}}, f.now).error().kind, ErrorKind::denied);
}

}  // namespace
}  // namespace hf::rules
