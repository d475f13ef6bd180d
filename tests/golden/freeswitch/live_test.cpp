// The live path end to end: a source dials a fake FreeSWITCH on loopback, logs in, draws its own pictures and follows a
// recording's events at their times; the core behind it raises the hold.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>

#include "hal/pbx/freeswitch/esl_source.hpp"
#include "hal/platform/random.hpp"
#include "tests/golden/detect/core_loop.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/fake_freeswitch.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::golden {
namespace {

using namespace std::chrono_literals;
using testing::SizeIs;

const std::string kRuns = HF_SOURCE_DIR "/tests/golden/freeswitch/1.10.12/";

// Shows the recording's time, which another thread moves.
struct SharedClock final : Clock {
  Time now() const override { return Time(Duration(micros.load())); }
  SteadyTime steady() const override { return SteadyTime(std::chrono::microseconds(micros.load())); }
  std::atomic<int64_t> micros = 0;
};

struct CoreSink final : pbx::EventSink {
  void on(std::vector<pbx::CallEvent> events, pbx::Cursor) override {
    for (const pbx::CallEvent& event : events) {
      if (const auto* ended = std::get_if<pbx::ResyncEnded>(&event.body)) ++pictures[static_cast<int>(ended->scope)];
      loop.on(event);
      ++taken;
    }
  }
  CoreLoop loop;
  std::map<int, int> pictures;
  uint64_t taken = 0;
};

class FreeSwitchLive : public testing::Test {
 protected:
  void write_secret(const std::string& secret) {
    std::ofstream(folder / "secret") << secret << "\n";
    chmod((folder / "secret").c_str(), 0600);
  }
  pbx::EslOptions options(uint16_t port) {
    pbx::EslOptions o;
    o.address = {"127.0.0.1", port}, o.secret_file = folder / "secret";
    return o;
  }
  test::TempFolder folder;
  SharedClock clock;
  CoreSink sink;
};

TEST_F(FreeSwitchLive, raises_the_hold_that_the_recording_holds) {
  write_secret("ClueCon");
  auto steps = test::read_esl_steps(kRuns + "hp-prequeue");
  clock.micros = steps.front().at.time_since_epoch().count();
  std::optional<pbx::EslSource> source;
  std::atomic<bool> ready = false;
  test::FakeFreeSwitch pbx(
      std::move(steps), "ClueCon", [this](Time t) { clock.micros = t.time_since_epoch().count(); },
      [&]() -> uint64_t { return ready ? source->health().bytes : 0; });
  source.emplace(options(pbx.port()), clock, system_random());
  ready = true;
  std::thread runner([&] { EXPECT_TRUE(source->run(sink, {})); });
  EXPECT_TRUE(test::eventually([&] { return pbx.played(); }, 120s)) << source->health().what;
  EXPECT_EQ(source->health().state, pbx::Health::healthy) << source->health().what;
  EXPECT_EQ(source->health().unknown_messages + source->health().malformed_messages, 0u);
  source->stop();
  runner.join();
  EXPECT_EQ(sink.loop.tracker.source().product, "FreeSWITCH 1.10.12-release");
  EXPECT_GT(sink.pictures[0], 25) << "of the queues, one a minute";
  EXPECT_GT(sink.pictures[1], 25) << "of the channels";
  std::vector<incidents::Incident> holds;
  for (const auto& [id, incident] : sink.loop.incidents)
    if (incident.kind == incidents::Kind::artificial_hold) holds.push_back(incident);
  ASSERT_THAT(holds, SizeIs(1));
  EXPECT_NEAR(seconds(*holds[0].imposed_wait), 300, 3);
  EXPECT_EQ(pbx.commands().find("api set"), std::string::npos);
}

TEST_F(FreeSwitchLive, tells_a_wrong_password_and_does_not_knock_again_at_once) {
  write_secret("wrong");
  test::FakeFreeSwitch pbx({test::EslStep{}}, "ClueCon");
  pbx::EslSource source(options(pbx.port()), system_clock(), system_random());
  std::thread runner([&] { EXPECT_TRUE(source.run(sink, {})); });
  const auto guard = std::chrono::steady_clock::now() + 5s;
  while (source.health().state != pbx::Health::failed && std::chrono::steady_clock::now() < guard)
    std::this_thread::yield();
  EXPECT_THAT(source.health().what, testing::HasSubstr("refuses the password"));
  EXPECT_THAT(source.health().what, testing::HasSubstr("next try in"));
  source.stop();
  runner.join();
  EXPECT_EQ(sink.taken, 0u);
}

}  // namespace
}  // namespace hf::golden
