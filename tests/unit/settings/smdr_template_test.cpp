#include "agent/settings/smdr_template.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_folder.hpp"

namespace hf::settings {
namespace {

using ::testing::HasSubstr;

std::string problem(std::string_view text) {
  const auto read = parse_smdr_template(text, "x.toml");
  return read ? "" : read.error().what;
}

constexpr std::string_view kGood = R"([template]
id = "x"
label = "X"
[line]
separator = ";"
[columns]
start = "1"
ring = "2"
talk = "3"
)";

TEST(SmdrTemplate, all_that_are_delivered_can_be_read) {
  size_t found = 0;
  for (const auto& file : std::filesystem::directory_iterator(Path(HF_SOURCE_DIR) / "config/smdr-templates")) {
    const auto read = load_smdr_template(file.path());
    ASSERT_TRUE(read) << read.error().what;
    EXPECT_EQ(read->id, file.path().stem().string());
    EXPECT_FALSE(read->document.empty()) << "each says from which document it comes";
    ++found;
  }
  EXPECT_GE(found, 4u);
}

TEST(SmdrTemplate, those_that_come_with_holdfast_are_there_without_their_folder) {
  const test::TempFolder folder;
  for (const auto& file : std::filesystem::directory_iterator(Path(HF_SOURCE_DIR) / "config/smdr-templates")) {
    const auto read = load_smdr_template(folder / "smdr-templates" / file.path().filename());
    ASSERT_TRUE(read) << read.error().what;
    EXPECT_EQ(dump(*read), dump(*load_smdr_template(file.path())));
  }
  const auto missing = load_smdr_template(folder / "avaya.toml");
  EXPECT_THAT(missing.error().what, AllOf(HasSubstr("avaya.toml: no such template"), HasSubstr("smdr-templates/avaya-ip-office.toml")));
  EXPECT_FALSE(load_smdr_template(folder / "3cx.toml")) << "a file of one's own is not taken for another";
}

TEST(SmdrTemplate, reads_columns_by_number_and_by_place) {
  const auto numbered = parse_smdr_template(kGood, "x.toml");
  ASSERT_TRUE(numbered) << numbered.error().what;
  EXPECT_EQ(numbered->column(pbx::SmdrField::talk).at, 3u);
  EXPECT_FALSE(numbered->has(pbx::SmdrField::caller));
  const auto placed = parse_smdr_template("[template]\nid = \"x\"\nlabel = \"X\"\n[columns]\nend_date = \"1+8\"\nend_time = \"10+5\"\ntotal = \"20+8\"\n", "x.toml");
  ASSERT_TRUE(placed) << placed.error().what;
  EXPECT_EQ(placed->column(pbx::SmdrField::end_time).width, 5u);
}

TEST(SmdrTemplate, comes_back_from_what_it_was_written_as) {
  const auto read = parse_smdr_template(kGood, "x.toml");
  const auto again = parse_smdr_template(dump(*read), "again.toml");
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(dump(*again), dump(*read));
}

TEST(SmdrTemplate, names_what_is_wrong_and_where) {
  EXPECT_THAT(problem(std::string(kGood) + "rign = \"4\"\n"), HasSubstr("x.toml:10:1: unknown key \"rign\" in [columns]; did you mean \"ring\"?"));
  EXPECT_THAT(problem(std::string(kGood) + "hold = \"zero\"\n"), HasSubstr("x.toml:10"));
  EXPECT_THAT(problem(std::string(kGood) + "hold = \"4+2\"\n"), HasSubstr("hold: a width"));
  EXPECT_THAT(problem("[template]\nid = \"x\"\nlabel = \"X\"\n"), HasSubstr("tell no time"));
  EXPECT_THAT(problem(std::string(kGood) + "[values]\ninbound = \"I\"\n"), HasSubstr("needs the column direction"));
}

}  // namespace
}  // namespace hf::settings
