#include "hal/platform/executor.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>

namespace hf {
namespace {

TEST(Workers, run_what_is_posted_in_order_on_one_thread) {
  std::vector<int> seen;
  std::promise<void> last;
  Workers workers(1, 10);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(workers.post([&seen, i] { seen.push_back(i); }));
  ASSERT_TRUE(workers.post([&last] { last.set_value(); }));
  last.get_future().wait();
  EXPECT_EQ(seen, (std::vector<int>{0, 1, 2, 3, 4}));
}

TEST(Workers, refuse_when_too_much_waits_but_always_take_a_second_half) {
  std::promise<void> gate, begun, resumed;
  auto open = gate.get_future().share();
  Workers workers(1, 2);
  ASSERT_TRUE(workers.post([open, &begun] { begun.set_value(), open.wait(); }));
  begun.get_future().wait();
  EXPECT_TRUE(workers.post([] {}));
  EXPECT_TRUE(workers.post([] {}));
  EXPECT_FALSE(workers.post([] { FAIL() << "a refused job ran"; }));
  workers.resume([&resumed] { resumed.set_value(); });
  gate.set_value();
  resumed.get_future().wait();
}

TEST(Workers, never_run_more_jobs_at_once_than_threads) {
  std::atomic<int> running = 0, most = 0, done = 0;
  std::promise<void> all;
  Workers workers(2, 100);
  for (int i = 0; i < 50; ++i)
    ASSERT_TRUE(workers.post([&] {
      const int now = ++running;
      for (int old = most; old < now && !most.compare_exchange_weak(old, now);) {
      }
      std::this_thread::yield();
      --running;
      if (++done == 50) all.set_value();
    }));
  all.get_future().wait();
  EXPECT_LE(most.load(), 2);
}

TEST(Workers, drop_what_waits_when_they_stop) {
  std::promise<void> gate, begun;
  auto open = gate.get_future().share();
  Workers workers(1, 10);
  ASSERT_TRUE(workers.post([open, &begun] { begun.set_value(), open.wait(); }));
  begun.get_future().wait();
  auto opens_when_dropped = std::shared_ptr<void>(nullptr, [&gate](void*) { gate.set_value(); });
  ASSERT_TRUE(workers.post([kept = opens_when_dropped] { FAIL() << "a dropped job ran"; }));
  opens_when_dropped.reset();
  workers.stop();
  EXPECT_FALSE(workers.post([] {}));
}

}  // namespace
}  // namespace hf
