// Two sources of one PBX, one stream: who is first is believed, what only one of them has is told once and counted.
#include "hal/pbx/asterisk/asterisk_merge.hpp"

#include <gmock/gmock.h>

#include <functional>
#include <thread>

#include "hal/net/interrupt.hpp"
#include "hal/pbx/asterisk/merged_source.hpp"
#include "tests/support/eventually.hpp"

namespace hf::pbx {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

Time at(double s) { return from_unix_seconds(1'700'000'000 + s); }

class Merge : public testing::Test {
 protected:
  void manager(double s, CallEventBody body) { merge.on_manager({{at(s), {}, std::move(body)}}, out); }
  // A line written in second `second` and read a little later.
  void log(double second, std::vector<CallEventBody> line) {
    std::vector<CallEvent> events;
    for (auto& body : line) events.push_back({at(second + 1.2), at(second), std::move(body)});
    merge.on_log(std::move(events), "behind " + std::to_string(static_cast<int>(second)), at(second + 1.2), out);
  }
  void both_up() {
    log(0, {SourceUp{"Asterisk queue_log", false, false, false}});
    manager(2, SourceUp{"Asterisk 22", true, true, true});
    out.clear();
  }
  std::vector<std::string> kinds() const {
    std::vector<std::string> names;
    for (const CallEvent& e : out) names.emplace_back(kind_name(e.body));
    return names;
  }
  AsteriskMerge merge;
  std::vector<CallEvent> out;
};

TEST_F(Merge, tells_what_both_tell_once) {
  both_up();
  manager(10.4, QueueJoined{"c1", "support", 1, 1});
  log(10, {QueueJoined{"c1", "support", 1, 0}});
  EXPECT_THAT(kinds(), ElementsAre("queue_joined"));
  EXPECT_EQ(merge.counts().both, 1u);
  manager(20, QueueLeft{"c1", "support"});
  manager(30, QueueJoined{"c1", "support", 1, 1});  // the same caller again: a new thing
  EXPECT_EQ(out.size(), 3u);
}

TEST_F(Merge, waits_for_the_manager_and_then_takes_the_logs_word) {
  both_up();
  log(10, {QueueJoined{"c1", "support", 1, 0}});
  EXPECT_THAT(out, IsEmpty());
  ASSERT_TRUE(merge.next_deadline());
  merge.advance(*merge.next_deadline(), out);
  EXPECT_THAT(kinds(), ElementsAre("queue_joined"));
  EXPECT_EQ(merge.counts().manager_silent, 1u);
  manager(15, QueueJoined{"c1", "support", 1, 1});  // very late: it is told already
  EXPECT_EQ(out.size(), 1u);
}

TEST_F(Merge, counts_queues_on_while_the_manager_is_away) {
  both_up();
  MemberState anna;
  anna.queue = "support", anna.member = anna.device = "PJSIP/1001", anna.name = "Anna";
  manager(5, anna);
  manager(10, SourceDown{"lost"});
  log(11, {QueueJoined{"c2", "support", 1, 0}});
  log(15, {QueueLeft{"c2", "support"}, MemberConnected{"c2", "support", "Anna", "Anna", "l", {}, {}}});
  log(40, {MemberDone{"c2", "support", "Anna", {}, {}, {}, TalkEnd::caller}});
  EXPECT_THAT(kinds(), ElementsAre("member_state", "source_down", "source_up", "queue_joined", "queue_left", "member_connected", "member_done"));
  EXPECT_FALSE(std::get<SourceUp>(out[2].body).agent_state) << "the log does not know who is free";
  EXPECT_EQ(std::get<MemberConnected>(out[5].body).member, "PJSIP/1001") << "the log's name is the manager's member";
  EXPECT_EQ(merge.counts().filled_in_gap, 3u);
  out.clear();
  manager(60, SourceUp{"Asterisk 22", true, true, true});
  EXPECT_THAT(kinds(), ElementsAre("source_down", "source_up"));
}

TEST_F(Merge, takes_a_caller_in_the_picture_for_one_who_joined) {
  log(0, {SourceUp{"Asterisk queue_log", false, false, false}});
  manager(10.5, SourceUp{"Asterisk 22", true, true, true});
  manager(11, CallerSeen{"c3", "support", seconds(1)});
  out.clear();
  log(10, {QueueJoined{"c3", "support", 1, 0}});
  merge.advance(at(60), out);
  EXPECT_THAT(out, IsEmpty());
}

TEST_F(Merge, tells_that_an_abandoning_caller_hung_up_and_is_gone) {
  both_up();
  manager(5, SourceDown{"lost"});
  out.clear();
  log(6, {QueueJoined{"c4", "support", 1, 0}});
  log(9, {QueueAbandoned{"c4", "support", seconds(3)}, QueueLeft{"c4", "support"}});
  EXPECT_THAT(kinds(), ElementsAre("queue_joined", "hangup_requested", "queue_abandoned", "queue_left", "channel_ended"));
}

TEST_F(Merge, takes_an_answer_to_a_survey_once_though_the_dialplan_tells_it_twice) {
  both_up();
  SurveyAnswered answer;
  answer.channel = "c6", answer.question = SurveyQuestion::csat, answer.score = 4, answer.low = 1, answer.high = 5;
  manager(10, answer);
  log(10, {answer});
  merge.advance(at(60), out);
  EXPECT_THAT(kinds(), ElementsAre("survey_answered"));
}

TEST_F(Merge, says_when_the_log_does_not_have_what_the_manager_told) {
  both_up();
  manager(10, QueueJoined{"c5", "support", 1, 1});
  merge.advance(at(20 * 60), out);
  EXPECT_EQ(merge.counts().log_silent, 1u);
}

TEST_F(Merge, keeps_its_place_in_the_log_behind_what_is_decided) {
  both_up();
  log(10, {QueueJoined{"c1", "support", 1, 0}});
  EXPECT_EQ(merge.cursor(), "behind 0");
  merge.advance(at(20), out);
  EXPECT_EQ(merge.cursor(), "behind 10");
}

TEST(MergeLines, keep_together_what_one_line_said) {
  const auto connected = [](const char* c) { return MemberConnected{c, "q", {}, {}, {}, {}, {}}; };
  const auto done = [](const char* c) { return MemberDone{c, "q", {}, {}, {}, {}, TalkEnd::agent}; };
  std::vector<CallEvent> events;
  for (CallEventBody body :
       std::vector<CallEventBody>{QueueLeft{"a", "q"}, connected("a"), QueueAbandoned{"b", "q", {}}, QueueLeft{"b", "q"}, QueueLeft{"c", "q"}, connected("c"), Transferred{}, done("a"),
                                  done("c"), QueueJoined{"d", "q"}})
    events.push_back({at(0), {}, std::move(body)});
  std::vector<size_t> sizes;
  for (const auto& line : AsteriskMerge::lines_of(std::move(events))) sizes.push_back(line.size());
  EXPECT_THAT(sizes, ElementsAre(2u, 2u, 2u, 2u, 1u, 1u));
}

// A source that gives what it has and waits for its end.
class Fake final : public PbxSource {
 public:
  Fake(std::vector<CallEvent> events, Health state, std::string what) : events_(std::move(events)), state_(state), what_(std::move(what)) {}
  Description describe() const override { return {"fake", what_, true, true, true, true, true, true}; }
  Status run(EventSink& sink, Cursor from) override {
    from_ = from;
    while (!ready_() && !stop_.triggered()) (void)stop_.wait_for(milliseconds(1));
    int n = 0;
    for (const CallEvent& event : events_) sink.on({event}, std::to_string(++n));
    while (!stop_.triggered()) (void)stop_.wait_for(milliseconds(50));
    return {};
  }
  void stop() override { stop_.trigger(); }
  SourceHealth health() const override {
    SourceHealth h;
    h.state = state_, h.what = what_;
    return h;
  }
  Cursor from_;
  std::function<bool()> ready_ = [] { return true; };

 private:
  std::vector<CallEvent> events_;
  Health state_;
  std::string what_;
  net::Interrupt stop_;
};

struct Kept final : EventSink {
  void on(std::vector<CallEvent> events, Cursor cursor) override {
    const std::lock_guard lock(mutex);
    for (auto& e : events) all.push_back(std::move(e));
    last = std::move(cursor);
  }
  size_t size() {
    const std::lock_guard lock(mutex);
    return all.size();
  }
  std::mutex mutex;
  std::vector<CallEvent> all;
  Cursor last;
};

TEST(MergedSource, follows_both_and_says_in_health_how_they_differ) {
  const Time now = system_clock().now();
  std::vector<CallEvent> told{{now, {}, SourceUp{"Asterisk 22", true, true, true}}, {now, {}, QueueJoined{"c1", "support", 1, 1}}};
  std::vector<CallEvent> logged{{now, now, QueueJoined{"c1", "support", 1, 0}}, {now, now, QueueJoined{"c2", "support", 1, 0}}};
  Kept kept;
  auto log = std::make_unique<Fake>(logged, Health::failed, "no such file");
  log->ready_ = [&kept] { return kept.size() >= 2; };
  MergedSource source(std::make_unique<Fake>(told, Health::healthy, "connected to pbx:5038"), std::move(log), system_clock());
  std::thread runner([&] { EXPECT_TRUE(source.run(kept, "7")); });
  EXPECT_TRUE(test::eventually([&] { return kept.size() >= 3; }));
  source.stop();
  runner.join();
  EXPECT_EQ(kept.all.size(), 3u) << "c1 once, c2 filled from the log";
  EXPECT_EQ(kept.last, "2");
  const SourceHealth health = source.health();
  EXPECT_EQ(health.state, Health::degraded);
  EXPECT_THAT(health.what, testing::HasSubstr("manager: connected to pbx:5038; queue_log: no such file; told by both 1, by the log alone 1"));
}

}  // namespace
}  // namespace hf::pbx
