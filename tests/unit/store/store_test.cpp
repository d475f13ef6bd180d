#include "agent/store/store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "agent/store/zero_runs.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using namespace std::chrono_literals;

constexpr Time kMidnight = std::chrono::sys_days(std::chrono::year(2026) / 11 / 26);

metrics::Minute minute(Time start, uint32_t answered = 1, const std::string& id = "sales") {
  metrics::Minute m;
  m.scope = metrics::Scope::queue, m.id = id, m.start = start, m.observed_seconds = 60;
  m.offered = m.answered = answered;
  for (uint32_t i = 0; i < answered; ++i) m.answered_waits.add(7s);
  return m;
}

calls::Call call(Time arrived, const std::string& id, const std::string& line = "5550101") {
  calls::Call c;
  c.id = id, c.line = line, c.arrived = arrived, c.ended = arrived + 60s, c.outcome = calls::Outcome::answered;
  c.stints.push_back({"sales", arrived, arrived + 5s, calls::StintEnd::answered});
  return c;
}

incidents::Incident incident(const std::string& id, Time onset, uint32_t revision = 1) {
  incidents::Incident i;
  i.id = id, i.kind = incidents::Kind::artificial_hold, i.onset = onset, i.revision = revision, i.lines = {"5550101"};
  i.evidence.push_back({"held_beside_free", {{"callers", 14}}, 14, onset});
  return i;
}

class StoreTest : public ::testing::Test {
 protected:
  Store open() {
    auto store = Store::open(file_);
    EXPECT_TRUE(store) << store.error().what;
    return std::move(*store);
  }
  template <class T>
  static void put(Store& store, const std::vector<T>& rows, uint64_t sequence = 1) {
    Derived derived;
    if constexpr (std::is_same_v<T, metrics::Minute>) derived.minutes = rows;
    if constexpr (std::is_same_v<T, calls::Call>) derived.calls = rows;
    if constexpr (std::is_same_v<T, calls::AgentInterval>) derived.agents = rows;
    if constexpr (std::is_same_v<T, incidents::Incident>) derived.incidents = rows;
    auto done = store.apply({9, sequence, "core 1"}, derived);
    EXPECT_TRUE(done) << done.error().what;
  }
  static std::vector<metrics::Minute> minutes(Store& store, Time from, Time to, std::chrono::minutes step = 1min) {
    auto found = store.minutes({metrics::Scope::queue, "sales", from, to, step});
    EXPECT_TRUE(found) << found.error().what;
    return found ? *found : std::vector<metrics::Minute>{};
  }

  const test::TempFolder folder_;
  const Path file_ = folder_ / "derived.db";
};

TEST_F(StoreTest, sums_of_surveys_take_the_place_of_those_before) {
  Store store = open();
  metrics::SurveySum csat;
  csat.queue = "sales", csat.start = kMidnight, csat.question = pbx::SurveyQuestion::csat, csat.low = 1, csat.high = 5, csat.answers = 1, csat.sum = 4;
  metrics::SurveySum later = csat, other = csat;
  later.answers = 2, later.sum = 9, other.high = 7;
  Derived derived;
  for (const auto& one : {csat, other, later}) {
    derived.surveys = {&one, 1};
    ASSERT_TRUE(store.apply({9, 1, "core 1"}, derived));
  }
  EXPECT_THAT(store.surveys(kMidnight, kMidnight + 15min).value(), ElementsAre(later, other));
  EXPECT_THAT(store.surveys(kMidnight + 15min, kMidnight + 24h).value(), IsEmpty());
  EXPECT_TRUE(store.tidy(kMidnight + std::chrono::days(1300), {}));
  EXPECT_THAT(store.surveys(kMidnight, kMidnight + 15min).value(), IsEmpty());
}

TEST_F(StoreTest, sums_of_how_calls_sounded_take_the_place_of_those_before) {
  Store store = open();
  metrics::VoiceSum one;
  one.queue = "sales", one.start = kMidnight, one.listeners = 1, one.mos_lq = one.worst_mos_lq = 441;
  metrics::VoiceSum later = one, other = one;
  later.listeners = 2, later.mos_lq = 700, later.worst_mos_lq = 259, other.queue = "";
  Derived derived;
  for (const auto& sum : {one, other, later}) {
    derived.voice = {&sum, 1};
    ASSERT_TRUE(store.apply({9, 1, "core 1"}, derived));
  }
  EXPECT_THAT(store.voice(kMidnight, kMidnight + 15min).value(), ElementsAre(other, later));
  EXPECT_THAT(store.voice(kMidnight + 15min, kMidnight + 24h).value(), IsEmpty());
  EXPECT_TRUE(store.tidy(kMidnight + std::chrono::days(1300), {}));
  EXPECT_THAT(store.voice(kMidnight, kMidnight + 15min).value(), IsEmpty());
}

