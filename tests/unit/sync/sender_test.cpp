#include "agent/sync/sender.hpp"

#include <gtest/gtest.h>

#include <deque>

#include "agent/sync/outgoing.hpp"
#include "agent/wire/decode.hpp"
#include "hal/platform/random.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::sync {
namespace {

using std::chrono::milliseconds;

// Answers from a list; without one, as HQ would: everything acknowledged.
class ScriptedTransport final : public Transport {
 public:
  Result<TransportReply> post(const std::string& body) override {
    lines.clear();
    const auto text = wire::unpack(body);
    const auto batch = wire::split(*text);
    head = batch->head;
    wire::Answer answer;
    for (const auto line : batch->messages) {
      lines.emplace_back(line);
      const uint64_t s = *wire::sequence_of(line);
      answer.acked.emplace_back(s, s);
    }
    ++posts;
    if (answers.empty()) return TransportReply{200, wire::encode_answer(answer)};
    auto next = std::move(answers.front());
    answers.pop_front();
    return next;
  }
  void cancel() override {}

  std::deque<Result<TransportReply>> answers;
  std::vector<std::string> lines;
  wire::Head head;
  int posts = 0;
};

class SenderTest : public ::testing::Test {
 protected:
  SenderTest() : random_(7), outbox_(std::move(*store::Outbox::open(folder_ / "outbox.db", random_))) {}

  Sender make(SenderOptions options = {}) {
    options.site = "berlin-1";
    return Sender(outbox_, transport_, clock_, random_, options);
  }
  void put(uint64_t count) {
    wire::Summary s;
    s.start = wire::kFirstTime;
    const std::vector<store::NewMessage> messages(count, *message_of(wire::Minutes{{s}}, clock_.now()));
    ASSERT_TRUE(outbox_.put({"j", ++outputs_}, messages));
  }

