#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "agent/tool/nab_folder.hpp"
#include "agent/tool/nab_score.hpp"
#include "hal/platform/files.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::app {
namespace {

// Four hundred quiet rows (60 of them probation), and two windows of twenty rows.
NabSeries quiet_series() { return {.scores = std::vector<double>(400, 0.0), .windows = {{100, 119}, {300, 319}}}; }

double normalised(const NabSeries& series, size_t profile = 0) {
  return nab_score(std::vector{series}, kNabProfiles[profile]).normalised;
}

TEST(NabScore, is_0_for_a_detector_that_says_the_same_of_every_row) {
  for (size_t profile = 0; profile < kNabProfiles.size(); ++profile) EXPECT_EQ(normalised(quiet_series(), profile), 0);
}

TEST(NabScore, is_100_for_one_that_tells_every_window_at_its_first_row_and_nothing_else) {
  NabSeries series = quiet_series();
  series.scores[100] = series.scores[300] = 0.9;
  for (size_t profile = 0; profile < kNabProfiles.size(); ++profile)
    EXPECT_NEAR(normalised(series, profile), 100, 1e-9);
}

TEST(NabScore, pays_less_the_later_a_window_is_told_and_only_once) {
  NabSeries early = quiet_series(), late = quiet_series(), twice = quiet_series();
  early.scores[105] = late.scores[119] = twice.scores[105] = twice.scores[119] = 1;
  EXPECT_GT(normalised(early), normalised(late));
  EXPECT_EQ(normalised(early), normalised(twice));
  // One of two windows, at its last row: 2 / (1 + e^(-5 / 20)) - 1 of what its first row would bring.
  EXPECT_NEAR(normalised(late), 25 * (1 + (2 / (1 + std::exp(-0.25)) - 1) / (2 / (1 + std::exp(-5.0)) - 1)), 1e-9);
}

TEST(NabScore, forgives_an_alarm_shortly_after_a_window_and_not_one_far_from_it) {
  NabSeries found = quiet_series();
  found.scores[100] = 2;
  NabSeries near = found, far = found;
  near.scores[120] = far.scores[250] = 2;
  const double width = 19, costs = 0.11 / (2 * 2) * 100;
  EXPECT_NEAR(normalised(found) - normalised(far), costs, 1e-9);
  EXPECT_NEAR(normalised(found) - normalised(near), -costs * nab_sigmoid(1 / width), 1e-9);
}

TEST(NabScore, weighs_false_alarms_and_misses_by_the_profile) {
  NabSeries series = quiet_series();
  series.scores[100] = series.scores[250] = 1;
  const auto standard = nab_score(std::vector{series}, kNabProfiles[0]),
             low_fp = nab_score(std::vector{series}, kNabProfiles[1]),
             low_fn = nab_score(std::vector{series}, kNabProfiles[2]);
  EXPECT_NEAR(standard.score, 1 - 1 - 0.11, 1e-9);
  EXPECT_NEAR(low_fp.score, 1 - 1 - 0.22, 1e-9);
  EXPECT_NEAR(low_fn.score, 1 - 2 - 0.11, 1e-9);
  EXPECT_NEAR(low_fn.normalised, 100 * (low_fn.score + 4) / 6, 1e-9);
}

TEST(NabScore, counts_nothing_in_the_probation) {
  NabSeries series = quiet_series();
  ASSERT_EQ(nab_probation(400), 60U);
  ASSERT_EQ(nab_probation(20'000), 750U);
  series.scores[59] = 5;  // higher than what follows, and free of cost
  series.scores[100] = series.scores[300] = 1;
  EXPECT_NEAR(normalised(series), 100, 1e-9);
}

TEST(NabScore, takes_one_threshold_for_all_series_and_says_what_it_found) {
  NabSeries quiet = quiet_series(), loud = quiet_series();
  for (size_t i = 60; i < 400; i += 10) loud.scores[i] = 2;
  quiet.scores[100] = quiet.scores[300] = 3;
  const NabScore s = nab_score(std::vector{quiet, loud}, kNabProfiles[1]);
  EXPECT_EQ(s.threshold, 3);
  EXPECT_EQ(s.found, 2U);
  EXPECT_EQ(s.windows, 4U);
  EXPECT_EQ(s.false_alarms, 0U);
}

class NabFolder : public ::testing::Test {
 protected:
  void put(const std::string& name, std::string_view text) {
    ASSERT_TRUE(make_folder((folder_.path() / name).parent_path(), 0755));
    ASSERT_TRUE(write_file(folder_.path() / name, text));
  }
  void labels(std::string_view text) { put("labels/combined_windows.json", text); }
  void rows() {
    put("data/a/one.csv",
        "timestamp,value\n2014-04-10 00:00:00,1\n2014-04-10 00:05:00,2.5\n2014-04-10 00:10:00,-3e2\n");
  }
  std::string refusal() {
    const auto read = read_nab_folder(folder_.path());
    return read ? "taken" : read.error().what;
  }
  test::TempFolder folder_;
};

TEST_F(NabFolder, gives_rows_and_windows_by_row) {
  rows();
  labels(R"({"a/one.csv": [["2014-04-10 00:05:00.000000", "2014-04-10 00:10:00.000000"]]})");
  const auto read = read_nab_folder(folder_.path());
  ASSERT_TRUE(read) << read.error().what;
  ASSERT_EQ(read->size(), 1U);
  EXPECT_EQ(read->front().values, (std::vector<double>{1, 2.5, -300}));
  ASSERT_EQ(read->front().windows.size(), 1U);
  EXPECT_EQ(read->front().windows[0].first, 1U);
  EXPECT_EQ(read->front().windows[0].last, 2U);
}

TEST_F(NabFolder, tells_what_is_wrong_and_where) {
  rows();
  labels(R"({"a/one.csv": [["2014-04-10 00:05:00", "2014-04-10 00:07:00"]]})");
  EXPECT_THAT(refusal(), ::testing::HasSubstr("a/one.csv: a window"));
  labels(R"({"../one.csv": []})");
  EXPECT_THAT(refusal(), ::testing::HasSubstr("no name below the folder"));
  labels("[1");
  EXPECT_THAT(refusal(), ::testing::HasSubstr("no JSON object"));
  labels(R"({"a/one.csv": []})");
  put("data/a/one.csv", "timestamp,value\n2014-04-10 00:00:00,nan\n");
  EXPECT_THAT(refusal(), ::testing::HasSubstr("one.csv:2: \"nan\" is no number"));
  put("data/a/one.csv", "timestamp,value\n2014-04-31 00:00:00,1\n");
  EXPECT_THAT(refusal(), ::testing::HasSubstr("one.csv:2: \"2014-04-31 00:00:00\" is no time"));
}

}  // namespace
}  // namespace hf::app
