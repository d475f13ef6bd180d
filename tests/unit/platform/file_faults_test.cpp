#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <csignal>
#include <fstream>

#include "hal/platform/files.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf {
namespace {

Path file_in(const test::TempFolder& folder, const char* name, std::string_view bytes) {
  std::ofstream(folder / name, std::ios::binary) << bytes;
  return folder / name;
}

constexpr size_t kLimit = 1 << 20;

mode_t mode_of(const Path& path) {
  struct stat about{};
  ::stat(path.c_str(), &about);
  return about.st_mode & 07777;
}

size_t files_in(const Path& folder) {
  return static_cast<size_t>(
      std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator()));
}

TEST(WriteFile, gives_back_what_was_written_with_the_mode_asked_for) {
  const test::TempFolder folder;
  ASSERT_TRUE(write_file(folder / "key", std::string("a\0b", 3), 0600));
  EXPECT_EQ(read_file(folder / "key", kLimit).value(), std::string("a\0b", 3));
  EXPECT_EQ(mode_of(folder / "key"), 0600u);
}

TEST(WriteFile, replaces_an_old_file_and_narrows_its_mode) {
  const test::TempFolder folder;
  const Path path = file_in(folder, "key", "old and longer");
  ASSERT_TRUE(write_file(path, "new", 0600));
  EXPECT_EQ(read_file(path, kLimit).value(), "new");
  EXPECT_EQ(mode_of(path), 0600u);
  EXPECT_EQ(files_in(folder.path()), 1u);
}

// The disk is "full" after 1,000 bytes: a file size limit makes write(2) fail in the middle, as ENOSPC does.
TEST(WriteFile, leaves_the_old_file_when_the_disk_fills_up_in_the_middle) {
  const test::TempFolder folder;
  const Path path = file_in(folder, "state", "old");
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const rlimit small{1000, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  const Status written = write_file(path, std::string(10'000, 'x'), 0600);
  ::setrlimit(RLIMIT_FSIZE, &before);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::io);
  EXPECT_EQ(read_file(path, kLimit).value(), "old");
  EXPECT_EQ(files_in(folder.path()), 1u) << "a half-written file stayed behind";
}

TEST(WriteFile, leaves_nothing_behind_when_the_target_is_a_folder) {
  const test::TempFolder folder;
  ASSERT_TRUE(make_folder(folder / "state", 0700));
  const Status written = write_file(folder / "state", "x", 0600);
  ASSERT_FALSE(written);
  EXPECT_NE(written.error().what.find("state"), std::string::npos);
  EXPECT_EQ(files_in(folder.path()), 1u);
}

TEST(WriteFile, tells_that_the_folder_is_missing) {
  const test::TempFolder folder;
  EXPECT_EQ(write_file(folder / "no/such", "x", 0600).error().kind, ErrorKind::not_found);
}

TEST(ReadFile, refuses_one_byte_more_than_the_limit) {
  const test::TempFolder folder;
  const Path path = file_in(folder, "f", "12345");
  EXPECT_EQ(read_file(path, 5).value(), "12345");
  EXPECT_EQ(read_file(path, 4).error().kind, ErrorKind::invalid_input);
}

TEST(ReadFile, refuses_what_is_not_a_file_without_waiting) {
  const test::TempFolder folder;
  ASSERT_EQ(::mkfifo((folder / "fifo").c_str(), 0600), 0);
  EXPECT_EQ(read_file(folder / "fifo", 5).error().kind, ErrorKind::invalid_input);
  EXPECT_EQ(read_file(folder.path(), 5).error().kind, ErrorKind::invalid_input);
  const auto missing = read_file(folder / "missing", 5);
  EXPECT_EQ(missing.error().kind, ErrorKind::not_found);
  EXPECT_NE(missing.error().what.find((folder / "missing").string()), std::string::npos);
}

TEST(MakeFolder, makes_all_above_it_and_is_content_with_what_is_there) {
  const test::TempFolder folder;
  ASSERT_TRUE(make_folder(folder / "a/b/c", 0700));
  EXPECT_TRUE(make_folder(folder / "a/b/c", 0700));
  EXPECT_EQ(mode_of(folder / "a/b"), 0700u);
  file_in(folder, "plain", "");
  EXPECT_FALSE(make_folder(folder / "plain", 0700));
}

TEST(FolderLock, a_second_holder_is_refused_and_told_by_whom) {
  const test::TempFolder folder;
  auto first = FolderLock::take(folder.path());
  ASSERT_TRUE(first) << first.error().what;
  const auto second = FolderLock::take(folder.path());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::busy);
  EXPECT_NE(second.error().what.find(folder.path().string()), std::string::npos);
  EXPECT_NE(second.error().what.find(std::to_string(::getpid())), std::string::npos) << second.error().what;
}

TEST(FolderLock, another_process_is_refused_until_the_holder_is_killed) {
  const test::TempFolder folder;
  int told[2];
  ASSERT_EQ(::pipe(told), 0);
  const pid_t holder = ::fork();
  if (holder == 0) {
    const auto lock = FolderLock::take(folder.path());
    [[maybe_unused]] const auto n = ::write(told[1], lock ? "y" : "n", 1);
    while (true) ::pause();
  }
  char taken = 0;
  ASSERT_EQ(::read(told[0], &taken, 1), 1);
  ASSERT_EQ(taken, 'y');
  const auto refused = FolderLock::take(folder.path());
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().what.find(std::to_string(holder)), std::string::npos) << refused.error().what;
  ::kill(holder, SIGKILL);
  ::waitpid(holder, nullptr, 0);
  EXPECT_TRUE(FolderLock::take(folder.path()));
  ::close(told[0]), ::close(told[1]);
}

TEST(FolderLock, is_free_again_when_it_goes) {
  const test::TempFolder folder;
  {
    const auto lock = FolderLock::take(folder.path());
  }
  EXPECT_TRUE(FolderLock::take(folder.path()));
  EXPECT_EQ(FolderLock::take(folder / "missing").error().kind, ErrorKind::not_found);
}

}  // namespace
}  // namespace hf