  const test::TempFolder folder_;
  test::ManualClock clock_;
  SeededRandom random_;
  store::Outbox outbox_;
  ScriptedTransport transport_;
  uint64_t outputs_ = 0;
};

TEST_F(SenderTest, sends_what_waits_and_settles_it) {
  put(3);
  Sender sender = make();
  EXPECT_EQ(sender.attempt(), milliseconds(60'000));
  EXPECT_EQ(transport_.lines.size(), 3U);
  EXPECT_EQ(transport_.head.site, "berlin-1");
  EXPECT_EQ(transport_.head.epoch, outbox_.status()->epoch);
  EXPECT_EQ(transport_.head.newest, 3U);
  EXPECT_EQ(outbox_.status()->waiting, 0U);
  EXPECT_EQ(sender.link().state, LinkState::connected);
  EXPECT_EQ(sender.link().last_contact, clock_.now());
  sender.attempt();
  EXPECT_TRUE(transport_.lines.empty()) << "a sign of life";
}

TEST_F(SenderTest, catches_up_in_batches_at_a_bounded_rate) {
  put(1203);
  Sender sender = make();
  EXPECT_EQ(sender.attempt(), milliseconds(200));
  EXPECT_EQ(transport_.lines.size(), 500U);
  EXPECT_EQ(sender.attempt(), milliseconds(200));
  EXPECT_EQ(sender.attempt(), milliseconds(60'000));
  EXPECT_EQ(transport_.lines.size(), 203U);
  EXPECT_EQ(outbox_.status()->waiting, 0U);
}

TEST_F(SenderTest, hq_away_is_a_state_with_growing_waits_and_nothing_is_lost) {
  put(1);
  Sender sender = make();
  milliseconds longest{0};
  for (int i = 0; i < 15; ++i) {
    transport_.answers.push_back(fail(ErrorKind::io, "hq.example:8445: refused"));
    const milliseconds wait = sender.attempt();
    const milliseconds full = std::min(milliseconds(1000) * (1 << i), milliseconds(300'000));
    EXPECT_GE(wait, full / 2) << i;
    EXPECT_LE(wait, full) << i;
    longest = std::max(longest, wait);
  }
  EXPECT_GE(longest, milliseconds(150'000));
  EXPECT_EQ(sender.link().state, LinkState::unreachable);
  EXPECT_NE(sender.link().what.find("hq.example:8445"), std::string::npos);
  EXPECT_TRUE(sender.link().next_attempt);
  EXPECT_EQ(outbox_.status()->waiting, 1U);
  EXPECT_EQ(outbox_.message(1)->attempts, 15U);
  sender.attempt();
  EXPECT_EQ(sender.link().state, LinkState::connected);
  EXPECT_EQ(sender.link().what, "");
  EXPECT_FALSE(sender.link().next_attempt);
  EXPECT_EQ(outbox_.status()->waiting, 0U);
}

TEST_F(SenderTest, a_key_or_certificate_that_is_not_accepted_reads_refused_with_the_remedy) {
  Sender sender = make();
  transport_.answers.push_back(TransportReply{403, ""});
  sender.attempt();
  EXPECT_EQ(sender.link().state, LinkState::refused);
  EXPECT_NE(sender.link().what.find("enrol"), std::string::npos);
  transport_.answers.push_back(fail(ErrorKind::denied, "HQ's certificate is of another CA"));
  sender.attempt();
  EXPECT_EQ(sender.link().state, LinkState::refused);
  EXPECT_EQ(sender.link().what, "HQ's certificate is of another CA");
}

TEST_F(SenderTest, a_refused_message_is_set_apart_and_the_others_go_on) {
  put(3);
  transport_.answers.push_back(
      TransportReply{200, wire::encode_answer({{{1, 1}, {3, 3}}, {{2, wire::RefusedReason::other_bytes}}, 0})});
  Sender sender = make();
  sender.attempt();
  EXPECT_EQ(outbox_.message(2)->state, store::OutboxState::refused);
  EXPECT_EQ(outbox_.message(2)->why, "other_bytes");
  EXPECT_EQ(outbox_.status()->waiting, 0U);
  sender.attempt();
  EXPECT_TRUE(transport_.lines.empty());
}

TEST_F(SenderTest, an_answer_settles_only_what_the_batch_held) {
  put(501);
  transport_.answers.push_back(
      TransportReply{200, wire::encode_answer({{{1, 10'000}}, {{501, wire::RefusedReason::invalid}}, 0})});
  Sender sender = make();
  sender.attempt();
  EXPECT_EQ(outbox_.message(501)->state, store::OutboxState::waiting);
  EXPECT_EQ(outbox_.status()->waiting, 1U);
}

TEST_F(SenderTest, an_answer_that_acknowledges_nothing_or_is_none_is_no_success) {
  put(1);
  Sender sender = make();
  for (const auto* answer :
       {R"({"v":[1,0],"acked":[],"refused":[],"ignored":0})", "<html>a proxy's page</html>", R"({"v":[7,0]})"}) {
    transport_.answers.push_back(TransportReply{200, answer});
    EXPECT_LE(sender.attempt(), milliseconds(4000)) << "backs off, does not wait for the next sign of life";
    EXPECT_NE(sender.link().state, LinkState::connected) << answer;
    EXPECT_EQ(outbox_.status()->waiting, 1U);
  }
}

TEST_F(SenderTest, a_message_damaged_on_the_disk_does_not_stop_the_others) {
  put(1);
  ASSERT_TRUE(outbox_.put({"j", ++outputs_}, {{store::OutboxKind::incident, 0, clock_.now(), "not zstd", 5}}));
  put(1);
  Sender sender = make();
  sender.attempt();
  EXPECT_EQ(transport_.lines.size(), 2U);
  EXPECT_EQ(outbox_.message(2)->state, store::OutboxState::refused);
}

TEST_F(SenderTest, makes_room_and_says_so) {
  put(1);
  SenderOptions options;
  options.budget_bytes = 1;
  Sender sender = make(options);
  sender.attempt();
  EXPECT_TRUE(sender.link().lost);
  EXPECT_EQ(transport_.lines.size(), 1U);
  EXPECT_NE(transport_.lines.at(0).find("\"replaces\":[[1,3]]"), std::string::npos)
      << "the minute, its quarter, its hour";
}

TEST_F(SenderTest, the_thread_sends_at_once_when_woken_and_stops_when_told) {
  Sender sender = make();
  SenderThread thread(sender, transport_);
  thread.start();
  put(1);
  thread.wake();
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  while (outbox_.status()->waiting > 0 && std::chrono::steady_clock::now() < until) std::this_thread::yield();
  thread.stop();
  EXPECT_EQ(outbox_.status()->waiting, 0U);
}

}  // namespace
}  // namespace hf::sync
