// An update that is taken back: what the newer program left is what the older one starts on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/access/access.hpp"
#include "agent/app/engine.hpp"
#include "agent/app/entries.hpp"
#include "agent/app/outlets.hpp"
#include "agent/store/outbox.hpp"
#include "hal/platform/random.hpp"
#include "hal/platform/schema.hpp"
#include "tests/support/inline_executor.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::app {
namespace {

using namespace std::chrono_literals;
using ::testing::SizeIs;

// A newer program's format that only grew: a column in every table, one table more, and the mark that tells so.
void grow(const Path& file) {
  auto database = sqlite::Database::open(file);
  ASSERT_TRUE(database) << database.error().what;
  std::vector<std::string> tables;
  auto found = database->prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'");
  ASSERT_TRUE(found && found->each([&](const sqlite::Statement& row) { tables.emplace_back(row.text(0)); }));
  ASSERT_FALSE(tables.empty()) << file;
  for (const auto& table : tables) ASSERT_TRUE(database->execute(("ALTER TABLE " + table + " ADD COLUMN mood TEXT NOT NULL DEFAULT 'fair'").c_str())) << table;
  auto mark = sqlite::SchemaMark::of(static_cast<uint32_t>(*database->integer("PRAGMA user_version").value()));
  ++mark.version;
  ASSERT_TRUE(database->execute(("CREATE TABLE moods (a TEXT); PRAGMA user_version=" + std::to_string(mark.user_version())).c_str()));
}

class TakenBack : public ::testing::Test {
 protected:
  // `work` is done by the loop once it runs; then the program ends.
  void live(const std::function<void(Engine&, store::Store&, Inbox&)>& work) {
    auto store = store::Store::open(folder_ / "derived.db");
    ASSERT_TRUE(store) << store.error().what;
    EXPECT_FALSE(store->set_aside()) << *store->set_aside();
    auto journal = journal::Journal::open(folder_ / "journal", clock_, random_);
    ASSERT_TRUE(journal) << journal.error().what;
    auto outlet = StoreOutlet::open(*store, journal->epoch(), journal->last_sequence());
    ASSERT_TRUE(outlet) << outlet.error().what;
    Inbox inbox;
    EngineOptions options;
    options.live = false, options.gather = 0ms;
    Engine engine(std::move(*journal), clock_, inbox, {&*outlet}, options);
    const auto recovered = engine.recover();
    ASSERT_TRUE(recovered) << recovered.error().what;
    engine.begin_with({});
    ASSERT_TRUE(inbox.post([&] { work(engine, *store, inbox); }));
    ASSERT_TRUE(engine.run());
  }
  // A call of a minute that is answered at once.
  std::vector<pbx::CallEvent> call(const std::string& id, Duration after) const {
    const auto at = [&](Duration more) { return start_ + after + more; };
    std::vector<pbx::CallEvent> events;
    const auto say = [&](Duration more, const std::string& what) {
      auto event = pbx::from_text("0.000000 " + what);
      EXPECT_TRUE(event) << event.error().what;
      event->at = at(more);
      events.push_back(std::move(*event));
    };
    say(0s, "source_up product=PBX channel_events=1 agent_state=1");
    say(1s, "channel_started channel=" + id + " linked=" + id + " device=PJSIP/trunk dialled=800 context=from-trunk");
    say(2s, "queue_joined channel=" + id + " queue=sales");
    say(3s, "member_connected channel=" + id + " queue=sales member=PJSIP/1001");
    say(60s, "channel_ended channel=" + id + " linked=" + id);
    return events;
  }
  size_t calls_of(store::Store& store) const {
    const auto calls = store.calls({start_ - 1h, start_ + 48h, {}});
    EXPECT_TRUE(calls) << calls.error().what;
    return calls ? calls->size() : 0;
  }

  const test::TempFolder folder_;
  test::ManualClock clock_;
  SeededRandom random_{1};
  const Time start_ = clock_.now() - 48h;
};

TEST_F(TakenBack, the_older_program_works_on_journal_and_calls_that_the_newer_one_wrote) {
  live([&](Engine&, store::Store&, Inbox& inbox) { inbox.door().on(call("before", 0s), "1"), inbox.close(); });
  {
    auto journal = journal::Journal::open(folder_ / "journal", clock_, random_);
    ASSERT_TRUE(journal);
    std::vector<journal::Entry> entries;
    for (const auto& event : call("newer", 1h)) entries.push_back(to_entry(event)), entries.back().body += " mood=fair";
    entries.push_back({0, entries.back().at, "weather", "rain"});
    entries.push_back({0, entries.back().at, "call_event", std::to_string(unix_seconds(entries.back().at)) + " mood_told mood=fair"});
    entries.push_back(to_entry(entries.back().at, calls::SiteModel{}));
    entries.back().body += "more fields";
    ASSERT_TRUE(journal->append(entries));
    ASSERT_TRUE(journal->save_snapshot(journal->last_sequence(), "a newer core", "state"));
  }
  for (const auto& file : std::filesystem::directory_iterator(folder_ / "journal"))
    if (file.path().extension() == ".db") grow(file.path());
  grow(folder_ / "derived.db");
  size_t first = 0, second = 0;
  live([&](Engine&, store::Store& store, Inbox& inbox) { first = calls_of(store), inbox.door().on(call("after", 2h), "2"), inbox.close(); });
  EXPECT_EQ(first, 2u) << "the one before the update and the one that the newer program took";
  live([&](Engine&, store::Store& store, Inbox& inbox) { second = calls_of(store), inbox.close(); });
  EXPECT_EQ(second, 3u);
}

TEST_F(TakenBack, users_and_what_waits_for_hq_are_still_there) {
  test::InlineExecutor executor;
  const access::Parts parts{clock_, random_, executor, executor, access::HashCost::least()};
  {
    auto access = access::Access::open(folder_ / "access.db", parts).value();
    access->setup({"192.0.2.9", ""}, **access->setup_code(), "anna", "seven brown teapots", [](const auto& opened) { EXPECT_TRUE(opened); });
    ASSERT_TRUE(store::Outbox::open(folder_ / "outbox.db", random_));
  }
  grow(folder_ / "access.db"), grow(folder_ / "outbox.db");
  auto access = access::Access::open(folder_ / "access.db", parts);
  ASSERT_TRUE(access) << access.error().what;
  EXPECT_THAT(*(*access)->users(), SizeIs(1));
  auto outbox = store::Outbox::open(folder_ / "outbox.db", random_);
  ASSERT_TRUE(outbox) << outbox.error().what;
  EXPECT_TRUE(outbox->status());
}

TEST_F(TakenBack, forgotten_users_are_in_no_copy_either) {
  test::InlineExecutor executor;
  auto access = access::Access::open(folder_ / "access.db", {clock_, random_, executor, executor, access::HashCost::least()}).value();
  ASSERT_TRUE(write_file(folder_ / "access.db.before-1", "anna"));
  ASSERT_TRUE(access->forget_users());
  EXPECT_FALSE(std::filesystem::exists(folder_ / "access.db.before-1"));
}

}  // namespace
}  // namespace hf::app
