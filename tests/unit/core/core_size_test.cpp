#include "tests/support/core_size.hpp"

#include <gtest/gtest.h>

namespace hf::app {
namespace {

constexpr size_t kPerQueue = 256 * 1024, kPerCaller = 256;

TEST(CoreSize, of_one_queue_stays_under_256_KB_through_a_day_with_an_incident) {
  const test::CoreSize day = test::largest_per_queue();
  EXPECT_LT(day.whole, kPerQueue);
  EXPECT_GT(day.signals, 1000U) << "no day that says anything";
}

// It took 658 bytes when each part wrote the call's id anew.
TEST(CoreSize, grows_by_less_than_256_bytes_for_each_waiting_caller) {
  const test::CoreSize none = test::size_with_waiting(0), many = test::size_with_waiting(500);
  EXPECT_LT((many.whole - none.whole) / 500, kPerCaller);
  EXPECT_GT(many.signals, none.signals + 500 * 20) << "the callers do not wait";
}

// All of the core, tracker and minutes included, with as many callers in one queue as a large centre sees on its worst
// day.
TEST(CoreSize, of_one_queue_with_500_waiting_callers_is_under_256_KB_and_256_bytes_for_each) {
  EXPECT_LT(test::size_with_waiting(500).whole, kPerQueue + 500 * kPerCaller);
}

}  // namespace
}  // namespace hf::app
