// Several sources at once: none stops another, whatever it does.
#include "agent/app/listeners.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <future>

#include "hal/platform/random.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::app {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

// Says `batches` of events and then waits to be stopped, or ends with `error`.
class ScriptedSource final : public pbx::PbxSource {
 public:
  explicit ScriptedSource(std::vector<std::vector<pbx::CallEvent>> batches, Status error = {}) : batches_(std::move(batches)), error_(std::move(error)) {}
  pbx::Description describe() const override { return {"scripted", "nowhere"}; }
  Status run(pbx::EventSink& sink, pbx::Cursor from) override {
    began_from = from;
    began = true;
    for (size_t i = 0; i < batches_.size(); ++i) {
      const size_t count = batches_[i].size();
      sink.on(std::move(batches_[i]), std::to_string(i + 1));
      said += count;
    }
    if (!error_) return fail(error_.error());
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return stopped_; });
    return {};
  }
  void stop() override {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
  }
  pbx::SourceHealth health() const override {
    pbx::SourceHealth now;
    now.state = pbx::Health::healthy, now.events = said;
    return now;
  }

  std::atomic<uint64_t> said = 0;
  std::atomic<bool> began = false;
  std::string began_from;

 private:
  std::vector<std::vector<pbx::CallEvent>> batches_;
  Status error_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopped_ = false;
};

class ListenersTest : public ::testing::Test {
 protected:
  ~ListenersTest() override {
    if (listeners_) listeners_->stop();
    inbox_.close();
    if (listeners_) listeners_->join();
    if (loop_.joinable()) loop_.join();
  }
  ScriptedSource& add(const std::string& pbx, std::vector<std::vector<pbx::CallEvent>> batches, Status error = {}, bool live = true) {
    auto source = std::make_unique<ScriptedSource>(std::move(batches), std::move(error));
    ScriptedSource& made = *source;
    Source held;
    held.source = std::move(source), held.live = live;
    sources_.push_back({pbx, std::move(held), false, {}});
    return made;
  }
  void start(bool with_loop = true) {
    auto journal = journal::Journal::open(folder_ / "journal", system_clock(), random_);
    ASSERT_TRUE(journal);
    EngineOptions options;
    options.live = false, options.gather = 1ms;
    engine_ = std::make_unique<Engine>(std::move(*journal), system_clock(), inbox_, std::vector<Outlet*>{}, options);
    ASSERT_TRUE(engine_->recover());
    listeners_ = std::make_unique<Listeners>(sources_, *engine_, inbox_, system_clock(), [this](const Status& status) {
      const std::lock_guard lock(mutex_);
      ended_with_ = status ? "" : status.error().what;
    });
    listeners_->start();
    if (with_loop) loop_ = std::thread([this] { EXPECT_TRUE(engine_->run()); });
  }
  std::string ended_with() {
    const std::lock_guard lock(mutex_);
    return ended_with_;
  }
  static std::vector<pbx::CallEvent> up(Time at, size_t count = 1) { return std::vector<pbx::CallEvent>(count, {at, std::nullopt, pbx::SourceUp{"scripted"}}); }

  const test::TempFolder folder_;
  SeededRandom random_{1};
  Inbox inbox_;
  std::vector<NamedSource> sources_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Listeners> listeners_;
  std::thread loop_;
  std::mutex mutex_;
  std::string ended_with_ = "still";
};

TEST_F(ListenersTest, one_that_fails_is_told_and_stops_no_other) {
  const Time now = system_clock().now();
  add("broken", {}, fail(ErrorKind::not_found, "no such thing"));
  auto& good = add("north", {up(now), up(now)});
  start();
  EXPECT_TRUE(test::eventually([&] { return good.said == 2 && listeners_->health(sources_[0]).state == pbx::Health::failed; }));
  EXPECT_THAT(listeners_->health(sources_[0]).what, HasSubstr("no such thing"));
  EXPECT_EQ(listeners_->health(sources_[1]).state, pbx::Health::healthy);
  EXPECT_EQ(ended_with(), "still") << "the agent goes on";
}

