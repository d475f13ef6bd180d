// What a person asks for who wants to be forgotten: nothing of them is in any file of the box afterwards.
#include "agent/app/erasure.hpp"

#include <gtest/gtest.h>

#include "agent/app/engine.hpp"
#include "agent/app/outlets.hpp"
#include "hal/platform/random.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::app {
namespace {

using namespace std::chrono_literals;

constexpr pbx::CallerKey kAsked = 0x1234567890abcdef, kOther = 0x42, kDrawn = 0x77;

class ErasureTest : public ::testing::Test {
 protected:
  // A life of the agent over `events`: journal, snapshot and derived.db stay behind.
  void live(std::vector<pbx::CallEvent> events) {
    auto journal = journal::Journal::open(folder_ / "journal", clock_, random_);
    auto store = store::Store::open(folder_ / "derived.db");
    ASSERT_TRUE(journal && store);
    auto outlet = StoreOutlet::open(*store, journal->epoch(), journal->last_sequence());
    ASSERT_TRUE(outlet);
    Inbox inbox;
    EngineOptions options;
    options.live = false, options.gather = 0ms;
    Engine engine(std::move(*journal), clock_, inbox, {&*outlet}, options);
    ASSERT_TRUE(engine.recover());
    if (!events.empty()) inbox.door().on(std::move(events), "1");
    inbox.close();
    ASSERT_TRUE(engine.run());
  }
  std::vector<calls::Call> calls() {
    return *store::Store::open(folder_ / "derived.db")->calls({clock_.now() - 24h, clock_.now() + 24h});
  }
  std::vector<pbx::CallEvent> call(const std::string& id, pbx::CallerKey caller, Duration after) {
    pbx::ChannelStarted started{id, id, "PJSIP/trunk", "100", "from-trunk", caller};
    return {{start_ + after, std::nullopt, started}, {start_ + after + 9s, std::nullopt, pbx::ChannelEnded{id, id, {}}}};
  }
  // Whether the bytes stand in any file of the state folder.
  bool anywhere(std::string_view bytes) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path()))
      if (entry.is_regular_file() && read_file(entry.path(), 64 << 20).value_or("").find(bytes) != std::string::npos) return true;
    return false;
  }

  const test::TempFolder folder_;
  test::ManualClock clock_;
  SeededRandom random_{1};
  const Time start_ = clock_.now() - 1h;
};

TEST_F(ErasureTest, a_caller_is_in_no_file_afterwards_and_the_others_are) {
  auto events = call("asked", kAsked, 1s);
  const auto other = call("other", kOther, 20s);
  events.insert(events.begin(), {start_, std::nullopt, pbx::SourceUp{}});
  events.insert(events.end(), other.begin(), other.end());
  events.push_back({start_ + 600s, std::nullopt, pbx::MemberRemoved{"support", "PJSIP/1"}});
  live(events);
  ASSERT_EQ(calls().size(), 2u);
  ASSERT_EQ(calls()[0].caller, kAsked);

  const auto erased = erase_person(folder_.path(), {kAsked, kDrawn, ""}, clock_, random_);
  ASSERT_TRUE(erased) << erased.error().what;
  EXPECT_EQ(*erased, 1u);
  EXPECT_FALSE(anywhere(std::to_string(kAsked)));
  const std::string raw = to_bytes(kAsked);
  EXPECT_FALSE(anywhere(raw)) << "in a snapshot, or in a page that SQLite set free";

  live({});
  ASSERT_EQ(calls().size(), 2u) << "the call itself stays";
  EXPECT_EQ(calls()[0].caller, kDrawn);
  EXPECT_EQ(calls()[1].caller, kOther);
}

TEST_F(ErasureTest, an_agents_name_goes_and_the_phone_stays) {
  pbx::MemberState member;
  member.queue = "support", member.member = member.device = "PJSIP/1007", member.name = "Erika Musterfrau";
  live({{start_, std::nullopt, pbx::SourceUp{}}, {start_ + 1s, std::nullopt, member}, {start_ + 9s, std::nullopt, pbx::MemberRemoved{"support", "PJSIP/1007"}}});
  ASSERT_TRUE(anywhere("Musterfrau"));
  ASSERT_TRUE(erase_person(folder_.path(), {0, 0, "Erika Musterfrau"}, clock_, random_));
  EXPECT_FALSE(anywhere("Musterfrau"));
  EXPECT_TRUE(anywhere("PJSIP/1007"));
}

TEST_F(ErasureTest, a_running_agent_is_not_disturbed) {
  live(call("asked", kAsked, 1s));
  const auto running = FolderLock::take(folder_.path());
  ASSERT_TRUE(running);
  EXPECT_EQ(erase_person(folder_.path(), {kAsked, kDrawn, ""}, clock_, random_).error().kind, ErrorKind::busy);
  EXPECT_TRUE(anywhere(std::to_string(kAsked)) || anywhere(to_bytes(kAsked)));
}

}  // namespace
}  // namespace hf::app
