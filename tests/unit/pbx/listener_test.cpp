#include "hal/pbx/listener.hpp"

#include <gmock/gmock.h>

#include <condition_variable>

namespace hf::pbx {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using std::chrono::seconds;

constexpr Time kStart{seconds(1'000'000)};

CallEvent event(int second, CallEventBody body, int ahead = 0) {
  const Time at = kStart + seconds(second);
  return {at, at + seconds(ahead), std::move(body)};
}

std::vector<std::string_view> reasons(const ListenReport& report) {
  std::vector<std::string_view> all;
  for (const MissingEvent& m : report.missing) {
    all.push_back(m.reason);
    EXPECT_FALSE(in_words(m).empty()) << m.reason;
  }
  return all;
}

struct Kept : EventSink {
  size_t events = 0;
  Cursor last;
  void on(std::vector<CallEvent> batch, Cursor cursor) override { events += batch.size(), last = std::move(cursor); }
};

TEST(Listener, counts_by_kind_with_first_examples) {
  Listener listener(nullptr);
  listener.begin(kStart, seconds(60));
  for (int i = 0; i < 5; ++i) listener.on({event(i, QueueJoined{"1." + std::to_string(i), "sales", 1, 1})}, {});
  listener.on({event(6, SourceUp{"Asterisk", true, true, true})}, {});
  const auto report = listener.report(kStart + seconds(30), "ami");
  ASSERT_TRUE(report);
  ASSERT_THAT(report->heard, SizeIs(2));
  EXPECT_EQ(report->heard[0].kind, "queue_joined");
  EXPECT_EQ(report->heard[0].count, 5u);
  EXPECT_THAT(report->heard[0].examples, SizeIs(2));
  EXPECT_EQ(report->listened, seconds(30));
}

TEST(Listener, passes_everything_on_whether_somebody_listens_or_not) {
  Kept kept;
  Listener listener(&kept);
  listener.on({event(0, ResyncStarted{})}, "place 1");
  EXPECT_FALSE(listener.report(kStart, "ami"));
  listener.begin(kStart, seconds(1));
  listener.on({event(0, ResyncStarted{}), event(5, ResyncStarted{})}, "place 2");
  EXPECT_EQ(kept.events, 3u);
  EXPECT_EQ(kept.last, "place 2");
  EXPECT_EQ(listener.report(kStart + seconds(9), "ami")->heard.at(0).count, 1u) << "what comes after the end does not count";
  EXPECT_FALSE(listener.listening(kStart + seconds(9)));
}

TEST(Listener, tells_how_far_the_clock_of_the_pbx_is_off) {
  Listener listener(nullptr);
  listener.begin(kStart, seconds(60));
  for (int i = 0; i < 9; ++i) listener.on({event(i, ResyncStarted{}, 120), event(i, ResyncEnded{}, i)}, {});
  listener.on({event(20, ResyncStarted{}, 120)}, {});
  EXPECT_EQ(listener.report(kStart + seconds(60), "ami")->clock_ahead, seconds(120));
}

TEST(Listener, says_what_never_came_and_why) {
  Listener listener(nullptr);
  listener.begin(kStart, seconds(60));
  EXPECT_THAT(reasons(*listener.report(kStart + seconds(60), "ami")), testing::ElementsAre("login")) << "without it nothing else can come";
  listener.on({event(1, SourceUp{"Asterisk"}), event(1, ChannelStarted{"1.0", "1.0", {}, {}, {}, 0})}, {});
  const auto after = listener.report(kStart + seconds(60), "ami");
  EXPECT_THAT(reasons(*after), Not(testing::Contains("login")));
  EXPECT_THAT(reasons(*after), testing::Contains("ami_dialplan_class"));
  Listener silent(nullptr);
  silent.begin(kStart, seconds(60));
  for (const char* kind : {"esl", "queue_log", "syslog", "smdr", "intake", "hep", "tap"}) EXPECT_FALSE(silent.report(kStart, kind)->missing.empty()) << kind;
}

TEST(Listener, shows_no_number_no_name_and_nothing_dialled) {
  ChannelStarted started{"1795306282.0", "1795306282.0", "Local/491701234567@out", "08001234567", "from-trunk", 0x1234567890abcdef};
  MemberConnected connected;
  connected.channel = "1795306282.0", connected.name = "Anna Berg", connected.member = "PJSIP/1007";
  Transferred moved{TransferKind::blind, "1.0", "1.1", {}, "491701234567"};
  for (const CallEventBody& body : {CallEventBody(started), CallEventBody(connected), CallEventBody(moved)}) {
    const std::string text = masked_text(event(0, body));
    EXPECT_THAT(text, Not(HasSubstr("4917012345"))) << text;
    EXPECT_THAT(text, Not(HasSubstr("080012345"))) << text;
    EXPECT_THAT(text, Not(HasSubstr("Anna"))) << text;
    EXPECT_THAT(text, Not(HasSubstr(std::to_string(started.caller)))) << text;
  }
  MemberConnected by_name = connected;
  by_name.member = "Li Wei";
  EXPECT_THAT(masked_text(event(0, by_name)), Not(HasSubstr("Wei"))) << "a queue_log calls agents by their names";
  EXPECT_THAT(masked_text(event(0, connected)), HasSubstr("PJSIP/1007")) << "who is who must stay to be seen";
  EXPECT_THAT(masked_text(event(0, started)), HasSubstr("channel=1795306282.0"));
}

struct Endless : PbxSource {
  std::mutex mutex;
  std::condition_variable changed;
  bool stopped = false;
  Description describe() const override { return {}; }
  Status run(EventSink&, Cursor) override {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return stopped; });
    return {};
  }
  void stop() override {
    const std::lock_guard lock(mutex);
    stopped = true;
    changed.notify_all();
  }
  SourceHealth health() const override { return {}; }
};

TEST(Listener, stops_a_source_when_its_time_is_over) {
  Endless source;
  Listener listener(nullptr);
  EXPECT_TRUE(listen_to(source, listener, seconds(0), system_clock()));
  EXPECT_TRUE(source.stopped);
}

struct Short : Endless {
  Status run(EventSink& sink, Cursor) override {
    sink.on({{system_clock().now(), {}, SourceUp{"short"}}}, {});
    return fail(ErrorKind::denied, "over");
  }
};

TEST(Listener, ends_with_a_source_that_ends_and_tells_its_error) {
  Short source;
  Listener listener(nullptr);
  EXPECT_EQ(listen_to(source, listener, seconds(600), system_clock()).error().what, "over");
  EXPECT_EQ(listener.report(system_clock().now(), "ami")->heard.at(0).kind, "source_up");
}

}  // namespace
}  // namespace hf::pbx