TEST_F(StoreTest, knows_what_it_holds_after_a_restart) {
  {
    auto store = open();
    EXPECT_EQ(store.applied()->sequence, 0u);
    put<metrics::Minute>(store, {minute(kMidnight)}, 42);
  }
  auto store = open();
  EXPECT_EQ(*store.applied(), (Applied{9, 42, "core 1"}));
  EXPECT_THAT(minutes(store, kMidnight, kMidnight + 1min), ElementsAre(minute(kMidnight)));
}

TEST_F(StoreTest, a_minute_is_replaced_by_a_later_revision_only) {
  auto store = open();
  auto late = minute(kMidnight, 3);
  late.revision = 2;
  put<metrics::Minute>(store, {minute(kMidnight, 1)});
  put<metrics::Minute>(store, {late});
  put<metrics::Minute>(store, {minute(kMidnight, 1)});
  EXPECT_THAT(minutes(store, kMidnight, kMidnight + 1h), ElementsAre(late));
}

TEST_F(StoreTest, minutes_merge_into_steps_and_gaps_stay_gaps) {
  auto store = open();
  put<metrics::Minute>(store, {minute(kMidnight, 1), minute(kMidnight + 14min, 2), minute(kMidnight + 15min, 4), minute(kMidnight + 50min, 8)});
  const auto quarters = minutes(store, kMidnight, kMidnight + 1h, 15min);
  ASSERT_THAT(quarters, SizeIs(3));
  EXPECT_EQ(quarters[0].answered, 3u);
  EXPECT_EQ(quarters[0].observed_seconds, 120u);
  EXPECT_EQ(quarters[1].start, kMidnight + 15min);
  EXPECT_EQ(quarters[2].start, kMidnight + 45min);
  EXPECT_EQ(quarters[2].answered, 8u);
  EXPECT_THAT(minutes(store, kMidnight + 1min, kMidnight + 15min), SizeIs(1)) << "the end is not part of the range";
}

TEST_F(StoreTest, queues_and_lines_of_the_same_name_are_two) {
  auto store = open();
  auto line = minute(kMidnight, 5);
  line.scope = metrics::Scope::line;
  put<metrics::Minute>(store, {minute(kMidnight, 1), line, minute(kMidnight, 1, "support"), minute(kMidnight + 1min, 1, "support")});
  EXPECT_EQ(minutes(store, kMidnight, kMidnight + 1h).front().answered, 1u);
  EXPECT_THAT(store.ids(metrics::Scope::queue).value(), ElementsAre("sales", "support"));
  EXPECT_THAT(store.ids(metrics::Scope::line).value(), ElementsAre("sales"));
}

TEST_F(StoreTest, gives_the_waits_of_a_range_as_one_histogram) {
  auto store = open();
  put<metrics::Minute>(store, {minute(kMidnight, 2), minute(kMidnight + 1min, 3), minute(kMidnight + 2h, 100)});
  const auto waits = store.answered_waits(metrics::Scope::queue, "sales", kMidnight, kMidnight + 1h);
  EXPECT_EQ(waits->count(), 5u);
  EXPECT_EQ(waits->bins[metrics::WaitHistogram::bin_of(7s)], 5u);
}

TEST_F(StoreTest, calls_come_by_arrival_and_line_the_latest_when_there_are_too_many) {
  auto store = open();
  put<calls::Call>(store, {call(kMidnight + 2s, "b"), call(kMidnight + 1s, "a", "5550102"), call(kMidnight + 3s, "c"), call(kMidnight + 1h, "d")});
  put<calls::Call>(store, {call(kMidnight + 2s, "b")});
  const auto ids = [&](CallRange range) {
    std::vector<std::string> out;
    const auto found = store.calls(range);
    for (const auto& c : *found) out.push_back(c.id);
    return out;
  };
  EXPECT_THAT(ids({kMidnight, kMidnight + 1h, {}}), ElementsAre("a", "b", "c")) << "the same call twice is one call";
  EXPECT_THAT(ids({kMidnight, kMidnight + 2h, "5550101"}), ElementsAre("b", "c", "d"));
  EXPECT_THAT(ids({kMidnight, kMidnight + 2h, {}, 2}), ElementsAre("c", "d"));
  const auto back = store.calls({kMidnight, kMidnight + 2s, {}});
  EXPECT_EQ(back->front().stints.front().queue, "sales") << "whole calls, for drill-down";
}

