#include "agent/journal/writer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "tests/unit/journal/journal_fixture.hpp"

namespace hf::journal {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;
using namespace std::chrono_literals;

constexpr auto kPatience = 5s;
constexpr WriterOptions kNeverByItself{.flush_after = 1h};

class WriterTest : public JournalTest {};

TEST_F(WriterTest, what_people_do_is_on_the_disk_at_once) {
  Writer writer(open(), kNeverByItself);
  EXPECT_EQ(writer.submit({entry("event")}).value(), 1u);
  EXPECT_EQ(writer.submit_now({entry("acknowledgement")}, kPatience).value(), 2u);
  EXPECT_EQ(writer.durable(), 2u);
  auto survivor = Journal::open(crash_image("crashed"), clock_, random_);
  ASSERT_TRUE(survivor);
  EXPECT_THAT(bodies(*survivor), ElementsAre("event", "acknowledgement"));
}

TEST_F(WriterTest, events_are_on_the_disk_soon_without_being_asked) {
  Writer writer(open(), {.flush_after = 20ms});
  const auto last = writer.submit({entry("a"), entry("b")}, Cursor{"ami", "2"});
  EXPECT_TRUE(writer.wait_durable(last.value(), kPatience));
}

TEST_F(WriterTest, the_default_promise_is_below_a_second) { EXPECT_LT(WriterOptions{}.flush_after, 1s); }

TEST_F(WriterTest, a_full_batch_does_not_wait) {
  Writer writer(open(), {.flush_after = 1h, .batch_rows = 10});
  const auto last = writer.submit(entries(10));
  EXPECT_TRUE(writer.wait_durable(last.value(), kPatience));
}

TEST_F(WriterTest, hurry_writes_what_an_outgoing_message_rests_on_and_tells) {
  std::atomic<uint64_t> told{0};
  Writer writer(open(), kNeverByItself, [&told](uint64_t sequence) { told = sequence; });
  const auto last = writer.submit(entries(3));
  writer.hurry();
  ASSERT_TRUE(writer.wait_durable(last.value(), kPatience));
  ASSERT_TRUE(writer.stop());
  EXPECT_EQ(told, 3u);
}

TEST_F(WriterTest, waiting_has_an_end) {
  Writer writer(open(), kNeverByItself);
  const auto last = writer.submit(entries(1));
  EXPECT_EQ(writer.wait_durable(last.value(), 1ms).error().kind, ErrorKind::timed_out);
}

TEST_F(WriterTest, pushes_back_when_the_queue_is_full_and_takes_nothing_then) {
  Writer writer(open(), {.flush_after = 1h, .queue_rows = 10});
  ASSERT_TRUE(writer.submit(entries(8)));
  EXPECT_EQ(writer.submit(entries(3)).error().kind, ErrorKind::busy);
  EXPECT_EQ(writer.submit(entries(2)).value(), 10u) << "numbers go on where the accepted ones ended";
  EXPECT_EQ(writer.health().waiting, 10u);
}

TEST_F(WriterTest, stop_writes_what_is_queued_and_refuses_more) {
  {
    Writer writer(open(), kNeverByItself);
    ASSERT_TRUE(writer.submit(entries(5), Cursor{"ami", "1"}));
    ASSERT_TRUE(writer.submit(entries(5), Cursor{"ami", "2"}));
    ASSERT_TRUE(writer.submit(entries(1), Cursor{"queue_log", "3"}));
    EXPECT_TRUE(writer.stop());
    EXPECT_EQ(writer.submit(entries(1)).error().kind, ErrorKind::closed);
    EXPECT_EQ(writer.submit_now(entries(1)).error().kind, ErrorKind::closed);
  }
  auto journal = open();
  EXPECT_THAT(sequences(journal), SizeIs(11));
  EXPECT_EQ(journal.cursor("ami").value(), "2") << "of each source the last cursor counts";
  EXPECT_EQ(journal.cursor("queue_log").value(), "3");
}

TEST_F(WriterTest, a_cursor_alone_is_kept) {
  {
    Writer writer(open(), kNeverByItself);
    ASSERT_TRUE(writer.submit({}, Cursor{"ami", "7"}));
  }
  EXPECT_EQ(open().cursor("ami").value(), "7");
}

TEST_F(WriterTest, work_on_the_journal_comes_after_what_was_submitted_before) {
  Writer writer(open(), kNeverByItself);
  ASSERT_TRUE(writer.submit(entries(5)));
  uint64_t last = 0;
  ASSERT_TRUE(writer.with_journal([&last](Journal& journal) { last = journal.last_sequence(); }, kPatience));
  EXPECT_EQ(last, 5u);
  ASSERT_TRUE(writer.with_journal([](Journal& journal) { EXPECT_TRUE(journal.save_snapshot(5, "core", "state")); }, kPatience));
  EXPECT_TRUE(writer.submit_now(entries(1), kPatience));
}

TEST_F(WriterTest, many_threads_get_each_number_once) {
  Writer writer(open(), {.flush_after = 5ms});
  std::vector<std::thread> threads;
  std::atomic<uint64_t> sum{0};
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) sum += i % 10 == 0 ? writer.submit_now({entry("now")}, kPatience).value() : writer.submit({entry("soon")}).value();
    });
  }
  for (auto& thread : threads) thread.join();
  ASSERT_TRUE(writer.stop());
  EXPECT_EQ(sum, 200u * 201u / 2);
  auto journal = open();
  EXPECT_THAT(sequences(journal), SizeIs(200));
}

}  // namespace
}  // namespace hf::journal
