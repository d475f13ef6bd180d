#include "agent/app/pulse.hpp"

#include <gtest/gtest.h>

#include <deque>

namespace hf::app {
namespace {

using namespace std::chrono_literals;

// Two threads that run a job only when the test says so.
struct Threads {
  std::deque<Pulse::Job> loop, page;
  bool page_full = false, loop_full = false;
  int entries = 0, looks = 0, beats = 0;

  Pulse::Way way() {
    return {[this](Pulse::Job job) { return !loop_full && (loop.push_back(std::move(job)), true); }, [this] { ++entries; },
            [this](Pulse::Job job) { return !page_full && (page.push_back(std::move(job)), true); }, [this] { ++looks; }, [this] { ++beats; }};
  }
  static void run(std::deque<Pulse::Job>& jobs) {
    while (!jobs.empty()) {
      auto job = std::move(jobs.front());
      jobs.pop_front();
      job();
    }
  }
};

SteadyTime at(std::chrono::seconds s) { return SteadyTime(s); }

TEST(Pulse, beats_only_after_the_entry_went_through_loop_and_page) {
  Threads threads;
  Pulse pulse(60s, threads.way());
  pulse.tick(at(1s));
  EXPECT_EQ(threads.beats, 0);
  Threads::run(threads.loop);
  EXPECT_EQ(threads.entries, 1);
  EXPECT_EQ(threads.beats, 0) << "the page's worker has not answered";
  Threads::run(threads.page);
  EXPECT_EQ(threads.looks, 1);
  EXPECT_EQ(threads.beats, 1);
}

TEST(Pulse, goes_round_three_times_within_the_limit) {
  Threads threads;
  Pulse pulse(60s, threads.way());
  for (int second = 0; second < 60; ++second) {
    pulse.tick(at(std::chrono::seconds(second)));
    Threads::run(threads.loop), Threads::run(threads.page);
  }
  EXPECT_EQ(threads.beats, 3);
}

TEST(Pulse, does_not_beat_while_the_loop_hangs_and_piles_up_nothing) {
  Threads threads;
  Pulse pulse(60s, threads.way());
  for (int second = 0; second < 600; ++second) pulse.tick(at(std::chrono::seconds(second)));
  EXPECT_EQ(threads.beats, 0);
  EXPECT_EQ(threads.loop.size(), 1u);
}

TEST(Pulse, does_not_beat_while_the_page_hangs) {
  Threads threads;
  Pulse pulse(60s, threads.way());
  for (int second = 0; second < 600; ++second) {
    pulse.tick(at(std::chrono::seconds(second)));
    Threads::run(threads.loop);
  }
  EXPECT_EQ(threads.beats, 0);
  EXPECT_EQ(threads.entries, 1);
}

TEST(Pulse, tries_again_after_a_thread_took_no_job) {
  Threads threads;
  threads.page_full = true;
  Pulse pulse(60s, threads.way());
  pulse.tick(at(0s));
  Threads::run(threads.loop);
  threads.page_full = false, threads.loop_full = true;
  pulse.tick(at(20s));
  threads.loop_full = false;
  pulse.tick(at(40s));
  Threads::run(threads.loop), Threads::run(threads.page);
  EXPECT_EQ(threads.beats, 1);
}

TEST(Pulse, is_silent_when_nobody_watches) {
  Threads threads;
  Pulse pulse(std::nullopt, threads.way());
  pulse.tick(at(100s));
  EXPECT_TRUE(threads.loop.empty());
}

}  // namespace
}  // namespace hf::app
