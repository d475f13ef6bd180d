#include "agent/sync/roll_up.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <map>
#include <random>

#include "agent/sync/outgoing.hpp"
#include "agent/wire/decode.hpp"
#include "hal/platform/random.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::sync {
namespace {

using wire::Span;
using wire::Summary;

constexpr Time kStart = Time(std::chrono::seconds(1'795'687'200));  // a full hour

Summary minute(int64_t n, uint64_t id = 1, uint32_t offered = 1, uint32_t revision = 0) {
  Summary s;
  s.id = wire::Id{id}, s.start = kStart + std::chrono::minutes(n), s.offered = offered, s.revision = revision;
  s.answered = offered / 2, s.talk = std::chrono::seconds(offered), s.observed_seconds = 60;
  s.service_level = std::chrono::seconds(20);
  s.answered_waits = {{static_cast<uint8_t>(n % 60), 1}};
  return s;
}

uint64_t offered(const std::vector<Summary>& sums) {
  uint64_t total = 0;
  for (const auto& s : sums) total += s.offered;
  return total;
}

TEST(RollUp, merges_the_minutes_of_a_quarter_and_keeps_every_sum) {
  std::vector<Summary> sums;
  for (int n = 0; n < 30; ++n) sums.push_back(minute(n, 1, 3));
  const auto made = roll_up(sums, Span::quarter, Time::max());
  ASSERT_EQ(made.rolled.size(), 2U);
  EXPECT_TRUE(made.carried.empty());
  const auto& first = made.rolled[0];
  EXPECT_EQ(first.start, kStart);
  EXPECT_EQ(first.span, Span::quarter);
  EXPECT_EQ(first.cover, 0x7fffU);
  EXPECT_EQ(first.offered, 45U);
  EXPECT_EQ(first.observed_seconds, 900U);
  EXPECT_EQ(first.talk, std::chrono::seconds(45));
  EXPECT_EQ(first.answered_waits.size(), 15U);
}

TEST(RollUp, of_several_revisions_the_highest_counts) {
  const auto made = roll_up({minute(0, 1, 5, 2), minute(0, 1, 9, 3), minute(0, 1, 4, 1)}, Span::quarter, Time::max());
  ASSERT_EQ(made.rolled.size(), 1U);
  EXPECT_EQ(made.rolled[0].offered, 9U);
  EXPECT_EQ(made.rolled[0].cover, 1U);
}

TEST(RollUp, leaves_alone_what_may_still_be_revised) {
  const auto made =
      roll_up({minute(14), minute(15), minute(15, 1, 7, 1)}, Span::quarter, kStart + std::chrono::minutes(15));
  EXPECT_EQ(made.rolled.size(), 1U);
  ASSERT_EQ(made.carried.size(), 1U);
  EXPECT_EQ(made.carried[0].offered, 7U);
}

TEST(RollUp, keeps_queues_lines_and_service_levels_apart) {
  auto line = minute(0, 1), other_level = minute(1, 1);
  line.scope = wire::Scope::line, other_level.service_level = std::chrono::seconds(30);
  EXPECT_EQ(roll_up({minute(0, 1), minute(0, 2), line, other_level}, Span::quarter, Time::max()).rolled.size(), 4U);
}

TEST(RollUp, unknown_stays_unknown) {
  auto known = minute(0), unknown = minute(1);
  known.free = std::chrono::seconds(10);
  EXPECT_FALSE(roll_up({minute(0), unknown}, Span::quarter, Time::max()).rolled.at(0).free);
}

TEST(RollUp, quarters_become_hours) {
  std::vector<Summary> sums;
  for (int n = 0; n < 60; ++n) sums.push_back(minute(n));
  const auto quarters = roll_up(sums, Span::quarter, Time::max()).rolled;
  const auto hours = roll_up(quarters, Span::hour, Time::max()).rolled;
  ASSERT_EQ(hours.size(), 1U);
  EXPECT_EQ(hours[0].cover, (uint64_t{1} << 60) - 1);
  EXPECT_EQ(hours[0].offered, 60U);
}

class Months : public ::testing::Test {
 protected:
  Months() : random_(7), outbox_(std::move(*store::Outbox::open(folder_ / "outbox.db", random_))) {}

  // Minutes of three queues, some with a late revision, as the composer makes them.
  void fill(int64_t minutes) {
    std::mt19937_64 chance(3);
    std::vector<store::NewMessage> messages;
    for (int64_t n = 0; n < minutes; ++n) {
      wire::Minutes body;
      for (uint64_t q = 1; q <= 3; ++q) add(body, minute(n, q, static_cast<uint32_t>(chance() % 5)));
      if (n > 200 && n % 7 == 0) {
        const auto back = static_cast<int64_t>(chance() % 180);
        add(body, minute(n - back, 1, static_cast<uint32_t>(5 + chance() % 5), static_cast<uint32_t>(n)));
      }
      const Time created = kStart + std::chrono::minutes(n + 1);
      messages.push_back(*message_of(body, created));
    }
    ASSERT_TRUE(outbox_.put({"j", 1}, messages));
  }
  void add(wire::Minutes& body, Summary s) {
    auto& best = truth_[{s.id, s.start}];
    if (best.start == Time{} || s.revision >= best.revision) best = s;
    body.sums.push_back(std::move(s));
  }
  std::vector<Summary> waiting() {
    std::vector<Summary> all;
    for (const auto found = outbox_.next(1'000'000, UINT64_MAX); const auto& m : *found) {
      auto body = wire::decode_body(*json_of(m));
      if (auto* minutes = std::get_if<wire::Minutes>(&*body))
        all.insert(all.end(), minutes->sums.begin(), minutes->sums.end());
    }
    return all;
  }
  uint64_t true_total() const {
    uint64_t total = 0;
    for (const auto& [key, s] : truth_) total += s.offered;
    return total;
  }

  const test::TempFolder folder_;
  SeededRandom random_;
  store::Outbox outbox_;
  std::map<std::pair<wire::Id, Time>, Summary> truth_;
};

TEST_F(Months, without_a_link_fit_into_the_budget_and_no_call_is_lost) {
  fill(3 * 24 * 60);
  const uint64_t before = outbox_.status()->waiting_bytes;
  const auto fitted = fit(outbox_, before / 3);
  ASSERT_TRUE(fitted) << fitted.error().what;
  EXPECT_EQ(*fitted, Fitted::rolled_up);
  const auto status = outbox_.status();
  EXPECT_LE(status->waiting_bytes, before / 3);
  const auto sums = roll_up(waiting(), Span::hour, kStart).carried;  // the highest revisions of what is left as minutes
  EXPECT_EQ(offered(sums), true_total());
  std::map<wire::Id, uint64_t> minutes;
  for (const auto& s : sums) minutes[s.id] += static_cast<uint64_t>(std::popcount(s.cover));
  for (const auto& [id, covered] : minutes) EXPECT_EQ(covered, 3U * 24 * 60) << "no minute twice, none missing";
}

TEST_F(Months, every_sequence_is_either_there_or_declared_as_replaced) {
  fill(2 * 24 * 60);
  ASSERT_TRUE(fit(outbox_, outbox_.status()->waiting_bytes / 2));
  store::Ranges all;
  for (const auto found = outbox_.next(1'000'000, UINT64_MAX); const auto& m : *found) {
    all.emplace_back(m.sequence, m.sequence);
    all.insert(all.end(), m.replaces.begin(), m.replaces.end());
  }
  EXPECT_EQ(store::joined(all), (store::Ranges{{1, outbox_.status()->newest}}));
}

TEST_F(Months, what_has_no_room_even_as_hours_is_told_as_a_gap) {
  fill(24 * 60);
  ASSERT_TRUE(outbox_.put({"j", 999'999}, {*message_of(wire::Incident{}, kStart)}));
  const auto fitted = fit(outbox_, 300);
  ASSERT_TRUE(fitted) << fitted.error().what;
  EXPECT_EQ(*fitted, Fitted::lost);
  size_t gaps = 0, incidents = 0;
  for (const auto found = outbox_.next(1000, UINT64_MAX); const auto& m : *found)
    gaps += m.kind == store::OutboxKind::gap, incidents += m.kind == store::OutboxKind::incident;
  EXPECT_GE(gaps, 1U);
  EXPECT_EQ(incidents, 1U) << "incidents are kept";
}

TEST_F(Months, nothing_is_touched_while_there_is_room) {
  fill(2000);
  EXPECT_EQ(*fit(outbox_, UINT64_MAX), Fitted::as_it_was);
  EXPECT_EQ(outbox_.status()->newest, 2000U);
}

}  // namespace
}  // namespace hf::sync
