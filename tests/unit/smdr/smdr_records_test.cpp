// Records over several lines become one line each.
#include "hal/pbx/smdr/smdr_records.hpp"

#include <gmock/gmock.h>

#include "hal/pbx/smdr/smdr_line.hpp"

namespace hf::pbx {
namespace {

using testing::ElementsAre;

std::vector<std::string> joined(const SmdrTemplate& how, const std::vector<std::string>& lines) {
  SmdrRecords records(how);
  std::vector<std::string> out;
  for (const std::string& line : lines)
    if (auto record = records.take(line)) out.push_back(*record);
  if (auto last = records.end()) out.push_back(*last);
  EXPECT_TRUE(records.empty());
  return out;
}

SmdrTemplate separated() {
  SmdrTemplate how;
  how.separator = ",", how.continued = "&|  ";
  return how;
}

TEST(SmdrRecords, are_their_lines_where_nothing_is_continued) { EXPECT_THAT(joined({}, {"a", "& b", "c"}), ElementsAre("a", "& b", "c")); }

TEST(SmdrRecords, take_further_lines_as_further_columns) {
  EXPECT_THAT(joined(separated(), {"a,b", "&,c", "d", "e", "  f,g", "&,h"}), ElementsAre("a,b,&,c", "d", "e,  f,g,&,h"));
}

TEST(SmdrRecords, begin_further_lines_at_columns_of_their_own_where_widths_are_fixed) {
  SmdrTemplate how;
  how.continued = "&";
  const auto all = joined(how, {"N 001", "& 203", "& 17", "& beyond", std::string(250, 'x'), "& 204"});
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].substr(200, 5), "& 203");
  EXPECT_EQ(all[0].substr(400), "& 17") << "three lines at most";
  EXPECT_EQ(all[1].substr(200), "& 204") << "a first line that is too long is cut";
}

TEST(SmdrRecords, tell_a_further_line_without_a_first_one) { EXPECT_THAT(joined(separated(), {"&,lost", "a"}), ElementsAre("&,lost", "a")); }

TEST(SmdrRecords, hold_no_more_than_their_lines) {
  const auto all = joined(separated(), std::vector<std::string>(100'000, "&,x"));
  ASSERT_EQ(all.size(), 1u);
  EXPECT_LT(all[0].size(), 20u);
}

}  // namespace
}  // namespace hf::pbx
