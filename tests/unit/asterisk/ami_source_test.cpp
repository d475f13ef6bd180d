#include "hal/pbx/asterisk/ami_source.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <atomic>
#include <deque>
#include <thread>

#include "hal/net/memory_stream.hpp"
#include "hal/platform/random.hpp"
#include "tests/support/capture_files.hpp"
#include "tests/support/eventually.hpp"

namespace hf::pbx {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;

constexpr seconds kGuard{20};

// The PBX's end of a connection, shared with the source.
struct SharedStream final : net::ByteStream {
  explicit SharedStream(std::shared_ptr<net::MemoryStream> s) : stream(std::move(s)) {}
  Result<size_t> read(std::span<char> out, milliseconds within) override { return stream->read(out, within); }
  Status write(std::string_view bytes, milliseconds within) override { return stream->write(bytes, within); }
  void close() override { stream->close(); }
  std::string peer() const override { return "pbx:5038"; }
  std::shared_ptr<net::MemoryStream> stream;
};

struct CollectingSink final : EventSink {
  void on(std::vector<CallEvent> events, Cursor) override {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return !blocked; });
    for (auto& event : events) all.push_back(std::move(event));
    changed.notify_all();
  }
  // Waits until `n` events have come.
  bool wait(size_t n) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, kGuard, [&] { return all.size() >= n; });
  }
  void block(bool on) {
    const std::lock_guard lock(mutex);
    blocked = on;
    changed.notify_all();
  }
  std::vector<std::string> kinds() {
    const std::lock_guard lock(mutex);
    std::vector<std::string> names;
    for (const auto& event : all) names.emplace_back(kind_name(event.body));
    return names;
  }
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<CallEvent> all;
  bool blocked = false;
};

class Source : public testing::Test {
 protected:
  void SetUp() override {
    const auto secret = folder.write("secret", "s3cret\n");
    chmod(secret.c_str(), 0600);
    options.address = {"pbx", 5038}, options.user = "watcher", options.secret_file = secret;
    options.first_retry = milliseconds(2), options.last_retry = milliseconds(10);
    options.slow_retry = milliseconds(300);  // long enough for what went wrong to be read before the next try
  }
  void TearDown() override {
    if (!source) return;
    source->stop();
    sink.block(false);
    runner.join();
  }
  void start() {
    source = std::make_unique<AmiSource>(options, system_clock(), system_random(),
                                         [this](const auto&) { return connect(); });
    runner = std::thread([this] { EXPECT_TRUE(source->run(sink, {})); });
  }
  Result<std::unique_ptr<net::ByteStream>> connect() {
    const std::lock_guard lock(mutex);
    ++dialled;
    changed.notify_all();
    if (refusing) return fail(ErrorKind::io, "pbx:5038: connection refused");
    streams.push_back(std::make_shared<net::MemoryStream>());
    return std::make_unique<SharedStream>(streams.back());
  }
  // The n-th connection, when it has been made.
  std::shared_ptr<net::MemoryStream> connection(size_t n) {
    std::unique_lock lock(mutex);
    if (!changed.wait_for(lock, kGuard, [&] { return streams.size() > n; }))
      throw std::runtime_error("no connection was made");
    return streams[n];
  }
  bool dialled_times(size_t n) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, kGuard, [&] { return dialled >= n; });
  }
  static std::string id_after(net::MemoryStream& stream, const std::string& action, size_t& from) {
    const size_t at = stream.wait_written("Action: " + action + "\r\n", from, kGuard);
    EXPECT_NE(at, std::string::npos) << action;
    const size_t id = stream.wait_written("ActionID: ", at, kGuard);
    from = stream.wait_written("\r\n", id, kGuard);
    return "ActionID: " + stream.written().substr(id, from - 2 - id) + "\r\n";
  }
  // Plays the PBX's part up to the pictures; returns where in what was written the pictures begin.
  static size_t log_in(net::MemoryStream& stream) {
    size_t from = 0;
    stream.feed("Asterisk Call Manager/5.0.4\r\n");
    stream.feed("Response: Success\r\n" + id_after(stream, "Challenge", from) + "Challenge: 1\r\n\r\n");
    stream.feed("Response: Success\r\n" + id_after(stream, "Login", from) + "Message: Authentication accepted\r\n\r\n");
    stream.feed("Event: FullyBooted\r\n\r\n");
    stream.feed("Response: Success\r\n" + id_after(stream, "CoreSettings", from) + "AsteriskVersion: 16.28.0\r\n\r\n");
    return from;
  }
  bool health_says(std::string_view text, Health state) {
    const auto says = [&] {
      const SourceHealth h = source->health();
      return h.state == state && h.what.find(text) != std::string::npos;
    };
    if (test::eventually(says, kGuard)) return true;
    ADD_FAILURE() << source->health().what;
    return false;
  }

  TempFolder folder;
  AmiOptions options;
  CollectingSink sink;
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::shared_ptr<net::MemoryStream>> streams;
  size_t dialled = 0;
  bool refusing = false;
  std::unique_ptr<AmiSource> source;
  std::thread runner;
};

