#include "agent/app/engine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/app/outlets.hpp"
#include "hal/pbx/simulated/sim_model.hpp"
#include "hal/platform/random.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::app {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class FakeOutlet final : public Outlet {
 public:
  Status take(const CoreOutput& output, uint64_t) override {
    std::vector<uint64_t> numbers;
    for (const auto& step : output.steps) numbers.push_back(step.number);
    offered.push_back(std::move(numbers));
    if (failures == 0) return {};
    --failures;
    return fail(ErrorKind::io, "outlet: disk full");
  }
  int failures = 0;
  std::vector<std::vector<uint64_t>> offered;  // step numbers of each take()
};

struct Read {
  Time at;
  std::string kind, body;
};

class EngineTest : public ::testing::Test {
 protected:
  Engine open(Inbox& inbox, std::vector<Outlet*> outlets, const std::string& name = "journal") {
    auto journal = journal::Journal::open(folder_ / name, clock_, random_);
    EXPECT_TRUE(journal) << journal.error().what;
    EngineOptions options;
    options.live = false, options.gather = 0ms;
    return {std::move(*journal), clock_, inbox, std::move(outlets), options};
  }
  std::vector<Read> entries(const std::string& name = "journal") {
    std::vector<Read> all;
    EXPECT_TRUE(journal::read_folder(folder_ / name, 1, UINT64_MAX, [&](const journal::EntryView& e) { all.push_back({e.at, std::string(e.kind), std::string(e.body)}); }));
    return all;
  }
  pbx::CallEvent up(Duration after) { return {start_ + after, std::nullopt, pbx::SourceUp{}}; }
  static calls::SiteModel berlin() {
    calls::SiteModel model;
    model.time_zone = "Europe/Berlin";
    return model;
  }

  const test::TempFolder folder_;
  test::ManualClock clock_;
  SeededRandom random_{1};
  const Time start_ = clock_.now() - 48h;  // a back-fill
};

TEST_F(EngineTest, an_outlet_that_fails_gets_the_same_output_again) {
  FakeOutlet outlet, other;
  outlet.failures = 1;
  Inbox inbox;
  Engine engine = open(inbox, {&outlet, &other});
  ASSERT_TRUE(engine.recover());
  engine.begin_with(berlin());
  inbox.door().on({up(0s)}, "1");
  std::string problem;
  EXPECT_TRUE(inbox.post([&] {
    problem = engine.health().outlet_problem;
    inbox.door().on({up(1s)}, "2");
    inbox.close();
  }));
  ASSERT_TRUE(engine.run());
  EXPECT_EQ(problem, "outlet: disk full");
  ASSERT_EQ(outlet.offered.size(), 2u);
  EXPECT_EQ(outlet.offered[0], outlet.offered[1]);
  EXPECT_EQ(other.offered.size(), 2u) << "the other one gets it twice, which must not matter to it";
  EXPECT_EQ(engine.health().outlet_problem, "");
}

TEST_F(EngineTest, what_an_outlet_never_took_comes_again_in_the_next_life) {
  FakeOutlet outlet;
  outlet.failures = 1'000;
  {
    Inbox inbox;
    Engine engine = open(inbox, {&outlet});
    ASSERT_TRUE(engine.recover());
    engine.begin_with(berlin());
    inbox.door().on({up(0s)}, "1");
    inbox.close();
    ASSERT_TRUE(engine.run());
  }
  FakeOutlet well;
  Inbox inbox;
  Engine engine = open(inbox, {&well});
  ASSERT_TRUE(engine.recover());
  EXPECT_THAT(well.offered, ElementsAre(outlet.offered.front()));
}

TEST_F(EngineTest, a_pulse_is_an_entry_that_changes_nothing_that_is_known) {
  FakeOutlet outlet;
  std::string before, after;
  {
    Inbox inbox;
    Engine engine = open(inbox, {&outlet});
    ASSERT_TRUE(engine.recover());
    engine.pulse();
    EXPECT_TRUE(entries().empty()) << "before the first event nothing may be written that lies after it";
    engine.begin_with(berlin());
    inbox.door().on({up(0s)}, "1");
    EXPECT_TRUE(inbox.post([&] {
      before = engine.core().save();
      engine.pulse();
      after = engine.core().save();
      inbox.close();
    }));
    ASSERT_TRUE(engine.run());
  }
  EXPECT_EQ(before, after);
  const auto all = entries();
  ASSERT_EQ(all.size(), 3u) << "site model, event, pulse";
  EXPECT_EQ(all.back().kind, "pulse");
  Inbox inbox;
  Engine again = open(inbox, {&outlet});
  ASSERT_TRUE(again.recover());
  EXPECT_EQ(again.core().save(), after);
}

