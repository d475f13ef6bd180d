#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/journal/journal_fixture.hpp"

namespace hf::journal {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using std::chrono::days;

class Upkeep : public JournalTest {
 protected:
  // `count` days of one entry each; the clock stands on the last.
  Journal filled(int count) {
    auto journal = open();
    for (int day = 1; day <= count; ++day) {
      if (day > 1) clock_.time += days(1);
      EXPECT_TRUE(journal.append(std::vector{entry("day " + std::to_string(day))}));
    }
    return journal;
  }
};

// --- snapshots

TEST_F(Upkeep, a_snapshot_comes_back_to_the_core_that_made_it) {
  auto journal = filled(1);
  const std::string state(100'000, 's');
  ASSERT_TRUE(journal.save_snapshot(1, "core 1", state));
  ASSERT_TRUE(journal.close());
  auto again = open();
  const auto snapshot = again.latest_snapshot("core 1");
  ASSERT_TRUE(snapshot);
  EXPECT_EQ(snapshot->sequence, 1u);
  EXPECT_EQ(snapshot->bytes, state);
  EXPECT_FALSE(again.latest_snapshot("core 2")) << "another core could not load it";
}

TEST_F(Upkeep, the_last_two_snapshots_are_kept) {
  auto journal = filled(3);
  for (uint64_t s = 1; s <= 3; ++s) ASSERT_TRUE(journal.save_snapshot(s, "core", "state " + std::to_string(s)));
  EXPECT_THAT(files("snapshot-"), SizeIs(2));
  EXPECT_EQ(journal.latest_snapshot("core")->bytes, "state 3");
}

TEST_F(Upkeep, the_newest_snapshot_of_the_core_before_an_update_is_kept_for_its_coming_back) {
  auto journal = filled(6);
  for (uint64_t s = 1; s <= 3; ++s) ASSERT_TRUE(journal.save_snapshot(s, "1", "old " + std::to_string(s)));
  for (uint64_t s = 4; s <= 6; ++s) ASSERT_TRUE(journal.save_snapshot(s, "2", "new " + std::to_string(s)));
  EXPECT_THAT(files("snapshot-"), SizeIs(3));
  EXPECT_EQ(journal.latest_snapshot("2")->bytes, "new 6");
  ASSERT_TRUE(journal.latest_snapshot("1"));
  EXPECT_EQ(journal.latest_snapshot("1")->bytes, "old 3");
}

TEST_F(Upkeep, a_damaged_snapshot_is_skipped_with_a_message) {
  auto journal = filled(2);
  ASSERT_TRUE(journal.save_snapshot(1, "core", "old"));
  ASSERT_TRUE(journal.save_snapshot(2, "core", "new"));
  overwrite(folder() / "snapshot-0000000002.bin", 20, "x");
  EXPECT_EQ(journal.latest_snapshot("core")->bytes, "old");
  EXPECT_THAT(journal.report().messages, Contains(HasSubstr("snapshot-0000000002.bin")));
}

TEST_F(Upkeep, a_snapshot_of_another_journal_is_not_taken) {
  auto journal = filled(1);
  ASSERT_TRUE(journal.save_snapshot(1, "core", "state"));
  const auto foreign = files("snapshot-").front();
  const auto bytes = temp_ / "foreign";
  std::filesystem::copy_file(foreign, bytes);
  ASSERT_TRUE(journal.erase_everything());
  ASSERT_TRUE(journal.append(std::vector{entry("anew")}));
  std::filesystem::copy_file(bytes, foreign);
  EXPECT_FALSE(journal.latest_snapshot("core"));
}

TEST_F(Upkeep, a_snapshot_of_what_is_not_there_is_refused) {
  auto journal = filled(1);
  EXPECT_EQ(journal.save_snapshot(2, "core", "state").error().kind, ErrorKind::invalid_input);
}

TEST(SnapshotFile, refuses_any_changed_byte) {
  const std::string file = encode({7, 9, "core", std::string(300, 'z')});
  ASSERT_EQ(decode(file)->sequence, 9u);
  for (size_t i = 0; i < file.size(); ++i) {
    std::string changed = file;
    changed[i] = static_cast<char>(changed[i] ^ 0x10);
    EXPECT_FALSE(decode(changed)) << "byte " << i;
    EXPECT_FALSE(decode(file.substr(0, i))) << i << " bytes";
  }
}

// --- retention

TEST_F(Upkeep, old_days_go_once_a_snapshot_holds_them) {
  auto journal = filled(5);
  auto pruned = journal.prune({days(2)}, "core");
  ASSERT_TRUE(pruned);
  EXPECT_EQ(pruned->files, 0u);
  EXPECT_THAT(pruned->held_back, HasSubstr("no snapshot"));
  ASSERT_TRUE(journal.save_snapshot(2, "core", "state"));
  EXPECT_EQ(journal.prune({days(2)}, "core")->files, 2u);
  EXPECT_THAT(bodies(journal), ElementsAre("day 3", "day 4", "day 5"));
  EXPECT_EQ(journal.first_sequence(), 3u);
  ASSERT_TRUE(journal.close());
  auto again = open();
  EXPECT_THAT(bodies(again), ElementsAre("day 3", "day 4", "day 5"));
  EXPECT_EQ(again.last_sequence(), 5u);
  EXPECT_EQ(again.latest_snapshot("core")->sequence, 2u) << "snapshot and tail still meet";
}

TEST_F(Upkeep, a_snapshot_of_another_core_seals_nothing) {
  auto journal = filled(3);
  ASSERT_TRUE(journal.save_snapshot(3, "core 1", "state"));
  EXPECT_EQ(journal.prune({days(0)}, "core 2")->files, 0u);
}

TEST_F(Upkeep, the_disk_budget_takes_the_oldest_first_and_leaves_the_newest_day) {
  auto journal = filled(4);
  ASSERT_TRUE(journal.save_snapshot(4, "core", "state"));
  const auto pruned = journal.prune({days(400), 1}, "core");
  ASSERT_TRUE(pruned);
  EXPECT_EQ(pruned->files, 3u);
  EXPECT_GT(pruned->bytes, 0u);
  EXPECT_THAT(bodies(journal), ElementsAre("day 4"));
  EXPECT_THAT(pruned->held_back, HasSubstr("newest"));
}

TEST_F(Upkeep, files_set_aside_go_before_days_do) {
  auto journal = filled(2);
  const auto aside = folder() / "journal-000001-2026-11-26.db.damaged-20261126T120000Z";
  std::ofstream(aside) << std::string(100'000, 'x');
  const uint64_t budget = journal.bytes_on_disk() - 50'000;
  EXPECT_EQ(journal.prune({days(400), budget}, "core")->files, 1u);
  EXPECT_FALSE(std::filesystem::exists(aside));
  EXPECT_THAT(bodies(journal), SizeIs(2));
}

// --- erasure

TEST_F(Upkeep, one_callers_pseudonym_is_gone_from_every_file) {
  const std::string caller = "caller=1234567890123456789";
  auto journal = filled(1);
  for (int day = 0; day < 3; ++day) {
    clock_.time += days(1);
    std::vector<Entry> some = entries(500);
    for (size_t i = 0; i < some.size(); i += 50) some[i].body += " " + caller;
    ASSERT_TRUE(journal.append(some, std::vector<Cursor>{{"ami", "kept"}}));
  }
  const uint64_t last = journal.last_sequence();
  ASSERT_TRUE(journal.save_snapshot(last, "core", "state of " + caller));
  std::ofstream(folder() / "journal-000009-2026-11-26.db.damaged-1") << caller;
  ASSERT_TRUE(on_disk(caller));
  const auto changed = journal.erase([&](const EntryView& e) -> std::optional<std::string> {
    const auto at = e.body.find(caller);
    if (at == std::string_view::npos) return std::nullopt;
    return std::string(e.body).replace(at, caller.size(), "caller=0");
  });
  ASSERT_TRUE(changed) << changed.error().what;
  EXPECT_EQ(*changed, 30u);
  EXPECT_FALSE(on_disk(caller));
  EXPECT_EQ(sequences(journal).size(), last) << "every entry keeps its place";
  EXPECT_EQ(bodies(journal).front(), "day 1");
  EXPECT_THAT(bodies(journal), Contains(HasSubstr("caller=0")).Times(30));
  EXPECT_EQ(journal.cursor("ami").value(), "kept");
  EXPECT_EQ(journal.append(std::vector{entry("on")}).value(), last + 1);
  EXPECT_FALSE(on_disk(caller));
}

TEST_F(Upkeep, erasing_everything_leaves_no_byte_and_a_new_epoch) {
  auto journal = filled(3);
  ASSERT_TRUE(journal.append(entries(2000, "caller=777777777777")));
  ASSERT_TRUE(journal.save_snapshot(journal.last_sequence(), "core", "caller=777777777777"));
  const uint64_t epoch = journal.epoch();
  ASSERT_TRUE(journal.erase_everything());
  EXPECT_FALSE(on_disk("caller=777777777777"));
  EXPECT_THAT(files("journal-"), IsEmpty());
  EXPECT_NE(journal.epoch(), epoch);
  EXPECT_EQ(journal.append(std::vector{entry("anew")}).value(), 1u);
  ASSERT_TRUE(journal.close());
  auto again = open();
  EXPECT_THAT(bodies(again), ElementsAre("anew"));
}

}  // namespace
}  // namespace hf::journal
