#include "hal/platform/secret.hpp"

#include <gtest/gtest.h>

#include <sstream>
#include <type_traits>

#include "hal/platform/files.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf {
namespace {

static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
static_assert(!std::is_convertible_v<Secret, std::string_view> && !std::is_convertible_v<Secret, std::string>);

TEST(Secret, prints_as_stars_everywhere) {
  const Secret secret("hunter2");
  std::ostringstream out;
  out << secret;
  EXPECT_EQ(out.str(), "***");
  EXPECT_EQ(fmt::format("{}", secret), "***");
}

TEST(Secret, moves_and_leaves_nothing_behind) {
  Secret from("hunter2");
  const Secret to = std::move(from);
  EXPECT_EQ(to.reveal(), "hunter2");
  EXPECT_TRUE(from.empty());  // NOLINT(bugprone-use-after-move): this is what is tested
  EXPECT_EQ(to.copy().reveal(), "hunter2");
}

TEST(WipeText, overwrites_before_it_clears) {
  std::string text = "a password that is longer than the small buffer";
  const char* bytes = text.data();
  const size_t size = text.size();
  wipe(text);
  EXPECT_TRUE(text.empty());
  for (size_t i = 0; i < size; ++i) EXPECT_EQ(bytes[i], 0) << "the capacity still holds the secret";
}

TEST(ReadSecret, gives_the_one_line_of_a_private_file) {
  const test::TempFolder folder;
  ASSERT_TRUE(write_file(folder / "a", "s3cret\n"));
  EXPECT_EQ(read_secret(folder / "a").value().reveal(), "s3cret");
  ASSERT_TRUE(write_file(folder / "b", " with space \r\n"));
  EXPECT_EQ(read_secret(folder / "b").value().reveal(), " with space ");
}

TEST(ReadSecret, what_is_no_line_of_text_is_an_error_that_names_the_file) {
  const test::TempFolder folder;
  for (const std::string& text :
       {std::string(), std::string("\n"), std::string("a\0b", 3), std::string("two\nlines"), std::string(5000, 'x')}) {
    ASSERT_TRUE(write_file(folder / "wrong", text));
    const auto secret = read_secret(folder / "wrong");
    ASSERT_FALSE(secret);
    EXPECT_EQ(secret.error().kind, ErrorKind::invalid_input);
    EXPECT_NE(secret.error().what.find("wrong"), std::string::npos);
  }
  EXPECT_EQ(read_secret(folder / "missing").error().kind, ErrorKind::not_found);
}

}  // namespace
}  // namespace hf
