#include "hal/platform/files.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/support/temp_folder.hpp"

namespace hf {
namespace {

TEST(Files, reads_back_what_was_written_and_keeps_it_private) {
  const test::TempFolder folder;
  ASSERT_TRUE(write_file(folder / "a", "one"));
  ASSERT_TRUE(write_file(folder / "a", "two"));
  EXPECT_EQ(read_file(folder / "a", 100).value(), "two");
  struct stat info {};
  ASSERT_EQ(::stat((folder / "a").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  EXPECT_FALSE(std::filesystem::exists(folder / "a.part"));
}

TEST(Files, refuses_more_than_the_limit) {
  const test::TempFolder folder;
  ASSERT_TRUE(write_file(folder / "a", "12345"));
  EXPECT_EQ(read_file(folder / "a", 4).error().kind, ErrorKind::invalid_input);
  EXPECT_TRUE(read_file(folder / "a", 5));
}

TEST(Files, names_the_file_that_is_missing) {
  const test::TempFolder folder;
  const auto none = read_file(folder / "none", 4);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, ErrorKind::not_found);
  EXPECT_NE(none.error().what.find((folder / "none").string()), std::string::npos);
}

TEST(Files, a_failed_write_leaves_the_old_content) {
  const test::TempFolder folder;
  std::filesystem::create_directory(folder / "a");
  std::ofstream(folder / "a/inside") << "kept";
  EXPECT_FALSE(write_file(folder / "a", "new")) << "a folder cannot be replaced by a file";
  EXPECT_EQ(read_file(folder / "a/inside", 100).value(), "kept");
  EXPECT_FALSE(std::filesystem::exists(folder / "a.part"));
}

TEST(Files, a_secret_that_others_may_read_is_refused_with_the_remedy) {
  const test::TempFolder folder;
  ASSERT_TRUE(write_file(folder / "secret", "hunter2\n"));
  EXPECT_EQ(read_secret_file(folder / "secret").value(), "hunter2");
  for (const mode_t mode : {0640u, 0604u, 0620u}) {
    ASSERT_EQ(::chmod((folder / "secret").c_str(), mode), 0);
    const auto refused = read_secret_file(folder / "secret");
    ASSERT_FALSE(refused) << "mode " << std::oct << mode;
    EXPECT_EQ(refused.error().kind, ErrorKind::denied);
    EXPECT_NE(refused.error().what.find("chmod 600"), std::string::npos);
    EXPECT_EQ(refused.error().what.find("hunter2"), std::string::npos);
  }
}

TEST(Files, an_empty_secret_is_no_secret) {
  const test::TempFolder folder;
  ASSERT_TRUE(write_file(folder / "secret", "\n"));
  EXPECT_EQ(read_secret_file(folder / "secret").error().kind, ErrorKind::invalid_input);
  EXPECT_EQ(read_secret_file(folder.path()).error().kind, ErrorKind::invalid_input) << "a folder is no secret";
}

}  // namespace
}  // namespace hf
