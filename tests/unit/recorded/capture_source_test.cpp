#include "hal/pbx/recorded/capture_source.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "tests/support/capture_files.hpp"

namespace hf::pbx {
namespace {

struct Log final : EventSink {
  void on(std::vector<CallEvent> events, Cursor cursor) override {
    for (auto& event : events) kinds.emplace_back(kind_name(event.body));
    cursors.push_back(std::move(cursor));
  }
  std::vector<std::string> kinds;
  std::vector<Cursor> cursors;
};

std::unique_ptr<CaptureSource> three_lines(const TempFolder& folder, double speed, const char* last = "110") {
  const auto path = folder.write("queue_log", "100|1.0|q|NONE|ENTERQUEUE||1|1\n101|1.0|q|NONE|ABANDON|1|1|1\n" +
                                                  std::string(last) + "|2.0|q|NONE|ENTERQUEUE||1|1\n");
  auto source = CaptureSource::open(path, SipKey{}, speed, system_clock());
  EXPECT_TRUE(source) << source.error().what;
  return std::move(*source);
}

TEST(CaptureSource, plays_to_the_end_and_counts) {
  TempFolder folder;
  Log log;
  const auto source = three_lines(folder, 0);
  EXPECT_TRUE(source->run(log, {}));
  EXPECT_EQ(log.kinds, (std::vector<std::string>{"source_up", "queue_joined", "queue_abandoned", "queue_left",
                                                 "queue_joined", "source_down"}));
  EXPECT_EQ(source->health().events, 6u);
  EXPECT_EQ(source->health().state, Health::healthy);
}

TEST(CaptureSource, goes_on_behind_a_cursor) {
  TempFolder folder;
  Log first, second;
  EXPECT_TRUE(three_lines(folder, 0)->run(first, {}));
  EXPECT_TRUE(three_lines(folder, 0)->run(second, first.cursors[1]));
  EXPECT_EQ(second.kinds, (std::vector<std::string>{"queue_joined", "source_down"}));
  EXPECT_FALSE(three_lines(folder, 0)->run(second, "elsewhere"));
}

TEST(CaptureSource, keeps_the_distances_between_events) {
  TempFolder folder;
  Log log;
  const auto began = std::chrono::steady_clock::now();
  EXPECT_TRUE(three_lines(folder, 200)->run(log, {}));  // ten seconds at two hundred times the speed
  EXPECT_GE(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(49));
}

TEST(CaptureSource, stops_at_once_in_the_middle_of_a_wait) {
  TempFolder folder;
  Log log;
  const auto source = three_lines(folder, 1, "1000000");
  std::thread runner([&] { EXPECT_TRUE(source->run(log, {})); });
  source->stop();
  runner.join();
  EXPECT_LT(log.kinds.size(), 6u);
}

TEST(CaptureSource, refuses_a_speed_that_is_none) {
  TempFolder folder;
  for (const double speed : {-1.0, 1e9, std::numeric_limits<double>::quiet_NaN()})
    EXPECT_FALSE(CaptureSource::open(folder.path(), SipKey{}, speed, system_clock()));
}

}  // namespace
}  // namespace hf::pbx