TEST_F(Source, follows_a_pbx_from_login_to_events) {
  start();
  const auto pbx = connection(0);
  size_t from = log_in(*pbx);
  id_after(*pbx, "QueueStatus", from);
  pbx->feed("Event: QueueCallerJoin\r\nUniqueid: 1.0\r\nQueue: q\r\n\r\n");
  ASSERT_TRUE(sink.wait(3));
  EXPECT_THAT(sink.kinds(), testing::ElementsAre("source_up", "pbx_life", "queue_joined"));
  EXPECT_TRUE(health_says("connected to pbx:5038", Health::healthy));
  EXPECT_EQ(source->health().events, 3u);
}

TEST_F(Source, tells_the_gap_and_takes_a_new_picture_after_a_reconnect) {
  start();
  log_in(*connection(0));
  ASSERT_TRUE(sink.wait(2));
  connection(0)->end();
  const auto again = connection(1);
  size_t from = log_in(*again);
  id_after(*again, "QueueStatus", from);
  id_after(*again, "CoreShowChannels", from);
  ASSERT_TRUE(sink.wait(5));
  EXPECT_THAT(sink.kinds(), testing::ElementsAre("source_up", "pbx_life", "source_down", "source_up", "pbx_life"));
  EXPECT_EQ(source->health().reconnects, 1u);
}

TEST_F(Source, goes_on_after_a_restart_of_the_pbx_in_the_middle_of_a_message) {
  start();
  log_in(*connection(0));
  connection(0)->feed("Event: Shutdown\r\nShutdown: Cleanly\r\nRestart: True\r\n\r\nEvent: QueueCallerJo");
  ASSERT_TRUE(sink.wait(3));
  connection(0)->end();
  log_in(*connection(1));
  ASSERT_TRUE(sink.wait(6));
  EXPECT_THAT(sink.kinds(),
              testing::ElementsAre("source_up", "pbx_life", "pbx_life", "source_down", "source_up", "pbx_life"));
}

TEST_F(Source, counts_garbage_and_loses_nothing_behind_it) {
  start();
  log_in(*connection(0));
  connection(0)->feed(std::string("\x01\x02garbage\0\r\n\r\n", 14) +
                      "Event: Invented\r\n\r\nEvent: Reload\r\nModule: app_queue\r\n\r\n");
  ASSERT_TRUE(sink.wait(3));
  EXPECT_THAT(sink.kinds().back(), "configuration_changed");
  EXPECT_EQ(source->health().malformed_messages, 1u);
  EXPECT_EQ(source->health().unknown_messages, 1u);
}

