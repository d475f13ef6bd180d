// Nothing that was acknowledged is lost, whatever the disk does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "agent/app/engine.hpp"
#include "agent/journal/journal.hpp"
#include "hal/platform/random.hpp"
#include "tests/fault/journal/faulty_disk.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::journal {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class HandClock final : public Clock {
 public:
  Time now() const override { return time; }
  SteadyTime steady() const override { return {}; }
  Time time = std::chrono::sys_days(std::chrono::year(2026) / 11 / 26) + std::chrono::hours(12);
};

class DiskFault : public ::testing::Test {
 protected:
  // Appends body after body, five a batch, a new day now and then; a refused batch is tried again once the disk is well. Returns when
  // `batches` are acknowledged.
  void work(Journal& journal, int batches) {
    for (int done = 0; done < batches;) {
      std::vector<Entry> batch;
      for (int i = 0; i < 5; ++i) batch.push_back({0, clock_.time, "call_event", "body " + std::to_string(acknowledged_ + static_cast<uint64_t>(i) + 1)});
      if (journal.append(batch, std::vector<Cursor>{{"ami", std::to_string(acknowledged_ + 5)}})) {
        acknowledged_ += 5, ++done;
        if (done % 3 == 0) clock_.time += std::chrono::hours(24);
      } else {
        ++refused_;
        disk_.heal();
      }
    }
  }
  // At least what was acknowledged, each once, in order; more only if it is the batch that was under way.
  void expect_whole(const std::filesystem::path& folder, uint64_t acknowledged, const std::string& when) {
    auto journal = Journal::open(folder, clock_, random_);
    ASSERT_TRUE(journal) << when << ": " << journal.error().what;
    EXPECT_THAT(journal->report().losses, IsEmpty()) << when;
    uint64_t count = 0;
    ASSERT_TRUE(journal->read(1, UINT64_MAX, [&](const EntryView& e) {
      ++count;
      EXPECT_EQ(e.sequence, count) << when;
      EXPECT_EQ(e.body, "body " + std::to_string(count)) << when;
    }));
    EXPECT_GE(count, acknowledged) << when;
    EXPECT_LE(count, acknowledged + 5) << when;
    EXPECT_EQ(count % 5, 0u) << when << ": a batch is all or nothing";
    if (count > 0) {
      EXPECT_EQ(journal->cursor("ami").value(), std::to_string(count)) << when << ": the cursor fits the entries";
    }
  }
  Journal open() {
    auto journal = Journal::open(folder_, clock_, random_, test::FaultyDisk::kName);
    EXPECT_TRUE(journal) << journal.error().what;
    return std::move(*journal);
  }

  test::FaultyDisk disk_;
  test::TempFolder temp_;
  std::filesystem::path folder_ = temp_ / "journal";
  HandClock clock_;
  SeededRandom random_{1};
  uint64_t acknowledged_ = 0;
  int refused_ = 0;
};

TEST_F(DiskFault, any_single_failed_write_or_sync_loses_nothing) {
  for (const int code : {SQLITE_FULL, SQLITE_IOERR_WRITE}) {
    for (int nth = 1; nth <= 60; nth += code == SQLITE_FULL ? 1 : 3) {
      std::filesystem::remove_all(folder_);
      acknowledged_ = 0;
      {
        auto journal = open();
        disk_.fail_once(nth, code);
        work(journal, 8);
        disk_.heal();
      }
      expect_whole(folder_, acknowledged_, "operation " + std::to_string(nth) + ", code " + std::to_string(code));
    }
  }
  EXPECT_GT(refused_, 40) << "the faults were met";
}

TEST_F(DiskFault, a_disk_that_stays_full_refuses_and_goes_on_when_there_is_room) {
  auto journal = open();
  work(journal, 2);
  disk_.fail_from(1, SQLITE_FULL);
  const std::vector<Entry> batch{{0, clock_.time, "call_event", "body 11"}};
  for (int i = 0; i < 5; ++i) {
    const auto refused = journal.append(batch);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().what, HasSubstr("disk full"));
  }
  disk_.heal();
  work(journal, 2);
  ASSERT_TRUE(journal.close());
  expect_whole(folder_, acknowledged_, "after the room came back");
}

TEST_F(DiskFault, a_power_cut_at_any_write_keeps_what_was_acknowledged) {
  for (int nth = 1; nth <= 120; nth += 2) {
    std::filesystem::remove_all(folder_);
    acknowledged_ = 0;
    uint64_t at_the_cut = UINT64_MAX;
    const auto image = temp_ / "image";
    {
      auto journal = open();
      disk_.before(nth, [&] { at_the_cut = acknowledged_, disk_.power_cut_image(folder_, image); });
      work(journal, 8);
    }
    if (at_the_cut == UINT64_MAX) break;  // there were fewer operations
    expect_whole(image, at_the_cut, "power cut before operation " + std::to_string(nth));
  }
  EXPECT_GT(disk_.operations(), 100);
}

// Runs on the loop's thread, as the page's questions do.
std::string problem_told(app::Inbox& inbox, const app::Engine& engine) {
  const auto told = std::make_shared<std::promise<std::string>>();
  EXPECT_TRUE(inbox.post([told, &engine] { told->set_value(engine.health().journal_problem); }));
  return told->get_future().get();
}

TEST_F(DiskFault, the_agents_loop_keeps_the_events_tells_the_trouble_and_writes_them_later) {
  {
    app::Inbox inbox;
    app::Engine engine(open(), clock_, inbox, {}, {});
    ASSERT_TRUE(engine.recover());
    disk_.fail_from(1, SQLITE_FULL);
    inbox.door().on({{clock_.time, std::nullopt, pbx::QueueJoined{"c1", "sales"}}}, "1");
    std::thread loop([&] { EXPECT_TRUE(engine.run()); });
    std::string problem;
    while (problem.empty()) problem = problem_told(inbox, engine);
    EXPECT_THAT(problem, HasSubstr("disk full"));
    inbox.door().on({{clock_.time, std::nullopt, pbx::QueueLeft{"c1", "sales"}}}, "2");
    EXPECT_TRUE(inbox.post([this] { disk_.heal(); }));
    while (!problem.empty()) problem = problem_told(inbox, engine);
    inbox.close();
    loop.join();
  }
  auto journal = Journal::open(folder_, clock_, random_);
  ASSERT_TRUE(journal) << journal.error().what;
  EXPECT_EQ(journal->last_sequence(), 2u) << "each event once";
  EXPECT_EQ(journal->cursor("pbx").value(), "2");
}

}  // namespace
}  // namespace hf::journal
