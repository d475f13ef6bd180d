#include "hal/pbx/smdr/smdr_capture.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "smdr_templates.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::pbx {
namespace {

struct Read {
  std::vector<CallEvent> events;
  std::vector<std::string> warnings;
};

Read read(const std::string& text) {
  const test::TempFolder folder;
  std::ofstream(folder / "smdr.log") << text;
  auto capture = SmdrCapture::open(folder / "smdr.log", test::avaya_like(), *TimeZone::find("UTC"), SipKey{1});
  if (!capture) return ADD_FAILURE() << capture.error().what, Read{};
  Read all;
  for (Batch batch; (*capture)->next(batch);) all.events.insert(all.events.end(), batch.events.begin(), batch.events.end());
  all.warnings = (*capture)->warnings();
  return all;
}

std::string record(const std::string& start, const std::string& more) { return start + ",00:03:10,45,+491701234567,I,sales,0800123,,0,1000014," + more + ",T9001,Line 1,E201,Anna,5,0\r\n"; }

TEST(SmdrCapture, tells_each_call_when_it_was_over) {
  const Read all = read("Call Start,Connected Time\r\n" + record("2026/03/02 10:00:00", "0") + record("2026/03/02 11:00:00", "0"));
  ASSERT_EQ(all.events.size(), 4u);
  EXPECT_TRUE(std::holds_alternative<SourceUp>(all.events[0].body));
  EXPECT_EQ(all.events[2].at - all.events[1].at, std::chrono::hours(1));
  EXPECT_EQ(std::get<CallRecorded>(all.events[1].body).wait, std::chrono::seconds(45));
  EXPECT_TRUE(std::holds_alternative<SourceDown>(all.events[3].body));
  EXPECT_TRUE(all.warnings.empty());
}

TEST(SmdrCapture, a_call_whose_last_record_is_missing_is_told_at_the_end) {
  const Read all = read(record("2026/03/02 10:00:00", "1"));
  ASSERT_EQ(all.events.size(), 3u);
  EXPECT_TRUE(std::holds_alternative<CallRecorded>(all.events[1].body));
}

TEST(SmdrCapture, names_file_and_line_of_what_it_cannot_read_and_goes_on) {
  const Read all = read("nonsense,of,somebody\n" + record("2026/03/02 10:00:00", "0"));
  EXPECT_EQ(all.events.size(), 3u);
  ASSERT_EQ(all.warnings.size(), 1u);
  EXPECT_NE(all.warnings[0].find("smdr.log:1"), std::string::npos) << all.warnings[0];
  EXPECT_TRUE(read("").events.empty());
}

}  // namespace
}  // namespace hf::pbx
