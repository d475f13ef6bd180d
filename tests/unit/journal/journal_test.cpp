#include "agent/journal/journal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "tests/unit/journal/journal_fixture.hpp"

namespace hf::journal {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(JournalTest, gives_back_what_was_appended_in_order_and_numbered) {
  auto journal = open();
  const std::vector<Entry> two{entry("a"), entry(std::string("b\0c", 3))};
  EXPECT_EQ(journal.append(two).value(), 2u);
  EXPECT_EQ(journal.append(std::vector{entry("")}).value(), 3u);
  std::vector<Entry> back;
  ASSERT_TRUE(journal.read(1, 100, [&](const EntryView& e) { back.push_back({e.sequence, e.at, std::string(e.kind), std::string(e.body)}); }));
  ASSERT_THAT(back, SizeIs(3));
  EXPECT_EQ(back[1].sequence, 2u);
  EXPECT_EQ(back[1].at, clock_.time);
  EXPECT_EQ(back[1].kind, "call_event");
  EXPECT_EQ(back[1].body, std::string("b\0c", 3));
  EXPECT_EQ(back[2].body, "");
}

TEST_F(JournalTest, goes_on_after_a_restart_with_the_same_epoch) {
  uint64_t epoch = 0;
  {
    auto journal = open();
    ASSERT_TRUE(journal.append(std::vector{entry("a")}));
    epoch = journal.epoch();
  }
  auto journal = open();
  EXPECT_EQ(journal.epoch(), epoch);
  EXPECT_EQ(journal.last_sequence(), 1u);
  EXPECT_EQ(journal.append(std::vector{entry("b")}).value(), 2u);
  EXPECT_THAT(bodies(journal), ElementsAre("a", "b"));
  EXPECT_THAT(journal.report().messages, IsEmpty());
}

TEST_F(JournalTest, a_new_journal_has_a_new_epoch) {
  test::TempFolder other;
  auto one = open();
  auto two = Journal::open(other / "journal", clock_, random_);
  ASSERT_TRUE(two);
  EXPECT_NE(one.epoch(), two->epoch());
}

TEST_F(JournalTest, reads_a_range) {
  auto journal = open();
  ASSERT_TRUE(journal.append(std::vector{entry("a"), entry("b"), entry("c"), entry("d")}));
  EXPECT_THAT(bodies(journal, 2, 2), ElementsAre("b", "c"));
  EXPECT_THAT(bodies(journal, 5, 2), IsEmpty());
  EXPECT_THAT(bodies(journal, 0, 1), ElementsAre("a"));
}

TEST_F(JournalTest, keeps_a_file_a_day_and_reads_across_them) {
  auto journal = open();
  for (const char* body : {"a", "b", "c"}) {
    ASSERT_TRUE(journal.append(std::vector{entry(body)}));
    clock_.time += std::chrono::hours(24);
  }
  EXPECT_TRUE(std::filesystem::exists(folder() / "journal-000002-2026-11-27.db"));
  EXPECT_THAT(bodies(journal), ElementsAre("a", "b", "c"));
  EXPECT_THAT(bodies(journal, 2, 2), ElementsAre("b", "c"));
  EXPECT_THAT(files("-wal"), SizeIs(1)) << "closed days are complete single files";
  ASSERT_TRUE(journal.close());
  auto again = open();
  EXPECT_THAT(bodies(again), ElementsAre("a", "b", "c"));
  EXPECT_EQ(again.last_sequence(), 3u);
}

TEST_F(JournalTest, a_clock_that_steps_back_neither_loses_nor_reorders) {
  auto journal = open();
  ASSERT_TRUE(journal.append(std::vector{entry("a")}));
  clock_.time -= std::chrono::hours(20);  // yesterday: stays in the file at hand
  ASSERT_TRUE(journal.append(std::vector{entry("b")}));
  EXPECT_THAT(files("journal-000002"), IsEmpty());
  clock_.time -= std::chrono::days(4000);  // the year before had been a dream of an empty clock battery
  ASSERT_TRUE(journal.append(std::vector{entry("c")}));
  ASSERT_TRUE(journal.close());
  auto again = open();
  EXPECT_THAT(bodies(again), ElementsAre("a", "b", "c"));
  EXPECT_THAT(sequences(again), ElementsAre(1, 2, 3));
}

TEST_F(JournalTest, commits_the_cursor_with_the_entries_and_carries_it_over_midnight) {
  {
    auto journal = open();
    ASSERT_TRUE(journal.append(std::vector{entry("a")}, std::vector<Cursor>{{"ami", "100"}, {"queue_log", "7"}}));
    clock_.time += std::chrono::hours(24);
    ASSERT_TRUE(journal.append(std::vector{entry("b")}, std::vector<Cursor>{{"ami", "200"}}));
    EXPECT_EQ(journal.cursor("ami").value(), "200");
  }
  auto journal = open();
  EXPECT_EQ(journal.cursor("ami").value(), "200");
  EXPECT_EQ(journal.cursor("queue_log").value(), "7");
  EXPECT_EQ(journal.cursor("simulator").value(), std::nullopt);
}

TEST_F(JournalTest, another_reader_sees_what_is_being_written) {
  auto journal = open();
  ASSERT_TRUE(journal.append(std::vector{entry("a")}));
  clock_.time += std::chrono::hours(24);
  ASSERT_TRUE(journal.append(std::vector{entry("b"), entry("c")}));
  std::vector<std::string> seen;
  EXPECT_EQ(read_folder(folder(), 1, 2, [&](const EntryView& e) { seen.emplace_back(e.body); }).value(), 2u);
  EXPECT_THAT(seen, ElementsAre("a", "b"));
}

TEST_F(JournalTest, begins_with_the_first_entry_a_journal_holds) {
  auto journal = open();
  EXPECT_EQ(journal.first_sequence(), 1u);
  EXPECT_EQ(journal.last_sequence(), 0u);
  ASSERT_TRUE(journal.append(std::vector{entry("a"), entry("b")}));
  EXPECT_EQ(journal.first_sequence(), 1u);
}

TEST_F(JournalTest, refuses_a_folder_of_a_newer_version_and_leaves_it_untouched) {
  {
    auto journal = open();
    ASSERT_TRUE(journal.append(std::vector{entry("a")}));
    clock_.time += std::chrono::hours(24);
    ASSERT_TRUE(journal.append(std::vector{entry("b")}));
  }
  const auto newest = folder() / "journal-000002-2026-11-27.db";
  {
    auto database = sqlite::Database::open(newest);
    ASSERT_TRUE(database->execute("PRAGMA user_version = 2"));
  }
  std::map<std::string, std::string> before;
  auto content = [&](const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  for (const auto& file : files("")) before[file.string()] = content(file);
  const auto refused = Journal::open(folder(), clock_, random_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::unsupported);
  EXPECT_NE(refused.error().what.find(newest.string()), std::string::npos);
  EXPECT_NE(refused.error().what.find("version 2"), std::string::npos);
  std::map<std::string, std::string> after;
  for (const auto& file : files("")) after[file.string()] = content(file);
  EXPECT_EQ(before, after);
}

TEST_F(JournalTest, tells_a_folder_that_cannot_be_made) {
  std::ofstream(temp_ / "journal") << "a file where the folder should be";
  const auto journal = Journal::open(folder(), clock_, random_);
  ASSERT_FALSE(journal);
  EXPECT_NE(journal.error().what.find(folder().string()), std::string::npos);
}

TEST_F(JournalTest, forgets_what_an_interrupted_midnight_left) {
  {
    auto journal = open();
    ASSERT_TRUE(journal.append(std::vector{entry("a")}));
  }
  std::ofstream(folder() / "journal-000002-2026-11-27.db.part") << "half";
  auto journal = open();
  EXPECT_THAT(bodies(journal), ElementsAre("a"));
  EXPECT_THAT(files(".part"), IsEmpty());
}

TEST(SegmentName, is_read_from_a_file_name_and_nothing_else) {
  const auto name = SegmentName::parse("journal-000007-2026-11-26.db");
  ASSERT_TRUE(name);
  EXPECT_EQ(name->number, 7u);
  EXPECT_EQ(name->file(), "journal-000007-2026-11-26.db");
  EXPECT_TRUE(SegmentName::parse("journal-1234567-2026-11-26.db"));
  for (const char* other : {"journal-000007-2026-11-26.db-wal", "journal-000007-2026-02-30.db", "journal-x-2026-11-26.db", "journal-.db", "journal.db",
                            "journal-000007-2026-11-26.db.damaged-20261126T120000Z", "journal-000007-2026-1-26.db", ""}) {
    EXPECT_FALSE(SegmentName::parse(other)) << other;
  }
}

}  // namespace
}  // namespace hf::journal
