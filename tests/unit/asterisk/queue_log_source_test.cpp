#include "hal/pbx/asterisk/queue_log_source.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "tests/support/eventually.hpp"
#include "tests/support/kept_events.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::pbx {
namespace {

class Followed : public testing::Test {
 protected:
  ~Followed() override { stop(); }
  void append(const std::string& text) { std::ofstream(path, std::ios::app) << text; }
  void start(Cursor from = {}) {
    source.emplace(QueueLogOptions{path, std::chrono::milliseconds(5), std::chrono::milliseconds(50)}, system_clock());
    runner = std::thread([this, from] { EXPECT_TRUE(source->run(sink, from)); });
  }
  void stop() {
    if (!runner.joinable()) return;
    source->stop();
    runner.join();
  }
  bool told(Health state, const std::string& word) {
    return test::eventually([&] {
      const SourceHealth health = source->health();
      return health.state == state && health.what.find(word) != std::string::npos;
    });
  }
  test::TempFolder folder;
  const Path path = folder / "queue_log";
  test::KeptEvents sink;
  std::optional<QueueLogSource> source;
  std::thread runner;
};

TEST_F(Followed, reads_the_past_in_its_own_time_and_the_present_in_ours) {
  append("1700000000|1700000000.1|sales|NONE|ENTERQUEUE||1001|1\n");
  const Time begun = system_clock().now();
  start();
  EXPECT_EQ(sink.kinds(3), (std::vector<std::string>{"source_up", "queue_joined", "source_up"}));
  EXPECT_EQ(sink.events[1].at, Time(std::chrono::seconds(1'700'000'000)));
  EXPECT_GE(sink.events[2].at, begun);
  append("1700000100|1700000000.1|sales|NONE|ABANDON|1|1|100\n");
  EXPECT_EQ(sink.kinds(5).at(3), "queue_abandoned");
  EXPECT_GE(sink.events[3].at, begun);
  EXPECT_EQ(sink.events[3].pbx_at, Time(std::chrono::seconds(1'700'000'100)));
}

TEST_F(Followed, reads_nothing_twice_after_a_restart) {
  append("1700000000|1700000000.1|sales|NONE|ENTERQUEUE||1001|1\n");
  start();
  EXPECT_EQ(sink.kinds(3).size(), 3u);
  stop();
  const Cursor place = sink.cursor;
  sink.forget();
  append("1700000007|1700000000.1|sales|Anna|CONNECT|7|1700000001.2|3\n");
  start(place);
  EXPECT_EQ(sink.kinds(4), (std::vector<std::string>{"source_up", "queue_left", "member_connected", "source_up"}));
}

TEST_F(Followed, tells_what_was_lost_as_a_gap) {
  append("1700000000|1700000000.1|sales|NONE|ENTERQUEUE||1001|1\n");
  start();
  EXPECT_EQ(sink.kinds(3).size(), 3u);
  stop();
  const Cursor place = sink.cursor;
  sink.forget();
  std::filesystem::remove(path);
  append("1700009000|1700009000.1|sales|NONE|ENTERQUEUE||1001|1\n");
  start(place);
  EXPECT_EQ(sink.kinds(4), (std::vector<std::string>{"source_down", "source_up", "queue_joined", "source_up"}));
  EXPECT_TRUE(told(Health::degraded, "lines were lost"));
}

TEST_F(Followed, names_a_file_that_is_missing_and_goes_on_when_it_comes) {
  start();
  EXPECT_TRUE(told(Health::failed, path.string()));
  append("1700000000|1700000000.1|sales|NONE|ENTERQUEUE||1001|1\n");
  EXPECT_TRUE(told(Health::healthy, "following"));
  EXPECT_EQ(sink.kinds(3).at(1), "queue_joined");
}

TEST_F(Followed, tells_a_gap_while_a_folder_stands_in_its_place) {
  append("1700000000|1700000000.1|sales|NONE|ENTERQUEUE||1001|1\n");
  start();
  EXPECT_EQ(sink.kinds(3).size(), 3u);
  std::filesystem::remove(path);
  std::filesystem::create_directory(path);
  EXPECT_EQ(sink.kinds(4).at(3), "source_down");
  EXPECT_TRUE(told(Health::failed, "folder"));
}

TEST_F(Followed, counts_lines_that_are_none_and_reads_the_others) {
  append("half a li\n" + std::string(5, '\0') + "|\n1700000000|1700000000.1|sales|NONE|ENTERQUEUE||1001|1\nM\xfcll|\n");
  start();
  EXPECT_EQ(sink.kinds(3).at(1), "queue_joined");
  EXPECT_TRUE(told(Health::healthy, "following"));
  EXPECT_EQ(source->health().malformed_messages, 3u);
}

}  // namespace
}  // namespace hf::pbx
