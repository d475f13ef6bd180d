// Saved and loaded anywhere, the tracker goes on as if nothing had happened; and it does not matter how time is moved.
#include <gtest/gtest.h>

#include "tests/golden/calls/captures.hpp"
#include "tests/golden/calls/follow.hpp"

namespace hf::golden {
namespace {

std::string bytes_of(const calls::Tracker& tracker) {
  StateSaver saver;
  tracker.save(saver);
  return std::move(saver.bytes);
}

std::string text_of(const std::vector<calls::Change>& changes) {
  Saver saver;
  for (const calls::Change& change : changes) {
    saver.put(change.at), saver.put(static_cast<uint8_t>(change.what.index()));
    if (const auto* ended = std::get_if<calls::CallEnded>(&change.what)) saver.put(ended->call);
    if (const auto* agent = std::get_if<calls::AgentChanged>(&change.what)) saver.put(agent->interval);
  }
  return std::move(saver.bytes);
}

class Recovery : public testing::TestWithParam<std::string> {};

TEST_P(Recovery, saving_and_loading_changes_nothing) {
  const auto events = read_events(GetParam());
  calls::Tracker straight, broken;
  std::vector<calls::Change> one, two;
  for (size_t i = 0; i < events.size(); ++i) {
    straight.on(events[i], one);
    broken.on(events[i], two);
    if (i % 997 != 0) continue;
    const std::string bytes = bytes_of(broken);
    ASSERT_EQ(bytes, bytes_of(straight)) << "event " << i;
    calls::Tracker loaded;
    StateLoader loader(bytes);
    ASSERT_TRUE(loaded.load(loader));
    ASSERT_TRUE(loader.at_end());
    broken = std::move(loaded);
  }
  EXPECT_EQ(bytes_of(broken), bytes_of(straight));
  EXPECT_EQ(text_of(one), text_of(two));
}

TEST_P(Recovery, time_may_move_in_any_steps) {
  const auto events = read_events(GetParam());
  calls::Tracker at_once, in_steps;
  std::vector<calls::Change> one, two;
  Time now = events.front().at;
  for (const pbx::CallEvent& e : events) {
    for (; now < e.at; now += std::chrono::milliseconds(700)) in_steps.advance(now, two);
    at_once.on(e, one);
    in_steps.on(e, two);
  }
  EXPECT_EQ(text_of(one), text_of(two));
  EXPECT_EQ(bytes_of(at_once), bytes_of(in_steps));
}

INSTANTIATE_TEST_SUITE_P(Recorded, Recovery, testing::ValuesIn(captures()),
                         [](const auto& run) { return test_name(run.param); });

}  // namespace
}  // namespace hf::golden
