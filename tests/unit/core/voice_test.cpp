// How calls sounded: from an event to a sum that a step makes known, and the same after a restart.
#include <gtest/gtest.h>

#include "agent/core/core.hpp"

namespace hf::app {
namespace {

using namespace std::chrono_literals;

const Time kMorning = Time(std::chrono::sys_days(std::chrono::year(2026) / 3 / 3).time_since_epoch()) + 8h;

pbx::CallEvent heard(Time at, uint16_t mos_lq) {
  pbx::VoiceHeard voice;
  voice.channel = "1", voice.reports = 9, voice.mos_lq = mos_lq;
  return {at, {}, voice, "north"};
}

std::vector<metrics::VoiceSum> told(const CoreOutput& out) {
  std::vector<metrics::VoiceSum> sums;
  for (const auto& step : out.steps) sums.insert(sums.end(), step.voice.begin(), step.voice.end());
  return sums;
}

TEST(Voice, becomes_a_sum_in_a_numbered_step) {
  Core core(0);
  CoreOutput out;
  core.on(heard(kMorning, 441), out), core.on(heard(kMorning + 1min, 300), out);
  const auto sums = told(out);
  ASSERT_EQ(sums.size(), 2u);
  EXPECT_EQ(sums[1].listeners, 2u);
  EXPECT_EQ(sums[1].poor, 1u);
  EXPECT_GT(out.steps.back().number, 0u);
}

TEST(Voice, goes_on_after_a_restart_where_it_was) {
  Core before(0), after(0);
  CoreOutput out;
  before.on(heard(kMorning, 441), out);
  ASSERT_TRUE(after.load(before.save()));
  out.clear();
  after.on(heard(kMorning + 1min, 300), out);
  ASSERT_EQ(told(out).size(), 1u);
  EXPECT_EQ(told(out)[0].listeners, 2u);
}

}  // namespace
}  // namespace hf::app
