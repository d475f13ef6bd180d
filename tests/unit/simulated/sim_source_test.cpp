#include <gtest/gtest.h>

#include <functional>
#include <algorithm>
#include <set>

#include "hal/pbx/simulated/sim_source.hpp"
#include "tests/unit/simulated/sim_trace.hpp"

namespace hf::pbx {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

struct JumpingPacer final : SimPacer {  // waiting costs nothing
  Time time = kMidnight + hours(34);
  Time now() const override { return time; }
  void wait(Duration most) override { time += most; }
  void wake() override {}
};

struct Collector final : EventSink {
  std::vector<CallEvent> events;
  std::vector<size_t> batches;
  Cursor cursor;
  std::function<bool(const Collector&)> enough;
  PbxSource* source = nullptr;
  void on(std::vector<CallEvent> batch, Cursor behind) override {
    batches.push_back(batch.size());
    for (CallEvent& event : batch) events.push_back(std::move(event));
    cursor = std::move(behind);
    if (enough(*this)) source->stop();
  }
};

struct SimulatorSourceTest : testing::Test {
  JumpingPacer pacer;
  SimulatorOptions options{.model = scenario(SimScenario::normal)};

  Collector run_until(std::function<bool(const Collector&)> enough, Cursor from = {}) {
    SimulatorSource source(options, pacer);
    Collector sink;
    sink.source = &source;
    sink.enough = std::move(enough);
    EXPECT_TRUE(source.run(sink, std::move(from)));
    return sink;
  }
  static std::function<bool(const Collector&)> until(Time when) {
    return [when](const Collector& c) { return c.events.back().at >= when; };
  }
};

template <class Body>
std::vector<Time> times_of(const Collector& c) {
  std::vector<Time> out;
  for (const CallEvent& event : c.events)
    if (std::holds_alternative<Body>(event.body)) out.push_back(event.at);
  return out;
}

TEST_F(SimulatorSourceTest, fills_back_from_yesterdays_midnight_and_then_lives_on) {
  const Time live = pacer.time;
  const Collector got = run_until(until(live + minutes(2)));
  EXPECT_LT(got.events.front().at, kMidnight + seconds(1));
  EXPECT_GT(got.events.size(), 100'000u);
  EXPECT_TRUE(std::ranges::is_sorted(got.events, {}, &CallEvent::at));
  EXPECT_LE(std::ranges::max(got.batches), 1024u);
  EXPECT_EQ(times_of<SourceUp>(got).size(), 1u);
  const std::vector<Time> pictures = times_of<ResyncStarted>(got);
  ASSERT_EQ(pictures.size(), 4u);
  EXPECT_NEAR(hf::seconds(pictures[2] - live), 0, 0.01);
}

TEST_F(SimulatorSourceTest, tells_no_future) {
  std::vector<Duration> ahead;
  run_until([&](const Collector& c) {
    ahead.push_back(c.events.back().at - pacer.time);
    return c.events.back().at > kMidnight + hours(34) + minutes(5);
  });
  EXPECT_LT(hf::seconds(std::ranges::max(ahead)), 0.1);
}

TEST_F(SimulatorSourceTest, starts_at_once_without_the_back_fill) {
  options.backfill = false;
  const Time live = pacer.time;
  const Collector got = run_until(until(live + minutes(1)));
  EXPECT_GE(got.events.front().at, live);
  EXPECT_EQ(times_of<ResyncStarted>(got).size(), 2u);
}

TEST_F(SimulatorSourceTest, lives_faster_when_told_to) {
  options.speed = 60;
  const Time live = pacer.time;
  run_until(until(live + hours(1)));
  EXPECT_NEAR(hf::seconds(pacer.time - live), 60, 2);
}

TEST_F(SimulatorSourceTest, refuses_a_speed_that_makes_no_sense) {
  options.speed = 0;
  SimulatorSource source(options, pacer);
  Collector sink;
  const Status ran = source.run(sink, {});
  ASSERT_FALSE(ran);
  EXPECT_EQ(ran.error().kind, ErrorKind::invalid_input);
}

TEST_F(SimulatorSourceTest, goes_on_with_an_interrupted_back_fill_as_if_nothing_had_been) {
  const Time live = pacer.time;
  const Collector whole = run_until(until(live));
  pacer.time = live;
  Collector first = run_until(until(kMidnight + hours(12)));
  pacer.time = live + minutes(1);
  const Collector second = run_until(until(live), first.cursor);
  std::vector<CallEvent> both = first.events;
  both.insert(both.end(), second.events.begin(), second.events.end());
  const auto count = std::min(both.size(), whole.events.size());
  for (size_t i = 0; i < count && whole.events[i].at < live; ++i) ASSERT_EQ(to_text(both[i]), to_text(whole.events[i])) << i;
}

TEST_F(SimulatorSourceTest, an_absence_is_a_gap_after_which_the_same_calls_go_on) {
  const Time live = pacer.time;
  const Collector before = run_until(until(live + minutes(10)));
  pacer.time += minutes(1);
  const Time back = pacer.time;
  const Collector after = run_until(until(back + minutes(1)), before.cursor);
  ASSERT_GE(after.events.size(), 3u);
  EXPECT_EQ(kind_name(after.events[0].body), "source_down");
  EXPECT_EQ(after.events[0].at, before.events.back().at + Duration(1));
  EXPECT_EQ(kind_name(after.events[1].body), "source_up");
  EXPECT_NEAR(hf::seconds(after.events[1].at - back), 0, 0.1);
  std::set<std::string> known;
  for (const CallEvent& event : before.events)
    if (const auto* c = std::get_if<ChannelStarted>(&event.body)) known.insert(c->channel);
  size_t same = 0;
  for (const CallEvent& event : after.events)
    if (const auto* seen = std::get_if<ChannelSeen>(&event.body)) same += known.count(seen->channel);
  EXPECT_GT(same, 3u);
}

TEST_F(SimulatorSourceTest, after_a_long_absence_a_new_pbx_begins_now_and_the_past_is_not_told_twice) {
  const Collector before = run_until(until(pacer.time + minutes(1)));
  pacer.time += hours(12);
  const Time back = pacer.time;
  const Collector after = run_until(until(back + minutes(1)), before.cursor);
  EXPECT_EQ(kind_name(after.events[0].body), "source_down");
  EXPECT_GE(after.events[1].at, back);
  EXPECT_TRUE(times_of<ChannelSeen>(after).empty());
}

TEST_F(SimulatorSourceTest, believes_no_broken_cursor) {
  for (const char* broken : {"sim1", "sim1 7 normal 5 4 9", "sim1 x normal 1 2 3", "sim9 7 normal 1 2 3", "garbage"}) {
    pacer.time = kMidnight + hours(34);
    options.backfill = false;
    EXPECT_EQ(kind_name(run_until([](const Collector&) { return true; }, broken).events[0].body), "source_up") << broken;
  }
}

TEST_F(SimulatorSourceTest, says_what_it_knows_and_how_it_is) {
  SimulatorSource source(options, pacer);
  EXPECT_EQ(source.describe().kind, "simulator");
  EXPECT_TRUE(source.describe().agent_state && source.describe().pre_queue && source.describe().hold_times && source.describe().live);
  Collector sink;
  sink.source = &source;
  sink.enough = until(pacer.time + minutes(1));
  EXPECT_TRUE(source.run(sink, {}));
  EXPECT_EQ(source.health().events, sink.events.size());
  EXPECT_EQ(source.health().last_event, sink.events.back().at);
}

TEST(RealPacer, wakes_at_once_when_told_so_beforehand) {
  const auto pacer = real_pacer(system_clock());
  const SteadyTime before = system_clock().steady();
  pacer->wake();
  pacer->wait(seconds(30));
  EXPECT_LT(system_clock().steady() - before, seconds(10));
}

}  // namespace
}  // namespace hf::pbx
