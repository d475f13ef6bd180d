// Sites and HQ of different minor versions: each hears what it knows, and nothing is refused or lost for what it does not.
#include <gtest/gtest.h>

#include <fstream>

#include "agent/wire/encode.hpp"
#include "hq/store.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::hq {
namespace {

constexpr Time kDay = Time(std::chrono::seconds(1'795'651'200));  // 2026-11-26, a day's begin
constexpr wire::Id kQueue{0x0c6f3a1e9b7d2244};

class Versions : public ::testing::Test {
 protected:
  Versions() : store_(std::move(*Store::open(folder_ / "hq.db"))) {
    EXPECT_TRUE(store_.enrol("berlin-1", "Berlin", std::string(64, 'a'), kDay));
  }
  wire::Answer take(const std::vector<std::string>& lines, wire::Version version = wire::kVersion) {
    const std::vector<std::string_view> views(lines.begin(), lines.end());
    auto answer = store_.take("berlin-1", {version, "berlin-1", 7, {0, 1, 0}, 1, lines.size()}, views, kDay);
    EXPECT_TRUE(answer) << answer.error().what;
    return answer.value_or(wire::Answer{});
  }
  std::vector<metrics::SurveySum> surveys() { return *store_.surveys("berlin-1", kDay, kDay + std::chrono::days(30)); }
  static wire::SurveyDay day(uint32_t answers, int after = 0) {
    return {kQueue, kDay + std::chrono::days(after), wire::SurveyQuestion::csat, 1, 5, answers, 4 * answers, answers - 1, 1};
  }
  static std::string line(uint64_t sequence, const wire::SurveyDay& day) {
    return wire::message_line(sequence, {}, *wire::encode(wire::Surveys{{day}}));
  }

  const test::TempFolder folder_;
  Store store_;
};

TEST_F(Versions, an_hq_of_today_takes_a_batch_of_1_0_as_it_was_stored_then) {
  std::ifstream in(HF_SOURCE_DIR "/tests/fuzz/corpus/wire_fuzz/batch.txt");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  ASSERT_NE(text.find("\"v\":[1,0]"), std::string::npos);
  const auto batch = wire::split(text);
  ASSERT_TRUE(batch) << batch.error().what;
  const auto answer = store_.take("berlin-1", batch->head, batch->messages, kDay);
  ASSERT_TRUE(answer);
  EXPECT_TRUE(answer->refused.empty());
  EXPECT_EQ(answer->ignored, 0U);
  EXPECT_EQ(store_.incidents(std::nullopt, false, 10)->size(), 1U);
}

// As an HQ of 1.0 hears surveys: a kind that it does not know, of a newer minor version.
TEST_F(Versions, what_a_newer_site_says_beyond_is_acknowledged_and_counted) {
  const auto answer = take({R"({"seq":1,"m":{"v":[1,9],"kind":"weather","sums":[{"queue":null}]}})", line(2, day(5))}, {1, 9});
  EXPECT_EQ(answer.acked, (std::vector<wire::Range>{{1, 2}}));
  EXPECT_TRUE(answer.refused.empty());
  EXPECT_EQ(answer.ignored, 1U);
  EXPECT_EQ(surveys().size(), 1U) << "what came beside it counts";
}

TEST_F(Versions, sums_of_surveys_are_kept_by_day_and_the_fuller_one_stays) {
  take({line(1, day(5)), line(2, day(15)), line(3, day(10)), line(4, day(20, 1)), line(5, day(5, 40))});
  const auto rows = surveys();
  ASSERT_EQ(rows.size(), 1U) << "one queue, question and scale";
  EXPECT_EQ(rows[0].queue, "0c6f3a1e9b7d2244");
  EXPECT_EQ(rows[0].answers, 35U) << "15 of the first day, 20 of the second; the last lies beyond";
  EXPECT_EQ(rows[0].sum, 140U);
  EXPECT_EQ(rows[0].bottom, 2U);
  EXPECT_DOUBLE_EQ(*metrics::figures(rows[0]).poor, 2.0 / 35);
  ASSERT_TRUE(store_.forget_before(kDay + std::chrono::days(1), kDay));
  EXPECT_EQ(surveys()[0].answers, 20U) << "kept as long as minutes are";
}

}  // namespace
}  // namespace hf::hq