TEST_F(Source, keeps_trying_when_the_secret_is_wrong_and_takes_a_corrected_file) {
  start();
  size_t from = 0;
  const auto pbx = connection(0);
  pbx->feed("Asterisk Call Manager/5.0.4\r\n");
  pbx->feed("Response: Success\r\n" + id_after(*pbx, "Challenge", from) + "Challenge: 1\r\n\r\n");
  pbx->feed("Response: Error\r\n" + id_after(*pbx, "Login", from) + "Message: Authentication failed\r\n\r\n");
  EXPECT_TRUE(health_says("secret file", Health::failed));
  folder.write("secret", "corrected\n");
  for (size_t n = 1; sink.kinds().empty(); ++n) log_in(*connection(n)), sink.wait(2);
  EXPECT_TRUE(health_says("connected", Health::healthy));
}

TEST_F(Source, names_what_answers_instead_of_a_pbx) {
  start();
  connection(0)->feed("220 mail.example.org ESMTP\r\n");
  EXPECT_TRUE(health_says("no Asterisk Manager: it sent \"220 mail.example.org ESMTP", Health::failed));
  connection(1);
}

TEST_F(Source, keeps_knocking_at_a_pbx_that_is_away) {
  refusing = true;
  start();
  ASSERT_TRUE(dialled_times(4));
  EXPECT_TRUE(health_says("connection refused", Health::failed));
}

TEST_F(Source, waits_for_a_secret_file_that_others_may_not_read) {
  chmod(options.secret_file.c_str(), 0644);
  start();
  EXPECT_TRUE(health_says("secret", Health::failed));
  chmod(options.secret_file.c_str(), 0600);
  log_in(*connection(0));
  EXPECT_TRUE(sink.wait(2));
}

TEST_F(Source, goes_on_reading_while_the_agent_is_busy_and_tells_the_gap_when_it_takes_too_long) {
  options.max_waiting_bytes = 100'000;
  start();
  log_in(*connection(0));
  ASSERT_TRUE(sink.wait(2));
  sink.block(true);
  const std::string flood(50'000, 'x');
  connection(0)->feed("Event: Reload\r\n\r\n");
  for (int i = 0; i < 40; ++i) connection(0)->feed(flood + "\r\n\r\n");
  // Every byte was taken off the wire or the connection closed: at no time was the PBX left with a full socket.
  while (connection(0)->write("", seconds(1))) std::this_thread::yield();
  sink.block(false);
  connection(1);
  const auto kinds = sink.kinds();
  EXPECT_EQ(kinds.back(), "source_down");
  EXPECT_THAT(to_text(sink.all.back()), HasSubstr("could%20not%20keep%20up"));
}

TEST_F(Source, tells_the_gap_that_its_own_end_begins) {
  start();
  log_in(*connection(0));
  ASSERT_TRUE(sink.wait(2));
  source->stop();
  ASSERT_TRUE(sink.wait(3));
  EXPECT_THAT(to_text(sink.all.back()), HasSubstr("source_down reason=stopped"));
}

TEST_F(Source, refuses_a_user_name_that_could_begin_an_action) {
  options.user = "watcher\r\nAction: Originate";
  AmiSource bad(options, system_clock(), system_random(), [this](const auto&) { return connect(); });
  const Status refused = bad.run(sink, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::invalid_input);
  EXPECT_EQ(dialled, 0u);
}

TEST(Backoff, doubles_to_its_cap_within_its_jitter) {
  SeededRandom random(7);
  Backoff backoff(seconds(1), seconds(30));
  for (const int step : {1, 2, 4, 8, 16, 30, 30, 30}) {
    const auto delay = backoff.next(random);
    EXPECT_GE(delay, milliseconds(step * 500));
    EXPECT_LE(delay, seconds(step));
  }
  backoff.reset();
  EXPECT_LE(backoff.next(random), seconds(1));
}

TEST(Backoff, spreads_the_boxes_of_a_fleet) {
  std::set<int64_t> delays;
  for (uint64_t seed = 0; seed < 50; ++seed) {
    SeededRandom random(seed);
    delays.insert(Backoff(seconds(30), seconds(30)).next(random).count());
  }
  EXPECT_GT(delays.size(), 45u);
}

}  // namespace
}  // namespace hf::pbx
