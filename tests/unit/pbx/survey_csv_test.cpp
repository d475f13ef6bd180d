#include "hal/pbx/survey_csv.hpp"

#include <gtest/gtest.h>

#include "hal/pbx/wall_time.hpp"

namespace hf::pbx {
namespace {

const TimeZone& berlin() {
  static const TimeZone kZone = *TimeZone::find("Europe/Berlin");
  return kZone;
}

Result<SurveyFile> read(const std::string& text) { return read_survey_csv(text, berlin()); }

TEST(SurveyCsv, reads_columns_by_name_in_the_zone_of_the_site) {
  const auto file = read("Queue;Time;Question;Score;Scale\r\nsales;2026-03-02 10:15;CSAT;4;1-5\r\n\r\n\"two;words\";2026-07-02T10:15:30Z;nps;9;\r\n");
  ASSERT_TRUE(file) << file.error().what;
  ASSERT_EQ(file->answers.size(), 2u);
  EXPECT_EQ(file->answers[0].queue, "sales");
  EXPECT_EQ(file->answers[0].score, 4);
  EXPECT_EQ(seconds(file->answers[0].answered_at->time_since_epoch()), 1772442900.0) << "09:15 UTC";
  EXPECT_EQ(file->answers[1].queue, "two;words");
  EXPECT_EQ(seconds(file->answers[1].answered_at->time_since_epoch()), 1782987330.0);
  EXPECT_EQ(file->answers[1].high, 10);
}

TEST(SurveyCsv, takes_commas_tabs_and_a_mark_of_byte_order) {
  EXPECT_EQ(read("\xEF\xBB\xBFtime,call,question,score\n1772442900,17.5,ces,6\n")->answers.at(0).channel, "17.5");
  EXPECT_EQ(read("time\tqueue\tquestion\tscore\n1772442900\tsales\tces\t6\n")->answers.at(0).queue, "sales");
}

TEST(SurveyCsv, names_the_line_and_goes_on) {
  const auto file = read("time,queue,question,score\nyesterday,sales,csat,4\n1772442900,sales,mood,4\n1772442900,,csat,4\n1772442900,sales,csat,4\n");
  ASSERT_TRUE(file);
  EXPECT_EQ(file->answers.size(), 1u);
  ASSERT_EQ(file->refused.size(), 3u);
  EXPECT_EQ(file->refused[0].first, 2u);
  EXPECT_NE(file->refused[0].second.find("yesterday"), std::string::npos);
  EXPECT_EQ(file->refused[2].first, 4u);
}

TEST(SurveyCsv, gives_out_answers_off_the_scale_so_that_they_are_counted) {
  const auto file = read("time,queue,question,score,scale\n1772442900,sales,csat,9,1-5\n");
  ASSERT_EQ(file->answers.size(), 1u);
  EXPECT_FALSE(file->answers[0].valid());
}

TEST(SurveyCsv, refuses_a_file_without_a_head) {
  EXPECT_NE(read("1772442900,sales,csat,4\n").error().what.find("\"time\""), std::string::npos);
  EXPECT_NE(read("time,question,score\n").error().what.find("queue"), std::string::npos);
  EXPECT_FALSE(read(""));
  EXPECT_FALSE(read(std::string(SurveyFile::kMaxBytes + 1, 'x')));
}

TEST(SurveyCsv, tells_the_first_hundred_bad_lines_and_counts_all) {
  std::string text = "time,queue,question,score\n";
  for (int i = 0; i < 500; ++i) text += "never,sales,csat,4\n";
  const auto file = read(text);
  EXPECT_EQ(file->refused.size(), SurveyFile::kMaxTold);
  EXPECT_EQ(file->refused_in_all, 500u);
}

TEST(WallTime, what_is_no_time_is_none) {
  for (const char* bad : {"", "2026", "2026-03-02", "2026-13-02 10:15", "2026-02-30 10:15", "2026-03-02 25:15", "2026-03-02 10:75", "2026-03-02 10:15:99", "2026-03-02 10:15 PM",
                          "1969-03-02 10:15", "2026-03-02T10:15+99:00", "-5", "02.03.2026 10:15"})
    EXPECT_FALSE(wall_time(bad, berlin())) << bad;
  EXPECT_EQ(wall_time("2026-03-02T10:15:30+03:00", berlin()), wall_time("2026-03-02T07:15:30Z", berlin()));
}

}  // namespace
}  // namespace hf::pbx
