#include "agent/metrics/voice_sum.hpp"

#include <gtest/gtest.h>

namespace hf::metrics {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

constexpr Time kNoon{std::chrono::hours(500'000)};

struct Heard {
  VoiceBook book;
  std::vector<VoiceSum> changed;

  void hear(Time about, uint16_t mos_lq, uint32_t loss_ppm = 0, const std::string& queue = "sales") {
    pbx::VoiceHeard heard;
    heard.reports = 5, heard.mos_lq = mos_lq, heard.loss_ppm = loss_ppm, heard.jitter = milliseconds(6);
    book.add(sum_of({"c1", queue, about, heard}), changed);
  }
};

TEST(VoiceBook, means_count_each_listener_once_and_the_worst_stands_out) {
  Heard heard;
  heard.hear(kNoon, 441), heard.hear(kNoon + minutes(1), 393, 50'000), heard.hear(kNoon + minutes(14), 259, 160'000);
  const auto sums = heard.book.sums(kNoon, kNoon + minutes(15));
  ASSERT_EQ(sums.size(), 1u);
  EXPECT_EQ(sums[0].listeners, 3u);
  EXPECT_EQ(sums[0].poor, 1u);
  const VoiceFigures f = figures(sums[0]);
  EXPECT_NEAR(f.loss.value(), 0.07, 1e-9);
  EXPECT_EQ(f.jitter, milliseconds(6));
  EXPECT_NEAR(f.mos_lq.value(), 3.6433, 1e-4);
  EXPECT_NEAR(f.worst_mos_lq.value(), 2.59, 1e-9);
}

// ITU-T G.107, table B.1: R = 70 is MOS 3.60, and "many users dissatisfied" lies below it.
TEST(VoiceBook, poor_is_what_lies_below_the_limit_of_g107) {
  Heard heard;
  heard.hear(kNoon, 360), heard.hear(kNoon, 359);
  EXPECT_EQ(heard.changed.at(0).poor, 0u);
  EXPECT_EQ(heard.changed.at(1).poor, 1u);
}

TEST(VoiceBook, nobody_who_listened_gives_no_figure) {
  EXPECT_FALSE(figures({}).mos_lq || figures({}).loss || figures({}).jitter || figures({}).worst_mos_lq);
  VoiceSum none, one;
  one.listeners = 1, one.worst_mos_lq = 441;
  none.merge(one);
  EXPECT_EQ(none.worst_mos_lq, 441u) << "nobody is not the worst";
  none.merge({});
  EXPECT_EQ(none.worst_mos_lq, 441u);
}

TEST(VoiceBook, tells_each_quarter_whole_and_keeps_queues_apart) {
  Heard heard;
  heard.hear(kNoon, 441), heard.hear(kNoon + minutes(14), 300), heard.hear(kNoon + minutes(15), 441), heard.hear(kNoon, 441, 0, "");
  ASSERT_EQ(heard.changed.size(), 4u);
  EXPECT_EQ(heard.changed[1].listeners, 2u);
  EXPECT_EQ(heard.changed[1].start, kNoon);
  EXPECT_EQ(heard.changed[2].start, kNoon + minutes(15));
  EXPECT_EQ(heard.changed[3].listeners, 1u);
  EXPECT_EQ(heard.book.sums(kNoon, kNoon + minutes(30)).size(), 2u);
}

TEST(VoiceBook, forgets_the_oldest_quarters_when_it_is_full_and_refuses_what_comes_for_them) {
  Heard heard;
  for (size_t i = 0; i <= VoiceBook::kRows; ++i) heard.hear(kNoon + minutes(15 * i), 441);
  EXPECT_TRUE(heard.book.sums(kNoon, kNoon + minutes(15)).empty());
  const size_t told = heard.changed.size();
  heard.hear(kNoon, 441);
  EXPECT_EQ(heard.changed.size(), told) << "a sum that would wipe out the one told before";
  EXPECT_EQ(heard.book.too_old(), 1u);
}

}  // namespace
}  // namespace hf::metrics
