#include "agent/access/throttle.hpp"

#include <gtest/gtest.h>

#include "tests/support/manual_clock.hpp"

namespace hf::access {
namespace {

using std::chrono::seconds;

struct ThrottleTest : testing::Test {
  test::ManualClock clock;
  Throttle throttle{clock};
};

TEST_F(ThrottleTest, doubles_the_delay_up_to_a_minute) {
  std::vector<int64_t> delays;
  for (int i = 0; i < 9; ++i) {
    throttle.failed("192.0.2.1", "anna");
    const auto wait = throttle.wait_for("192.0.2.1", "anna");
    delays.push_back(wait.count());
    clock.advance(wait);
    EXPECT_EQ(throttle.wait_for("192.0.2.1", "anna"), seconds(0)) << "after failure " << i + 1;
  }
  EXPECT_EQ(delays, (std::vector<int64_t>{1, 2, 4, 8, 16, 32, 60, 60, 60}));
}

TEST_F(ThrottleTest, counts_an_address_over_all_accounts_and_an_account_over_all_addresses) {
  for (int i = 0; i < 3; ++i) throttle.failed("192.0.2.1", "user" + std::to_string(i));
  EXPECT_EQ(throttle.wait_for("192.0.2.1", "fresh"), seconds(4));
  EXPECT_EQ(throttle.wait_for("192.0.2.2", "user1"), seconds(1));
  EXPECT_EQ(throttle.wait_for("192.0.2.2", "fresh"), seconds(0));
}

TEST_F(ThrottleTest, takes_all_of_an_ipv6_customer_as_one) {
  throttle.failed("2001:db8:1:2::1", "anna");
  EXPECT_EQ(throttle.wait_for("2001:db8:1:2:ffff::9", "boris"), seconds(1));
  EXPECT_EQ(throttle.wait_for("2001:db8:1:3::1", "boris"), seconds(0));
  throttle.failed("::ffff:192.0.2.9", "anna");
  EXPECT_EQ(throttle.wait_for("192.0.2.9", "boris"), seconds(1)) << "IPv4 inside IPv6 is that IPv4 address";
}

TEST_F(ThrottleTest, forgets_after_success_and_after_an_hour) {
  throttle.failed("192.0.2.1", "anna"), throttle.failed("192.0.2.1", "anna");
  throttle.succeeded("192.0.2.1", "anna");
  EXPECT_EQ(throttle.wait_for("192.0.2.1", "anna"), seconds(0));
  for (int i = 0; i < 10; ++i) throttle.failed("192.0.2.1", "anna");
  clock.advance(std::chrono::hours(2));
  throttle.failed("192.0.2.1", "anna");
  EXPECT_EQ(throttle.wait_for("192.0.2.1", "anna"), seconds(1));
}

TEST_F(ThrottleTest, is_not_moved_by_a_set_clock) {
  for (int i = 0; i < 7; ++i) throttle.failed("192.0.2.1", "anna");
  clock.jump_wall(std::chrono::hours(-48));
  EXPECT_EQ(throttle.wait_for("192.0.2.1", "anna"), seconds(60));
  clock.jump_wall(std::chrono::hours(96));
  EXPECT_EQ(throttle.wait_for("192.0.2.1", "anna"), seconds(60));
}

TEST_F(ThrottleTest, holds_a_bounded_number_of_addresses_and_keeps_the_newest) {
  for (size_t i = 0; i < Throttle::kMaxEntries + 500; ++i) {
    clock.advance(std::chrono::milliseconds(1));
    throttle.failed("10." + std::to_string(i / 65536) + "." + std::to_string(i / 256 % 256) + "." + std::to_string(i % 256), "a" + std::to_string(i));
  }
  EXPECT_EQ(throttle.wait_for("10.0.0.0", "fresh"), seconds(0)) << "the oldest was forgotten";
  const size_t last = Throttle::kMaxEntries + 499;
  EXPECT_EQ(throttle.wait_for("10.0." + std::to_string(last / 256) + "." + std::to_string(last % 256), "fresh"), seconds(1));
  EXPECT_EQ(throttle.failures(), Throttle::kMaxEntries + 500);
}

}  // namespace
}  // namespace hf::access
