// The smaller parts: the inbox, today's minutes, what the webhook is told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "agent/app/day_book.hpp"
#include "agent/app/inbox.hpp"
#include "agent/app/news_outlet.hpp"

namespace hf::app {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<pbx::CallEvent> events(size_t count) { return std::vector<pbx::CallEvent>(count, {Time{}, std::nullopt, pbx::QueueLeft{"c", "q"}}); }

TEST(Inbox, pushes_the_source_back_at_its_limit_and_drops_nothing) {
  constexpr size_t kBatches = 20, kEach = 1'000, kLimit = 5'000;
  Inbox inbox;
  auto source = std::async(std::launch::async, [&] {
    for (size_t i = 1; i <= kBatches; ++i) inbox.door().on(events(kEach), std::to_string(i));
  });
  EXPECT_EQ(source.wait_for(100ms), std::future_status::timeout) << "nobody takes, so the source waits";
  size_t batches = 0, taken = 0;
  while (batches < kBatches) {
    size_t at_once = 0;
    for (const auto& batch : inbox.take(10ms).batches) {
      EXPECT_EQ(batch.cursor, std::to_string(++batches));
      at_once += batch.events.size();
    }
    EXPECT_LE(at_once, kLimit);
    taken += at_once;
  }
  source.get();
  EXPECT_EQ(taken, kBatches * kEach);
}

TEST(Inbox, lets_a_waiting_source_go_when_it_closes) {
  Inbox inbox;
  inbox.door().on(events(5'000), "1");
  auto source = std::async(std::launch::async, [&] { inbox.door().on(events(1), "2"); });
  inbox.close();
  source.get();
  EXPECT_EQ(inbox.take({}).batches.size(), 1u);
  EXPECT_FALSE(inbox.post([] {}));
}

TEST(Inbox, refuses_jobs_beyond_its_limit) {
  Inbox inbox;
  size_t taken = 0;
  while (taken < 5'000 && inbox.post([] {})) ++taken;
  EXPECT_EQ(taken, 1'000u);
  EXPECT_EQ(inbox.take_jobs({}).size(), taken);
}

CoreOutput minute(Time start, uint32_t offered) {
  metrics::Minute minute;
  minute.id = "sales", minute.start = start, minute.observed_seconds = 60, minute.offered = offered;
  CoreOutput output;
  output.steps.push_back({1, start + 60s, {minute}, {}, std::nullopt});
  return output;
}

class DayBookTest : public ::testing::Test {
 protected:
  const DayBook::Today& sales(Time now) { return days_.today(now).at({metrics::Scope::queue, "sales"}); }
  DayBook days_{TimeZone::find("Europe/Berlin").value()};
  const Time midnight_{std::chrono::sys_days(std::chrono::year(2026) / 11 / 25) + 23h};  // UTC; local 00:00
};

TEST_F(DayBookTest, begins_a_new_sum_at_local_midnight_and_keeps_the_last_hour) {
  ASSERT_TRUE(days_.take(minute(midnight_ - 2h, 100), 1));
  ASSERT_TRUE(days_.take(minute(midnight_ - 1min, 10), 2));
  EXPECT_EQ(sales(midnight_ - 1s).day.offered, 110u);
  EXPECT_EQ(sales(midnight_ + 30s).day.offered, 0u) << "no minute of the new day has closed";
  EXPECT_EQ(sales(midnight_ + 30s).last_hour.offered, 10u);
  ASSERT_TRUE(days_.take(minute(midnight_, 1), 3));
  EXPECT_EQ(sales(midnight_ + 70s).day.offered, 1u);
  EXPECT_EQ(sales(midnight_ + 70s).last_hour.offered, 11u);
}

TEST_F(DayBookTest, a_minute_that_comes_again_counts_once) {
  ASSERT_TRUE(days_.take(minute(midnight_, 1), 1));
  ASSERT_TRUE(days_.take(minute(midnight_, 2), 2));
  EXPECT_EQ(sales(midnight_ + 70s).day.offered, 2u);
}

// A restart read today's minutes from the store and then replayed the journal's tail: the older ones were counted again.
TEST_F(DayBookTest, a_replayed_tail_counts_nothing_twice) {
  for (int life = 0; life < 3; ++life)
    for (auto at = midnight_; at < midnight_ + 8h; at += 1min) ASSERT_TRUE(days_.take(minute(at, 1), 1));
  EXPECT_EQ(sales(midnight_ + 8h).day.offered, 480u);
  EXPECT_EQ(sales(midnight_ + 8h).last_hour.offered, 60u);
}

TEST(WebhookMessage, never_carries_the_dialled_number_in_a_label) {
  incidents::Incident incident;
  incident.id = "00112233445566aa";
  incident.lines = {"5550101", "5550102", "5550103"};
  incident.queues = {"5550101", "sales"};
  calls::SiteModel model;
  model.lines = {{"5550101", "Support", "", {}, {}}, {"5550102", "5550102", "", {}, {}}};
  const auto message = webhook_message(incident, model);
  EXPECT_EQ(message.lines, (std::vector<notify::LineName>{{"Support", "5550101"}, {"", "5550102"}, {"", "5550103"}}));
  EXPECT_EQ(message.queues, (std::vector<std::string>{"", "sales"}));
  const auto body = notify::message_body("d1", notify::News::opened, Time{}, message, false);
  EXPECT_THAT(body, HasSubstr("Support"));
  EXPECT_THAT(body, Not(HasSubstr("55501")));
}

}  // namespace
}  // namespace hf::app