TEST_F(StoreTest, agents_intervals_come_in_order) {
  auto store = open();
  const calls::AgentInterval first{"PJSIP/1007", "Ann", "sales", calls::AgentState::talking, kMidnight, kMidnight + 10s};
  const calls::AgentInterval second{"PJSIP/1007", "Ann", "sales", calls::AgentState::paused, kMidnight + 10s, kMidnight + 20s};
  put<calls::AgentInterval>(store, {second, first});
  const auto found = store.agents(kMidnight, kMidnight + 1h, 10);
  ASSERT_THAT(*found, SizeIs(2));
  EXPECT_EQ((*found)[0].state, calls::AgentState::talking);
  EXPECT_EQ((*found)[1].state, calls::AgentState::paused);
}

TEST_F(StoreTest, incidents_come_newest_first_with_their_latest_revision) {
  auto store = open();
  auto closed = incident("a", kMidnight, 2);
  closed.closed = kMidnight + 1h;
  put<incidents::Incident>(store, {incident("a", kMidnight), incident("b", kMidnight + 2h)});
  put<incidents::Incident>(store, {closed});
  put<incidents::Incident>(store, {incident("a", kMidnight, 1)});
  const auto all = store.incidents({});
  ASSERT_THAT(*all, SizeIs(2));
  EXPECT_EQ((*all)[0].id, "b");
  EXPECT_EQ((*all)[1], closed);
  EXPECT_THAT(*store.incidents({.open_only = true}), ElementsAre(incident("b", kMidnight + 2h)));
  EXPECT_THAT(*store.incidents({.from = kMidnight, .to = kMidnight + 2h}), ElementsAre(closed));
  EXPECT_THAT(*store.incidents({.limit = 1}), SizeIs(1));
  EXPECT_EQ(*store.incident("a"), closed);
  EXPECT_EQ(store.incident("c").error().kind, ErrorKind::not_found);
}

TEST_F(StoreTest, old_minutes_become_quarters_then_hours_then_go) {
  auto store = open();
  const Time now = kMidnight + std::chrono::days(2000);
  std::vector<metrics::Minute> rows;
  for (const auto age : {std::chrono::days(1300), std::chrono::days(500), std::chrono::days(100), std::chrono::days(10)}) {
    for (int i = 0; i < 60; ++i) rows.push_back(minute(now - age + std::chrono::minutes(i)));
  }
  put<metrics::Minute>(store, rows);
  while (store.tidy(now, {}).value()) {}
  const auto age = [&](int days) { return minutes(store, now - std::chrono::days(days), now - std::chrono::days(days) + 1h); };
  EXPECT_THAT(age(1300), IsEmpty());
  ASSERT_THAT(age(500), SizeIs(1));
  EXPECT_EQ(age(500)[0].answered, 60u) << "sums are kept";
  EXPECT_EQ(age(500)[0].span_minutes, 60u);
  EXPECT_EQ(age(500)[0].answered_waits.count(), 60u) << "and waits";
  ASSERT_THAT(age(100), SizeIs(4));
  EXPECT_EQ(age(100)[1].span_minutes, 15u);
  EXPECT_EQ(age(100)[1].answered, 15u);
  EXPECT_THAT(age(10), SizeIs(60));
  EXPECT_FALSE(store.tidy(now, {}).value()) << "nothing is left to do";
  EXPECT_EQ(age(500)[0].answered, 60u);
}

TEST_F(StoreTest, rolling_up_works_in_slices_and_loses_nothing) {
  auto store = open();
  std::vector<metrics::Minute> rows;
  for (int i = 0; i < 7000; ++i) rows.push_back(minute(kMidnight + std::chrono::minutes(i)));
  put<metrics::Minute>(store, rows);
  const Time now = kMidnight + std::chrono::days(100);
  int rounds = 1;
  while (store.tidy(now, {}).value()) ++rounds;
  EXPECT_GT(rounds, 1);
  uint64_t answered = 0;
  const auto left = minutes(store, kMidnight, now);
  for (const auto& m : left) {
    answered += m.answered;
    EXPECT_EQ(m.span_minutes, 15u);
  }
  EXPECT_EQ(answered, 7000u);
  EXPECT_THAT(left, SizeIs(467));
}

TEST_F(StoreTest, old_calls_intervals_and_closed_incidents_go) {
  auto store = open();
  auto closed = incident("closed", kMidnight);
  closed.closed = kMidnight + 1h;
  put<calls::Call>(store, {call(kMidnight, "old"), call(kMidnight + std::chrono::days(1500), "new")});
  put<incidents::Incident>(store, {closed, incident("open", kMidnight)});
  while (store.tidy(kMidnight + std::chrono::days(1600), {}).value()) {}
  EXPECT_THAT(*store.calls({kMidnight, kMidnight + std::chrono::days(1600), {}}), SizeIs(1));
  EXPECT_THAT(*store.incidents({}), ElementsAre(incident("open", kMidnight))) << "an open one is never too old";
}

