#include "hal/platform/sqlite.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "hal/platform/schema.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::sqlite {
namespace {

class Sqlite : public ::testing::Test {
 protected:
  Database open() {
    auto database = Database::open(file_);
    EXPECT_TRUE(database) << database.error().what;
    return std::move(*database);
  }
  void write(std::string_view bytes) { std::ofstream(file_, std::ios::binary) << bytes; }

  const test::TempFolder folder_;
  const std::filesystem::path file_ = folder_ / "a.db";
};

TEST_F(Sqlite, gives_back_what_was_bound) {
  auto database = open();
  ASSERT_TRUE(database.execute("CREATE TABLE t (a, b, c, d, e)"));
  const std::string bytes("\0x\0", 3);
  ASSERT_TRUE(database.run("INSERT INTO t VALUES (?,?,?,?,?)", int64_t{1} << 62, 2.5, std::string_view(), Blob{bytes}, std::optional<int64_t>{}));
  auto rows = database.prepare("SELECT a, b, c, d, e FROM t");
  ASSERT_TRUE(rows);
  int seen = 0;
  ASSERT_TRUE(rows->each([&](const Statement& row) {
    ++seen;
    EXPECT_EQ(row.integer(0), int64_t{1} << 62);
    EXPECT_EQ(row.real(1), 2.5);
    EXPECT_FALSE(row.is_null(2)) << "an empty text is not NULL";
    EXPECT_EQ(row.text(2), "");
    EXPECT_EQ(row.blob(3), bytes);
    EXPECT_TRUE(row.is_null(4));
  }));
  EXPECT_EQ(seen, 1);
}

TEST_F(Sqlite, is_durable_and_private) {
  auto database = open();
  EXPECT_EQ(database.integer("PRAGMA synchronous").value(), 2);
  EXPECT_EQ(database.integer("SELECT journal_mode = 'wal' FROM pragma_journal_mode").value(), 1);
  struct stat info {};
  ASSERT_EQ(::stat(file_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(Sqlite, rolls_back_when_the_work_fails) {
  auto database = open();
  ASSERT_TRUE(database.execute("CREATE TABLE t (a)"));
  auto done = database.transaction([&] {
    EXPECT_TRUE(database.execute("INSERT INTO t VALUES (1)"));
    return Status(fail(ErrorKind::denied, "no"));
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, ErrorKind::denied);
  EXPECT_EQ(database.integer("SELECT count(*) FROM t").value(), 0);
  EXPECT_TRUE(database.transaction([&] { return database.execute("INSERT INTO t VALUES (2)"); })) << "and works on";
}

TEST_F(Sqlite, migrates_once_and_only_forward) {
  const SchemaStep first[] = {{"CREATE TABLE t (a)"}};
  const SchemaStep both[] = {{"CREATE TABLE t (a)"}, {"ALTER TABLE t RENAME COLUMN a TO b", SchemaChange::breaks}};
  ASSERT_TRUE(open().migrate(first));
  {
    auto database = open();
    ASSERT_TRUE(database.run("INSERT INTO t VALUES (?)", 1));
    ASSERT_TRUE(database.migrate(both));
    ASSERT_TRUE(database.migrate(both));
    EXPECT_EQ(database.integer("SELECT b FROM t").value(), 1);
  }
  auto refused = open().migrate(first);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::unsupported);
  EXPECT_NE(refused.error().what.find(file_.string()), std::string::npos);
  EXPECT_EQ(SchemaMark::of(static_cast<uint32_t>(*open().integer("PRAGMA user_version").value())).version, 2);
}

TEST_F(Sqlite, tells_a_file_that_is_no_database) {
  write(std::string(8192, 'x'));
  auto database = Database::open(file_);
  ASSERT_FALSE(database);
  EXPECT_EQ(database.error().kind, ErrorKind::corrupt);
  EXPECT_NE(database.error().what.find(file_.string()), std::string::npos);
}

TEST_F(Sqlite, read_only_never_creates) {
  auto database = Database::open(file_, {.read_only = true});
  ASSERT_FALSE(database);
  EXPECT_EQ(database.error().kind, ErrorKind::io);
  EXPECT_FALSE(std::filesystem::exists(file_));
}

TEST_F(Sqlite, tells_a_broken_constraint_and_bad_sql_apart) {
  auto database = open();
  ASSERT_TRUE(database.execute("CREATE TABLE t (a UNIQUE)"));
  ASSERT_TRUE(database.run("INSERT INTO t VALUES (?)", 1));
  EXPECT_EQ(database.run("INSERT INTO t VALUES (?)", 1).error().kind, ErrorKind::invalid_input);
  EXPECT_EQ(database.run("INSERT INTO nowhere VALUES (?)", 1).error().kind, ErrorKind::internal);
  EXPECT_EQ(database.run("INSERT INTO t VALUES (?)", 1, 2).error().kind, ErrorKind::invalid_input) << "one parameter too many";
}

TEST_F(Sqlite, quick_check_finds_a_damaged_page) {
  {
    auto database = open();
    ASSERT_TRUE(database.execute("CREATE TABLE t (a); INSERT INTO t SELECT randomblob(500) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL "
                                 "SELECT i+1 FROM n WHERE i < 100) SELECT i FROM n)"));
    ASSERT_TRUE(database.quick_check());
    ASSERT_TRUE(database.checkpoint());
  }
  std::fstream out(file_, std::ios::in | std::ios::out | std::ios::binary);
  out.seekp(3 * 4096);
  out << std::string(64, '\xff');
  out.close();
  auto checked = open().quick_check();
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().kind, ErrorKind::corrupt);
}

}  // namespace
}  // namespace hf::sqlite
