#include "hal/platform/schema.hpp"

#include <gtest/gtest.h>
#include <sys/inotify.h>
#include <sys/stat.h>

#include <array>
#include <chrono>

#include "hal/platform/descriptor.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::sqlite {
namespace {

namespace fs = std::filesystem;

constexpr SchemaStep kFirst{"CREATE TABLE t (a)"}, kColumn{"ALTER TABLE t ADD COLUMN b DEFAULT 7"},
    kRenamed{"ALTER TABLE t RENAME COLUMN a TO c", SchemaChange::breaks};
constexpr SchemaStep kOne[] = {kFirst}, kGrown[] = {kFirst, kColumn}, kBroken[] = {kFirst, kColumn, kRenamed};

class Schema : public ::testing::Test {
 protected:
  Result<Database> open(std::span<const SchemaStep> steps) { return open_kept(file_, {}, steps); }
  Database opened(std::span<const SchemaStep> steps) {
    auto database = open(steps);
    EXPECT_TRUE(database) << database.error().what;
    return std::move(*database);
  }
  int64_t rows(Database& database) { return database.integer("SELECT count(*) FROM t").value().value_or(-1); }
  SchemaMark mark() { return SchemaMark::of(static_cast<uint32_t>(*Database::open(file_)->integer("PRAGMA user_version").value())); }

  const test::TempFolder folder_;
  const fs::path file_ = folder_ / "users.db";
};

TEST_F(Schema, an_older_program_works_on_a_file_that_only_grew) {
  { ASSERT_TRUE(opened(kGrown).run("INSERT INTO t (a) VALUES (1)")); }
  auto older = opened(kOne);
  EXPECT_EQ(rows(older), 1);
  EXPECT_TRUE(older.run("INSERT INTO t (a) VALUES (2)"));
  EXPECT_EQ(mark().version, 2) << "and leaves its format alone";
  auto newer = opened(kGrown);
  EXPECT_EQ(newer.integer("SELECT b FROM t WHERE a = 2").value(), 7);
}

TEST_F(Schema, a_file_is_copied_before_its_format_changes) {
  { ASSERT_TRUE(opened(kGrown).run("INSERT INTO t (a) VALUES (1)")); }
  EXPECT_FALSE(fs::exists(folder_ / "users.db.before-0")) << "a new file has no before";
  auto newer = opened(kBroken);
  ASSERT_TRUE(newer.run("INSERT INTO t (c) VALUES (2)"));
  struct stat info {};
  ASSERT_EQ(::stat((folder_ / "users.db.before-2").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u) << "it holds what the file holds";
  auto copy = Database::open(folder_ / "users.db.before-2");
  EXPECT_EQ(rows(*copy), 1);
}

TEST_F(Schema, what_an_older_program_cannot_work_on_gives_way_to_the_copy_and_is_kept) {
  { ASSERT_TRUE(opened(kGrown).run("INSERT INTO t (a) VALUES (1)")); }
  { ASSERT_TRUE(opened(kBroken).run("INSERT INTO t (c) VALUES (2)")); }
  {
    auto older = opened(kGrown);
    EXPECT_EQ(rows(older), 1) << "as it was before the update";
  }
  auto kept = Database::open(folder_ / "users.db.newer-3");
  EXPECT_EQ(rows(*kept), 2);
  auto newer = opened(kBroken);
  EXPECT_EQ(rows(newer), 1) << "the next update starts from what the older program left";
}

// A power cut between two renames left a box without its users' file: it would have begun anew.
TEST_F(Schema, no_moment_is_without_a_file_while_the_copy_takes_its_place) {
  { opened(kGrown); }
  { opened(kBroken); }
  const Descriptor watch(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  ASSERT_GE(::inotify_add_watch(watch.get(), folder_.path().c_str(), IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE), 0);
  { opened(kGrown); }
  alignas(inotify_event) std::array<char, 16384> told{};
  const ssize_t length = ::read(watch.get(), told.data(), told.size());
  ASSERT_GT(length, 0);
  bool put = false;
  for (ssize_t at = 0; at < length;) {
    const auto* event = reinterpret_cast<const inotify_event*>(told.data() + at);
    at += static_cast<ssize_t>(sizeof *event + event->len);
    if (event->len == 0 || std::string_view(event->name) != "users.db") continue;
    EXPECT_FALSE(event->mask & (IN_MOVED_FROM | IN_DELETE)) << "users.db was gone for a moment";
    put = put || (event->mask & IN_MOVED_TO) != 0;
  }
  EXPECT_TRUE(put);
}

TEST_F(Schema, a_place_taken_by_an_attempt_cut_short_is_taken_again) {
  { ASSERT_TRUE(opened(kGrown).run("INSERT INTO t (a) VALUES (1)")); }
  { opened(kBroken); }
  fs::create_hard_link(file_, folder_ / "users.db.newer-3");
  auto older = opened(kGrown);
  EXPECT_EQ(rows(older), 1);
}

TEST_F(Schema, without_a_copy_a_newer_file_is_refused_and_left_alone) {
  { opened(kBroken); }
  const auto refused = open(kGrown);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::unsupported);
  EXPECT_NE(refused.error().what.find(file_.string()), std::string::npos);
  EXPECT_EQ(mark().version, 3);
}

TEST_F(Schema, a_copy_that_is_no_longer_of_use_goes) {
  { opened(kOne); }
  { opened(kGrown); }
  ASSERT_TRUE(fs::exists(folder_ / "users.db.before-1"));
  { opened(kBroken); }
  EXPECT_FALSE(fs::exists(folder_ / "users.db.before-1")) << "one copy is enough";
  fs::last_write_time(folder_ / "users.db.before-2", fs::file_time_type::clock::now() - std::chrono::hours(24 * 31));
  { opened(kBroken); }
  EXPECT_FALSE(fs::exists(folder_ / "users.db.before-2")) << "after a month an update is settled";
}

TEST_F(Schema, copies_go_when_their_content_shall_be_forgotten) {
  { opened(kGrown); }
  { opened(kBroken); }
  { opened(kGrown); }
  ASSERT_TRUE(fs::exists(folder_ / "users.db.newer-3"));
  ASSERT_TRUE(drop_copies(file_));
  EXPECT_FALSE(fs::exists(folder_ / "users.db.newer-3"));
  EXPECT_TRUE(fs::exists(file_));
}

TEST_F(Schema, marks_tell_what_a_program_must_know) {
  EXPECT_EQ(SchemaMark::after(kGrown).needs, 1);
  EXPECT_EQ(SchemaMark::after(kBroken).needs, 3);
  EXPECT_EQ(SchemaMark::of(2).needs, 2) << "a file from before this was told";
  EXPECT_EQ(SchemaMark::of(SchemaMark::after(kBroken).user_version()).version, 3);
}

}  // namespace
}  // namespace hf::sqlite