TEST_F(StoreTest, wiping_leaves_nothing_of_a_caller) {
  auto store = open();
  put<calls::Call>(store, {call(kMidnight, "unmistakable-call-id")});
  ASSERT_TRUE(store.wipe());
  EXPECT_EQ(*store.applied(), Applied{});
  EXPECT_THAT(*store.calls({kMidnight, kMidnight + 1h, {}}), IsEmpty());
  for (const auto& file : std::filesystem::directory_iterator(folder_.path())) {
    std::ifstream in(file.path(), std::ios::binary);
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}).find("unmistakable"), std::string::npos) << file.path();
  }
  put<calls::Call>(store, {call(kMidnight, "anew")});
}

TEST_F(StoreTest, a_damaged_file_is_moved_aside_and_begun_anew) {
  std::ofstream(file_, std::ios::binary) << std::string(10'000, 'x');
  auto store = open();
  ASSERT_TRUE(store.set_aside());
  EXPECT_TRUE(std::filesystem::exists(*store.set_aside()));
  EXPECT_EQ(store.applied()->sequence, 0u) << "so the app rebuilds it";
}

TEST_F(StoreTest, a_newer_file_that_cannot_be_worked_on_is_kept_and_made_anew) {
  { auto store = open(); }
  ASSERT_TRUE(sqlite::Database::open(file_)->execute("PRAGMA user_version = 99"));
  auto store = open();
  ASSERT_TRUE(store.set_aside());
  EXPECT_NE(store.set_aside()->find(".newer-1"), std::string::npos);
  EXPECT_EQ(store.applied()->sequence, 0u) << "so the app rebuilds it";
}

TEST_F(StoreTest, a_row_that_cannot_be_read_is_told_not_skipped) {
  auto store = open();
  put<calls::Call>(store, {call(kMidnight, "a")});
  ASSERT_TRUE(sqlite::Database::open(file_)->execute("UPDATE calls SET body = x'0102'"));
  EXPECT_EQ(store.calls({kMidnight, kMidnight + 1h, {}}).error().kind, ErrorKind::corrupt);
}

TEST(ZeroRuns, come_back_as_they_were) {
  for (const std::string& bytes : {std::string(), std::string("abc"), std::string(1000, '\0'), std::string("a\0\0b\0", 5), std::string(255, '\0') + "x"}) {
    EXPECT_EQ(unpack_zero_runs(pack_zero_runs(bytes), 2000), bytes);
  }
  EXPECT_LT(pack_zero_runs(to_bytes(minute(kMidnight))).size(), 250u) << "a quiet minute is small";
}

TEST(ZeroRuns, refuse_what_is_none) {
  EXPECT_FALSE(unpack_zero_runs(std::string_view("a\0", 2), 100)) << "a run without a length";
  EXPECT_FALSE(unpack_zero_runs(std::string_view("a\0\0", 3), 100)) << "of length 0";
  EXPECT_FALSE(unpack_zero_runs(pack_zero_runs(std::string(101, '\0')), 100)) << "beyond the limit";
}

TEST_F(StoreTest, firings_are_kept_by_rule_and_replaced_by_their_later_revisions) {
  Store store = open();
  rules::Firing first, other;
  first.id = "00aa", first.rule = "r1", first.opened = kMidnight, first.revision = 1;
  other.id = "00bb", other.rule = "r2", other.opened = kMidnight + 1h, other.revision = 1;
  const std::vector both{first, other};
  Derived derived;
  derived.firings = both;
  ASSERT_TRUE(store.apply({9, 1, "core 1"}, derived));
  first.closed = kMidnight + 5min, first.revision = 2;
  const std::vector closed{first};
  derived.firings = closed;
  ASSERT_TRUE(store.apply({9, 2, "core 1"}, derived));
  derived.firings = std::span(both).first(1);  // an older revision again, as after a kill
  ASSERT_TRUE(store.apply({9, 3, "core 1"}, derived));
  const auto of_rule = store.firings({.rule = "r1"});
  ASSERT_TRUE(of_rule);
  ASSERT_THAT(*of_rule, SizeIs(1));
  EXPECT_EQ(of_rule->front().closed, kMidnight + 5min);
  const auto all = store.firings({});
  ASSERT_THAT(*all, SizeIs(2));
  EXPECT_EQ(all->front().rule, "r2") << "newest first";
  EXPECT_TRUE(store.tidy(kMidnight + std::chrono::days(1300), {}));
  EXPECT_THAT(*store.firings({}), SizeIs(1)) << "an open one stays";
}

}  // namespace
}  // namespace hf::store
