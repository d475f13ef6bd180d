#include "hal/pbx/intake_source.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "tests/support/kept_events.hpp"

namespace hf::pbx {
namespace {

using Kinds = std::vector<std::string>;

class Intake : public testing::Test {
 protected:
  ~Intake() override { stop(); }
  void start(Cursor from = {}, Duration silence = std::chrono::hours(1)) {
    source = std::make_unique<IntakeSource>(SipKey{7}, system_clock(), silence);
    runner = std::thread([this, from] { EXPECT_TRUE(source->run(sink, from)); });
  }
  void stop() {
    if (!runner.joinable()) return;
    source->stop();
    runner.join();
  }
  // The source is ready once it runs.
  Result<IntakeTaken> post(const std::string& lines) {
    for (;;) {
      auto taken = source->take(lines);
      if (taken || taken.error().kind != ErrorKind::busy) return taken;
      std::this_thread::yield();
    }
  }
  static std::string up(const std::string& id) { return R"({"id":")" + id + R"(","kind":"source_up","product":"Other PBX","agent_state":true})" + "\n"; }
  static std::string joined(const std::string& id) { return R"({"id":")" + id + R"(","kind":"queue_joined","channel":")" + id + R"(","queue":"sales"})" + "\n"; }
  test::KeptEvents sink;
  std::unique_ptr<IntakeSource> source;
  std::thread runner;
};

TEST_F(Intake, hands_on_what_is_posted_and_says_what_the_connector_sees) {
  start();
  const auto taken = post(up("1") + joined("2"));
  ASSERT_TRUE(taken) << taken.error().what;
  EXPECT_EQ(taken->accepted, 2u);
  EXPECT_EQ(sink.kinds(2), (Kinds{"source_up", "queue_joined"}));
  EXPECT_TRUE(source->describe().agent_state);
  EXPECT_FALSE(source->describe().pre_queue);
}

TEST_F(Intake, takes_the_same_id_once) {
  start();
  ASSERT_TRUE(post(up("1") + joined("2")));
  const auto again = post(joined("2") + joined("3"));
  EXPECT_EQ(again->accepted, 1u);
  EXPECT_EQ(again->duplicates, 1u);
  EXPECT_EQ(sink.kinds(3).size(), 3u);
}

TEST_F(Intake, goes_on_after_a_restart_without_taking_anything_twice) {
  start();
  ASSERT_TRUE(post(up("1") + joined("2")));
  EXPECT_EQ(sink.kinds(2).size(), 2u);
  stop();
  const Cursor place = sink.cursor;
  start(place);
  EXPECT_EQ(post(joined("2") + joined("3")).error().kind, ErrorKind::denied) << "what the connector sees must be said anew";
  const auto all = post(up("1") + joined("2") + up("4") + joined("3"));
  ASSERT_TRUE(all) << all.error().what;
  EXPECT_EQ(all->duplicates, 2u);
  EXPECT_EQ(all->accepted, 2u);
}

TEST_F(Intake, takes_the_valid_lines_and_names_the_others) {
  start();
  const auto taken = post(up("1") + "half a li\n\n" + joined("2") + R"({"id":"3","kind":"nonsense"})");
  ASSERT_TRUE(taken) << taken.error().what;
  EXPECT_EQ(taken->accepted, 2u);
  ASSERT_EQ(taken->refused.size(), 2u);
  EXPECT_EQ(taken->refused[0].line, 2u);
  EXPECT_EQ(taken->refused[1].line, 5u);
  EXPECT_EQ(source->health().malformed_messages, 2u);
}

TEST_F(Intake, takes_no_more_than_can_wait) {
  start();
  ASSERT_TRUE(post(up("1")));
  std::string many;
  for (int i = 0; i < 21'000; ++i) many += "{}\n";
  EXPECT_EQ(source->take(many).error().kind, ErrorKind::busy);
}

TEST_F(Intake, tells_a_connector_that_fell_silent_as_a_gap_until_it_is_back) {
  start({}, std::chrono::milliseconds(20));
  ASSERT_TRUE(post(up("1")));
  EXPECT_EQ(sink.kinds(2), (Kinds{"source_up", "source_down"}));
  ASSERT_TRUE(post(""));  // it lives
  EXPECT_EQ(sink.kinds(3).at(2), "source_up") << "and silent again soon after";
}

}  // namespace
}  // namespace hf::pbx
