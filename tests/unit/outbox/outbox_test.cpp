#include "agent/store/outbox.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "hal/platform/random.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::store {
namespace {

Time at(int64_t seconds) { return Time(std::chrono::seconds(1'795'687'200 + seconds)); }

NewMessage minute(int64_t seconds, std::string body = "m") {
  return {OutboxKind::minutes, 1, at(seconds), body, 2 * body.size()};
}

class OutboxFile : public ::testing::Test {
 protected:
  Outbox open(uint64_t seed = 1) {
    SeededRandom random(seed);
    auto outbox = Outbox::open(file_, random);
    EXPECT_TRUE(outbox) << outbox.error().what;
    return std::move(*outbox);
  }
  static std::vector<uint64_t> sequences(const std::vector<OutboxMessage>& messages) {
    std::vector<uint64_t> out;
    for (const auto& m : messages) out.push_back(m.sequence);
    return out;
  }

  const test::TempFolder folder_;
  const Path file_ = folder_ / "outbox.db";
};

TEST_F(OutboxFile, keeps_messages_and_its_epoch_over_a_restart) {
  uint64_t epoch = 0;
  {
    Outbox outbox = open(1);
    epoch = outbox.status()->epoch;
    ASSERT_TRUE(outbox.put({"j", 1}, {minute(0, std::string("\0bytes", 6)), {OutboxKind::incident, 0, at(1), "i", 5}}));
  }
  Outbox outbox = open(2);
  EXPECT_EQ(outbox.status()->epoch, epoch);
  EXPECT_FALSE(outbox.set_aside());
  const auto next = outbox.next(10, 1000);
  ASSERT_TRUE(next);
  ASSERT_EQ(next->size(), 2U);
  EXPECT_EQ((*next)[0].body, std::string("\0bytes", 6));
  EXPECT_EQ((*next)[1].kind, OutboxKind::incident);
  EXPECT_EQ((*next)[1].plain_bytes, 5U);
  EXPECT_EQ(sequences(*next), (std::vector<uint64_t>{1, 2}));
}

TEST_F(OutboxFile, stores_no_output_of_the_core_twice) {
  Outbox outbox = open();
  ASSERT_TRUE(outbox.put({"j", 1}, {minute(0)}));
  ASSERT_TRUE(outbox.put({"j", 2}, {minute(60)}));
  ASSERT_TRUE(outbox.acknowledge({{1, 2}}, at(100)));
  ASSERT_TRUE(outbox.tidy(0, at(1000)));
  ASSERT_TRUE(outbox.put({"j", 1}, {minute(0)}));  // a replay after a crash
  ASSERT_TRUE(outbox.put({"j", 2}, {minute(60)}));
  EXPECT_EQ(outbox.status()->waiting, 0U);
  ASSERT_TRUE(outbox.put({"j", 3}, {minute(120)}));
  EXPECT_EQ(outbox.status()->newest, 3U);
  ASSERT_TRUE(outbox.put({"another journal", 1}, {minute(180)}));
  EXPECT_EQ(outbox.status()->waiting, 2U);
}

TEST_F(OutboxFile, stores_several_outputs_at_once_and_skips_those_it_has) {
  Outbox outbox = open();
  ASSERT_TRUE(outbox.put({{{"j", 1}, {minute(0, "a")}}, {{"j", 3}, {minute(60, "b"), minute(60, "c")}}}));
  EXPECT_EQ(outbox.status()->newest, 3U);
  ASSERT_TRUE(outbox.put({{{"j", 3}, {minute(60, "b"), minute(60, "c")}}, {{"j", 4}, {minute(120, "d")}}}));
  const auto next = outbox.next(10, 1000);
  ASSERT_EQ(next->size(), 4U);
  EXPECT_EQ(next->back().body, "d");
  ASSERT_TRUE(outbox.put({"j", 4}, {minute(120, "d")}));
  EXPECT_EQ(outbox.status()->newest, 4U);
}

TEST_F(OutboxFile, gives_the_oldest_first_within_the_limits) {
  Outbox outbox = open();
  ASSERT_TRUE(outbox.put({"j", 1}, {minute(120), minute(0), minute(60), minute(60)}));
  EXPECT_EQ(sequences(*outbox.next(10, 1000)), (std::vector<uint64_t>{2, 3, 4, 1}));
  EXPECT_EQ(sequences(*outbox.next(2, 1000)), (std::vector<uint64_t>{2, 3}));
  EXPECT_EQ(sequences(*outbox.next(10, 5)), (std::vector<uint64_t>{2, 3})) << "two plain bytes each";
  EXPECT_EQ(sequences(*outbox.next(10, 1)), (std::vector<uint64_t>{2})) << "one at least";
}

TEST_F(OutboxFile, settles_what_hq_answered_and_nothing_else) {
  Outbox outbox = open();
  ASSERT_TRUE(outbox.put({"j", 1}, {minute(0), minute(60), minute(120), minute(180)}));
  ASSERT_TRUE(outbox.sent({1, 2, 3}, at(200)));
  ASSERT_TRUE(outbox.sent({1}, at(210)));
  ASSERT_TRUE(outbox.acknowledge({{1, 1}, {3, 3}}, at(220)));
  ASSERT_TRUE(outbox.refuse(2, "other_bytes", at(220)));
  ASSERT_TRUE(outbox.refuse(3, "other_bytes", at(230)));  // acknowledged already
  EXPECT_EQ(sequences(*outbox.next(10, 1000)), (std::vector<uint64_t>{4}));
  const auto status = outbox.status();
  EXPECT_EQ(status->waiting, 1U);
  EXPECT_EQ(status->refused, 1U);
  EXPECT_EQ(status->oldest, 4U);
  EXPECT_EQ(status->oldest_created, at(180));
  EXPECT_EQ(status->last_acknowledged, 3U);
  const auto first = outbox.message(1);
  EXPECT_EQ(first->attempts, 2U);
  EXPECT_EQ(first->sent, at(210));
  EXPECT_EQ(first->settled, at(220));
  EXPECT_EQ(first->body, "m");
  EXPECT_EQ(outbox.message(2)->why, "other_bytes");
  EXPECT_EQ(outbox.message(99).error().kind, ErrorKind::not_found);
}

TEST_F(OutboxFile, lists_the_newest_first_page_by_page) {
  Outbox outbox = open();
  ASSERT_TRUE(outbox.put({"j", 1}, std::vector<NewMessage>(5, minute(0))));
  EXPECT_EQ(sequences(*outbox.list({}, 3)), (std::vector<uint64_t>{5, 4, 3}));
  EXPECT_EQ(sequences(*outbox.list(3, 3)), (std::vector<uint64_t>{2, 1}));
  EXPECT_TRUE(outbox.list({}, 1)->at(0).body.empty());
}

TEST_F(OutboxFile, declares_what_a_rolled_up_message_replaces_also_at_second_hand) {
  Outbox outbox = open();
  ASSERT_TRUE(outbox.put({"j", 1}, std::vector<NewMessage>(6, minute(0))));
  const NewMessage quarter{OutboxKind::minutes, 15, at(0), "q", 1}, hour{OutboxKind::minutes, 60, at(0), "h", 1};
  ASSERT_TRUE(outbox.replace({1, 2, 4}, {quarter, quarter}));  // 7, 8
  EXPECT_EQ(outbox.message(7)->replaces, (Ranges{{1, 2}, {4, 4}}));
  EXPECT_TRUE(outbox.message(8)->replaces.empty());
  EXPECT_EQ(outbox.message(1).error().kind, ErrorKind::not_found);
  ASSERT_TRUE(outbox.replace({7, 8, 3}, {hour}));  // 9
  EXPECT_EQ(outbox.message(9)->replaces, (Ranges{{1, 4}, {7, 8}}));
  EXPECT_EQ(sequences(*outbox.waiting(OutboxKind::minutes, 1, 10)), (std::vector<uint64_t>{5, 6}));
}

TEST_F(OutboxFile, replaces_all_or_nothing) {
  Outbox outbox = open();
  ASSERT_TRUE(outbox.put({"j", 1}, {minute(0), minute(0)}));
  ASSERT_TRUE(outbox.acknowledge({{2, 2}}, at(1)));
  EXPECT_EQ(outbox.replace({1, 2}, {minute(0)}).error().kind, ErrorKind::not_found);
  EXPECT_EQ(sequences(*outbox.next(10, 100)), (std::vector<uint64_t>{1}));
  EXPECT_EQ(outbox.replace({1}, {}).error().kind, ErrorKind::invalid_input) << "nothing is dropped silently";
}

TEST_F(OutboxFile, tidies_only_what_hq_has) {
  Outbox outbox = open();
  ASSERT_TRUE(outbox.put({"j", 1}, std::vector<NewMessage>(5, minute(0))));
  ASSERT_TRUE(outbox.acknowledge({{1, 3}}, at(10)));
  ASSERT_TRUE(outbox.refuse(4, "invalid", at(10)));
  ASSERT_TRUE(outbox.tidy(2, at(10)));
  EXPECT_EQ(sequences(*outbox.list({}, 10)), (std::vector<uint64_t>{5, 4, 3, 2}));
  EXPECT_EQ(outbox.message(3)->body, "m");
  ASSERT_TRUE(outbox.tidy(2, at(11)));
  EXPECT_EQ(outbox.message(3)->body, "");
  EXPECT_EQ(outbox.message(4)->body, "m");
  EXPECT_EQ(outbox.message(5)->body, "m");
}

TEST_F(OutboxFile, a_damaged_file_is_set_aside_and_a_new_epoch_begins) {
  uint64_t epoch = 0;
  {
    Outbox outbox = open(1);
    epoch = outbox.status()->epoch;
  }
  std::ofstream(file_, std::ios::binary | std::ios::trunc) << std::string(9000, 'x');
  Outbox outbox = open(2);
  ASSERT_TRUE(outbox.set_aside());
  EXPECT_TRUE(std::filesystem::exists(*outbox.set_aside()));
  EXPECT_NE(outbox.status()->epoch, epoch);
  EXPECT_TRUE(outbox.put({"j", 1}, {minute(0)}));
}

TEST_F(OutboxFile, a_file_of_a_newer_program_is_left_alone) {
  open();
  {
    auto db = sqlite::Database::open(file_);
    ASSERT_TRUE(db->execute("PRAGMA user_version = 99"));
  }
  SeededRandom random(1);
  EXPECT_EQ(Outbox::open(file_, random).error().kind, ErrorKind::unsupported);
}

TEST(OutboxRanges, join_and_come_back) {
  EXPECT_EQ(joined({{5, 6}, {1, 2}, {3, 3}, {6, 9}}), (Ranges{{1, 3}, {5, 9}}));
  EXPECT_EQ(*ranges_from(ranges_text({{1, 3}, {5, 9}})), (Ranges{{1, 3}, {5, 9}}));
  EXPECT_TRUE(ranges_from("")->empty());
  for (const auto* bad : {"1", "1-", "3-1", "1-2,3-4", "x", "1-2x"}) EXPECT_FALSE(ranges_from(bad)) << bad;
}

}  // namespace
}  // namespace hf::store
