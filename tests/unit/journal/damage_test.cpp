#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "tests/unit/journal/journal_fixture.hpp"

namespace hf::journal {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr size_t kEntries = 3000;  // about 100 pages

class Damage : public JournalTest {
 protected:
  std::filesystem::path first() const { return folder() / "journal-000001-2026-11-26.db"; }
  std::filesystem::path second() const { return folder() / "journal-000002-2026-11-27.db"; }

  // One day of kEntries, closed; returns the epoch.
  uint64_t one_day() {
    auto journal = open();
    EXPECT_TRUE(journal.append(entries(kEntries), std::vector<Cursor>{{"ami", "day one"}}));
    EXPECT_TRUE(journal.close());
    return journal.epoch();
  }
  uint64_t two_days() {
    const uint64_t epoch = one_day();
    clock_.time += std::chrono::hours(24);
    auto journal = open();
    EXPECT_TRUE(journal.append(entries(kEntries), std::vector<Cursor>{{"ami", "day two"}}));
    EXPECT_TRUE(journal.close());
    return epoch;
  }
  // What is left and what was told lost make up the whole, each number once.
  void expect_all_accounted(Journal& journal, uint64_t last) {
    std::vector<uint64_t> seen(last + 1);
    for (const uint64_t s : sequences(journal)) ++seen.at(s);
    for (const Loss& loss : journal.report().losses) {
      for (uint64_t s = loss.first; s <= (loss.last == 0 ? last : loss.last); ++s) ++seen.at(s);
    }
    for (uint64_t s = 1; s <= last; ++s) ASSERT_EQ(seen[s], 1u) << "entry " << s;
  }
};

TEST_F(Damage, garbage_in_the_header_costs_nothing) {
  const uint64_t epoch = one_day();
  overwrite(first(), 0, std::string(4096, '\xa5'));
  auto journal = open();
  EXPECT_THAT(sequences(journal), SizeIs(kEntries));
  EXPECT_THAT(journal.report().losses, IsEmpty());
  EXPECT_THAT(journal.report().messages, Contains(HasSubstr(first().string())));
  EXPECT_THAT(files(".damaged-20261126T120000Z"), SizeIs(::testing::Ge(1u))) << "kept for examination";
  EXPECT_EQ(journal.cursor("ami").value(), "day one");
  EXPECT_EQ(journal.append(std::vector{entry("on")}).value(), kEntries + 1);
  EXPECT_EQ(journal.epoch(), epoch);
}

TEST_F(Damage, damaged_pages_cost_their_entries_and_are_told_exactly) {
  const uint64_t epoch = one_day();
  overwrite(first(), 20 * 4096, std::string(8192, '\xff'));
  overwrite(first(), 40 * 4096, std::string(4096, '\0'));
  auto journal = open();
  ASSERT_TRUE(journal.check());
  ASSERT_FALSE(journal.report().losses.empty());
  expect_all_accounted(journal, kEntries);
  EXPECT_GT(sequences(journal).size(), kEntries - 300);
  EXPECT_EQ(journal.report().losses[0].from, clock_.time) << "an interval of time is told too";
  EXPECT_EQ(journal.append(std::vector{entry("on")}).value(), kEntries + 1);
  EXPECT_EQ(journal.epoch(), epoch) << "its end is whole: no number can be used twice";
}

TEST_F(Damage, met_by_a_reader_is_salvaged_under_its_hands) {
  one_day();
  overwrite(first(), 20 * 4096, std::string(8192, '\xff'));
  auto journal = open();
  std::vector<uint64_t> seen;
  ASSERT_TRUE(journal.read(1, UINT64_MAX, [&](const EntryView& e) { seen.push_back(e.sequence); }));
  EXPECT_EQ(seen, sequences(journal)) << "the reader got each of those left once";
  expect_all_accounted(journal, kEntries);
}

TEST_F(Damage, a_file_cut_short_loses_its_end_and_the_epoch) {
  const uint64_t epoch = one_day();
  std::filesystem::resize_file(first(), std::filesystem::file_size(first()) / 2);
  auto journal = open();
  ASSERT_TRUE(journal.check());
  const auto left = sequences(journal);
  ASSERT_FALSE(left.empty());
  EXPECT_LT(left.size(), kEntries);
  ASSERT_THAT(journal.report().losses, SizeIs(::testing::Ge(1u)));
  const Loss& loss = journal.report().losses.back();
  EXPECT_EQ(loss.first, left.back() + 1);
  // Met in a running journal, so the last number is known and the epoch stays; a start that meets it must begin a new one.
  const auto next = journal.append(std::vector{entry("on")}).value();
  EXPECT_GT(next, left.back());
  EXPECT_TRUE(journal.epoch() != epoch || next > kEntries) << "a number that was used before is never used again in the same epoch";
}

TEST_F(Damage, an_older_day_cut_short_keeps_numbers_and_epoch) {
  const uint64_t epoch = two_days();
  std::filesystem::resize_file(first(), 60 * 1024);
  auto journal = open();
  ASSERT_TRUE(journal.check());
  expect_all_accounted(journal, 2 * kEntries);
  EXPECT_EQ(journal.report().losses.back().last, kEntries) << "the day after tells where the loss ends";
  EXPECT_EQ(journal.last_sequence(), 2 * kEntries);
  EXPECT_EQ(journal.epoch(), epoch);
}

TEST_F(Damage, a_day_of_pure_garbage_is_told_as_lost_and_life_goes_on) {
  const uint64_t epoch = two_days();
  std::string garbage(std::filesystem::file_size(second()), '\0');
  std::iota(garbage.begin(), garbage.end(), 'a');
  overwrite(second(), 0, garbage);
  auto journal = open();
  ASSERT_THAT(journal.report().losses, SizeIs(1));
  EXPECT_EQ(journal.report().losses[0].first, kEntries + 1);
  EXPECT_EQ(journal.report().losses[0].to, clock_.time);
  EXPECT_THAT(sequences(journal), SizeIs(kEntries));
  EXPECT_NE(journal.epoch(), epoch);
  ASSERT_TRUE(journal.append(std::vector{entry("on")}));
  EXPECT_EQ(bodies(journal).back(), "on");
  EXPECT_EQ(journal.cursor("ami").value(), "day one") << "the source gives again what was lost with the day";
  ASSERT_TRUE(journal.close());
  auto again = open();
  EXPECT_THAT(sequences(again), SizeIs(kEntries + 1));
  EXPECT_EQ(again.epoch(), journal.epoch());
  EXPECT_THAT(again.report().losses, IsEmpty()) << "told once";
}

TEST_F(Damage, an_empty_file_is_damage_too) {
  one_day();
  clock_.time += std::chrono::hours(24);
  std::ofstream(second(), std::ios::binary).flush();
  auto journal = open();
  EXPECT_THAT(sequences(journal), SizeIs(kEntries));
  EXPECT_TRUE(journal.append(std::vector{entry("on")}));
  EXPECT_THAT(files(".damaged-"), SizeIs(::testing::Ge(1u)));
}

TEST_F(Damage, after_a_crash_nothing_committed_is_missing) {
  auto journal = open();
  ASSERT_TRUE(journal.append(std::vector{entry("a")}));
  ASSERT_TRUE(journal.append(std::vector{entry("b")}));
  auto survivor = Journal::open(crash_image("crashed"), clock_, random_);
  ASSERT_TRUE(survivor);
  EXPECT_THAT(bodies(*survivor), ElementsAre("a", "b"));
  EXPECT_EQ(survivor->epoch(), journal.epoch());
  EXPECT_THAT(survivor->report().losses, IsEmpty());
}

TEST_F(Damage, a_missing_wal_after_a_crash_is_loss_not_an_ordinary_start) {
  auto journal = open();
  ASSERT_TRUE(journal.append(std::vector{entry("a")}));
  const auto image = crash_image("crashed");
  std::filesystem::remove(image / "journal-000001-2026-11-26.db-wal");
  auto survivor = Journal::open(image, clock_, random_);
  ASSERT_TRUE(survivor);
  ASSERT_THAT(survivor->report().losses, SizeIs(1));
  EXPECT_EQ(survivor->report().losses[0].first, 1u);
  EXPECT_EQ(survivor->report().losses[0].last, 0u) << "how many is unknown";
  EXPECT_THAT(survivor->report().messages, Contains(HasSubstr("journal-000001-2026-11-26.db-wal")));
  EXPECT_NE(survivor->epoch(), journal.epoch());
  EXPECT_TRUE(survivor->append(std::vector{entry("on")}));
}

TEST_F(Damage, a_clean_end_leaves_no_doubt) {
  one_day();
  std::filesystem::remove(first().string() + "-wal");  // after a clean close it holds nothing
  auto journal = open();
  EXPECT_THAT(journal.report().losses, IsEmpty());
  EXPECT_THAT(sequences(journal), SizeIs(kEntries));
}

TEST_F(Damage, a_garbled_wal_costs_no_more_than_its_entries) {
  auto journal = open();
  ASSERT_TRUE(journal.append(entries(kEntries)));
  ASSERT_TRUE(journal.append(entries(10)));
  const auto image = crash_image("crashed");
  overwrite(image / "journal-000001-2026-11-26.db-wal", static_cast<std::streamoff>(std::filesystem::file_size(image / "journal-000001-2026-11-26.db-wal")) - 4000, std::string(64, 'x'));
  auto survivor = Journal::open(image, clock_, random_);
  ASSERT_TRUE(survivor);
  EXPECT_TRUE(survivor->append(std::vector{entry("on")}));
  EXPECT_EQ(bodies(*survivor).back(), "on");
}

TEST(LossText, tells_times_and_numbers) {
  const Loss known{Time(std::chrono::seconds(10)), Time(std::chrono::seconds(20)), 5, 9, "journal-1"};
  EXPECT_EQ(to_text(known), "10.000000 to 20.000000, entries 5 to 9 (journal-1)");
  const Loss open_end{Time(std::chrono::seconds(10)), Time(std::chrono::seconds(20)), 5, 0, "journal-1"};
  EXPECT_THAT(to_text(open_end), HasSubstr("entries from 5 on"));
}

}  // namespace
}  // namespace hf::journal