TEST_F(EngineTest, the_first_site_model_is_journalled_at_the_first_events_time) {
  Inbox inbox;
  Engine engine = open(inbox, {});
  ASSERT_TRUE(engine.recover());
  engine.begin_with(berlin());
  inbox.door().on({up(5s)}, "1");
  inbox.close();
  ASSERT_TRUE(engine.run());
  const auto all = entries();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].kind, "site_model");
  EXPECT_EQ(all[0].at, start_ + 5s) << "not at the clock's: a back-fill begins in the past";
  EXPECT_EQ(engine.site_model().time_zone, "Europe/Berlin");
}

TEST_F(EngineTest, a_site_model_is_durable_when_setting_it_returns) {
  Inbox inbox;
  Engine engine = open(inbox, {});
  ASSERT_TRUE(engine.recover());
  engine.begin_with({});
  inbox.door().on({up(0s)}, "1");
  std::vector<Read> seen;
  EXPECT_TRUE(inbox.post([&] {
    EXPECT_TRUE(engine.set_site_model(berlin()));
    seen = entries();
  }));
  inbox.close();
  ASSERT_TRUE(engine.run());
  ASSERT_EQ(seen.size(), 3u);
  EXPECT_EQ(seen[2].body, to_bytes(berlin()));
}

TEST_F(EngineTest, an_acknowledgement_is_durable_and_survives) {
  pbx::SimOptions sim;
  sim.scenario = pbx::SimScenario::hp_prequeue;
  const Time morning = std::chrono::floor<std::chrono::days>(start_) + 8h;
  pbx::SimModel model(sim, morning, morning + 1h);
  std::vector<pbx::CallEvent> day;
  while (auto event = model.next(morning + 4h)) day.push_back(std::move(*event));
  std::string id;
  {
    Inbox inbox;
    Engine engine = open(inbox, {});
    ASSERT_TRUE(engine.recover());
    inbox.door().on(std::move(day), "1");
    EXPECT_TRUE(inbox.post([&] {
      ASSERT_FALSE(engine.core().pbx().book().open().empty());
      id = engine.core().pbx().book().open().begin()->first;
      EXPECT_EQ(engine.acknowledge("none", "anna").error().kind, ErrorKind::not_found);
      ASSERT_TRUE(engine.acknowledge(id, "anna"));
      EXPECT_EQ(entries().back().kind, "acknowledgement");
    }));
    inbox.close();
    ASSERT_TRUE(engine.run());
  }
  Inbox inbox;
  Engine engine = open(inbox, {});
  ASSERT_TRUE(engine.recover());
  const auto found = engine.core().pbx().book().open().find(id);
  ASSERT_NE(found, engine.core().pbx().book().open().end());
  EXPECT_EQ(found->second.acknowledged_by, "anna");
}

TEST_F(EngineTest, what_was_lost_is_noted_in_the_journal_once_and_told_by_health) {
  {
    auto journal = journal::Journal::open(folder_ / "journal", clock_, random_);
    ASSERT_TRUE(journal);
    ASSERT_TRUE(journal->append(std::vector{to_entry(up(0s))}));
    std::filesystem::create_directory(folder_ / "torn");  // as after a kill, without the -wal
    for (const auto& file : std::filesystem::directory_iterator(folder_ / "journal"))
      if (file.path().extension() == ".db") std::filesystem::copy_file(file.path(), folder_ / "torn" / file.path().filename());
  }
  for (int life = 0; life < 2; ++life) {
    Inbox inbox;
    Engine engine = open(inbox, {}, "torn");
    ASSERT_TRUE(engine.recover());
    EXPECT_THAT(engine.health().damage, ::testing::SizeIs(life == 0 ? 1 : 0));
    inbox.close();
    ASSERT_TRUE(engine.run());
  }
  const auto all = entries("torn");
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].kind, "loss");
  EXPECT_THAT(all[0].body, HasSubstr("-wal"));
}

TEST_F(EngineTest, the_outbox_gets_each_step_once_however_often_it_is_offered) {
  auto outgoing = sync::Outgoing::open(folder_ / "outbox.db", wire::SiteKey{1}, random_, start_);
  ASSERT_TRUE(outgoing);
  OutboxOutlet outlet(*outgoing, 7);
  CoreOutput output;
  metrics::Minute minute;
  minute.id = "sales", minute.start = start_, minute.observed_seconds = 60;
  for (uint64_t step = 1; step <= 2'500; ++step) output.steps.push_back({step, start_, {minute}, {}, std::nullopt});
  ASSERT_TRUE(outlet.take(output, 1));
  ASSERT_TRUE(outlet.take(output, 1));
  EXPECT_EQ(outgoing->outbox().status()->waiting, 2'500u);
}

}  // namespace
}  // namespace hf::app