TEST_F(ListenersTest, a_site_whose_every_source_failed_is_told_so) {
  add("", {}, fail(ErrorKind::not_found, "no such file"));
  start();
  EXPECT_TRUE(test::eventually([&] { return ended_with() == "no such file"; })) << ended_with();
}

TEST_F(ListenersTest, one_that_floods_waits_at_its_own_door) {
  const Time now = system_clock().now();
  auto& flood = add("flood", std::vector(4, up(now, 4'000)));
  start(false);  // the loop is busy: nothing is taken
  EXPECT_TRUE(test::eventually([&] { return flood.said == 8'000; }));
  auto other = std::async(std::launch::async, [&] { inbox_.door("north").on(up(now), "1"); });
  EXPECT_EQ(other.wait_for(10s), std::future_status::ready) << "another source is not held up";
  EXPECT_EQ(flood.said, 8'000u) << "the third batch waits";
  EXPECT_EQ(inbox_.held_back("flood"), 1u);
  EXPECT_EQ(inbox_.held_back("north"), 0u);
  const auto taken = inbox_.take({});
  EXPECT_EQ(taken.batches.size(), 3u);
  EXPECT_EQ(taken.batches.back().events.at(0).pbx, "north");
}

TEST_F(ListenersTest, what_tells_of_the_past_comes_first) {
  const Time now = system_clock().now();
  auto& live = add("live", {up(now)});
  auto& log = add("log", {up(now - 3h), up(now - 2h), up(now)}, {}, false);
  start();
  EXPECT_TRUE(test::eventually([&] { return live.said == 1; }));
  EXPECT_EQ(log.said, 3u);
  std::vector<Time> times;
  EXPECT_TRUE(test::eventually([&] {
    times.clear();
    EXPECT_TRUE(journal::read_folder(folder_ / "journal", 1, UINT64_MAX, [&](const journal::EntryView& e) { times.push_back(e.at); }));
    return times.size() == 4;
  }));
  EXPECT_LT(times[0], now - 2h - 59min) << "its past was not moved into the present by what is live";
}

TEST_F(ListenersTest, two_pasts_become_one) {
  const Time now = system_clock().now();
  const auto both = [](std::vector<pbx::CallEvent> one, const std::vector<pbx::CallEvent>& other) {
    one.insert(one.end(), other.begin(), other.end());
    return one;
  };
  add("a", {both(up(now - 4h), up(now - 2h)), up(now)}, {}, false);
  add("b", {both(up(now - 3h), up(now - 1h)), up(now)}, {}, false);
  add("silent", {}, {}, false);
  start();
  std::vector<std::string> order;
  std::vector<Time> times;
  EXPECT_TRUE(test::eventually([&] {
    order.clear(), times.clear();
    EXPECT_TRUE(journal::read_folder(folder_ / "journal", 1, UINT64_MAX, [&](const journal::EntryView& e) { order.push_back(pbx::from_text(e.body)->pbx), times.push_back(e.at); }));
    return order.size() == 6;
  })) << "one that says nothing holds up the others for a moment only";
  order.resize(4);
  EXPECT_THAT(order, ::testing::ElementsAre("a", "b", "a", "b")) << "also where one batch reaches beyond the other's latest word";
  EXPECT_EQ(times.at(1), now - 3h) << "and nothing was moved in time";
}

TEST_F(ListenersTest, each_goes_on_where_it_left_off) {
  const Time now = system_clock().now();
  {
    Inbox inbox;
    auto journal = journal::Journal::open(folder_ / "journal", system_clock(), random_);
    ASSERT_TRUE(journal);
    Engine engine(std::move(*journal), system_clock(), inbox, {}, {.gather = 1ms});
    ASSERT_TRUE(engine.recover());
    inbox.door("").on(up(now), "seven");
    inbox.door("north").on(up(now), "eight");
    inbox.close();
    ASSERT_TRUE(engine.run());
  }
  auto &one = add("", {}), &north = add("north", {}), &fresh = add("south", {});
  start();
  EXPECT_TRUE(test::eventually([&] { return one.began && north.began && fresh.began; }));
  EXPECT_EQ(one.began_from, "seven");
  EXPECT_EQ(north.began_from, "eight");
  EXPECT_EQ(fresh.began_from, "");
}

}  // namespace
}  // namespace hf::app
