// How calls sounded, as a recorded Asterisk 22.10 says it at each channel's end: tied to the call and to the queue that answered it.
#include <gtest/gtest.h>

#include "agent/calls/tracker.hpp"
#include "tests/golden/calls/follow.hpp"

namespace hf::golden {
namespace {

TEST(VoiceOfAsterisk22, belongs_to_its_call_and_the_queue_that_answered_it) {
  const auto events = read_events(HF_SOURCE_DIR "/tests/golden/captures/asterisk-22.10/normal-plain");
  const Followed followed = follow(events);
  calls::Tracker tracker;
  std::vector<calls::Change> changes;
  for (const pbx::CallEvent& event : events) tracker.on(event, changes);
  size_t told = 0, of_queues = 0, by_far_end = 0;
  for (const calls::Change& change : changes) {
    const auto* voice = std::get_if<calls::VoiceReported>(&change.what);
    if (voice == nullptr) continue;
    ++told, by_far_end += voice->heard.by_pbx ? 0 : 1;
    const auto call = followed.calls.find(voice->call);
    ASSERT_NE(call, followed.calls.end()) << voice->heard.channel;
    EXPECT_EQ(voice->queue, call->second.answering_queue) << voice->heard.channel;
    EXPECT_EQ(voice->about, call->second.arrived);
    EXPECT_EQ(voice->heard.loss_ppm, 0u) << "on a loopback";
    of_queues += voice->queue.empty() ? 0 : 1;
  }
  EXPECT_GT(told, 100u);
  EXPECT_GT(of_queues, 100u);
  EXPECT_GT(by_far_end, 50u);
}

}  // namespace
}  // namespace hf::golden
