// Sender and HQ with a bad network between them: whatever is lost, repeated, reordered or cut, HQ holds each message
// exactly once.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "agent/sync/outgoing.hpp"
#include "agent/sync/sender.hpp"
#include "hal/platform/random.hpp"
#include "hq/ingest.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf {
namespace {

const std::string kKey(64, 'a');
const wire::SiteKey kSiteKey{1};

class BadNetwork final : public sync::Transport {
 public:
  BadNetwork(hq::Store& hq, const Clock& clock, uint64_t seed) : hq_(hq), clock_(clock), chance_(seed) {}

  Result<sync::TransportReply> post(const std::string& body) override {
    switch (good_ ? 9 : chance_() % 10) {
      case 0:
        return fail(ErrorKind::timed_out, "the request was lost");
      case 1:
        deliver(body);
        return fail(ErrorKind::closed, "the answer was lost");
      case 2:
        late_.push_back(body);
        return fail(ErrorKind::timed_out, "the request is late");
      case 3:
        deliver(body);
        return reply(deliver(body));
      case 4:
        deliver(body.substr(0, chance_() % body.size()));
        return fail(ErrorKind::closed, "cut");
      case 5:
        deliver_late();
        return reply(deliver(body));
      case 6:
        return sync::TransportReply{503, ""};
      default:
        return reply(deliver(body));
    }
  }
  void cancel() override {}
  void be_good() { good_ = true; }
  void deliver_late() {
    std::ranges::shuffle(late_, chance_);
    for (const auto& body : late_) deliver(body);
    if (chance_() % 2 == 0) late_.clear();
  }
  uint64_t refused = 0;

 private:
  http::Response deliver(const std::string& body) {
    http::Request request;
    request.method = http::Method::post, request.path = "/wire/v1/batch", request.peer_key = kKey, request.body = body;
    auto response = hq::take_batch(hq_, request, clock_.now());
    if (response.status == 200) refused += wire::decode_answer(response.body)->refused.size();
    return response;
  }
  static sync::TransportReply reply(const http::Response& response) { return {response.status, response.body}; }

  hq::Store& hq_;
  const Clock& clock_;
  std::mt19937_64 chance_;
  std::vector<std::string> late_;
  bool good_ = false;
};

class Chaos : public ::testing::Test {
 protected:
  explicit Chaos(uint64_t budget = 64 << 20)
      : seed_(static_cast<uint64_t>(testing::UnitTest::GetInstance()->random_seed())),
        random_(seed_),
        chance_(seed_ + 1),
        outgoing_(std::move(*sync::Outgoing::open(folder_ / "outbox.db", kSiteKey, random_, clock_.now()))),
        hq_(std::move(*hq::Store::open(folder_ / "hq.db"))),
        network_(hq_, clock_, seed_ + 2),
        sender_(outgoing_.outbox(), network_, clock_, random_, options(budget)) {
    std::printf("seed %llu\n", static_cast<unsigned long long>(seed_));
    EXPECT_TRUE(hq_.enrol("berlin-1", "Berlin", kKey, clock_.now()));
  }
  static sync::SenderOptions options(uint64_t budget) {
    sync::SenderOptions o;
    o.site = "berlin-1", o.budget_bytes = budget;
    return o;
  }

  // One minute of the site: its own sums, now and then a late revision of an earlier one.
  void live_a_minute() {
    clock_.advance(std::chrono::minutes(1));
    const Time start = std::chrono::floor<std::chrono::minutes>(clock_.now()) - std::chrono::minutes(1);
    sync::Outputs out;
    out.at = clock_.now();
    out.minutes.push_back(minute(start, static_cast<uint32_t>(chance_() % 20)));
    if (truth_.size() > 20 && chance_() % 3 == 0) {
      const Time earlier = start - std::chrono::minutes(1 + chance_() % 15);
      out.minutes.push_back(minute(earlier, truth_.at(earlier).offered + 1));
    }
    ASSERT_TRUE(outgoing_.put({"j", ++outputs_}, out));
  }
  metrics::Minute minute(Time start, uint32_t offered) {
    metrics::Minute m;
    m.scope = metrics::Scope::queue, m.id = "support", m.start = start, m.offered = offered, m.observed_seconds = 60;
    m.answered = offered / 2, m.talk = std::chrono::seconds(offered), m.answered_waits.bins[5] = offered / 2;
    m.revision = revisions_[start]++;
    truth_[start] = m;
    return m;
  }
  void catch_up() {
    network_.be_good();
    for (int i = 0; i < 1000 && outgoing_.outbox().status()->waiting > 0; ++i) sender_.attempt();
    network_.deliver_late();
  }
  void expect_hq_knows_the_truth() {
    metrics::Minute want, got;
    for (const auto& [start, m] : truth_) want.merge(m);
    const hq::MinutesWanted all{"berlin-1",
                                {wire::Scope::queue, wire::opaque_id(kSiteKey, wire::Scope::queue, "support")},
                                Time{},
                                Time::max(),
                                std::chrono::seconds(60)};
    for (const auto found = hq_.minutes(all); const auto& m : *found) got.merge(m);
    EXPECT_EQ(got.offered, want.offered);
    EXPECT_EQ(got.answered, want.answered);
    EXPECT_EQ(got.talk, want.talk);
    EXPECT_EQ(got.observed_seconds, want.observed_seconds);
    EXPECT_EQ(got.answered_waits, want.answered_waits);
    EXPECT_EQ(network_.refused, 0U);
    EXPECT_EQ(outgoing_.outbox().status()->waiting, 0U);
    EXPECT_EQ(hq_.site("berlin-1")->waiting_sequences, 0U);
    EXPECT_EQ(hq_.site("berlin-1")->complete_until, truth_.rbegin()->first + std::chrono::minutes(1));
  }

  const test::TempFolder folder_;
  const uint64_t seed_;
  test::ManualClock clock_;
  SeededRandom random_;
  std::mt19937_64 chance_;
  sync::Outgoing outgoing_;
  hq::Store hq_;
  BadNetwork network_;
  sync::Sender sender_;
  std::map<Time, metrics::Minute> truth_;
  std::map<Time, uint32_t> revisions_;
  uint64_t outputs_ = 0;
};

TEST_F(Chaos, hq_holds_every_message_exactly_once) {
  for (int i = 0; i < 300; ++i) {
    live_a_minute();
    sender_.attempt();
  }
  catch_up();
  expect_hq_knows_the_truth();
}

class SmallChaos : public Chaos {
 protected:
  SmallChaos() : Chaos(250'000) {}
};

TEST_F(SmallChaos, totals_agree_also_when_days_without_a_link_were_rolled_up) {
  for (int i = 0; i < 2 * 24 * 60; ++i) {
    live_a_minute();
    if (i >= 30 * 60 && chance_() % 200 == 0) sender_.attempt();  // by then more waits than the budget takes, whatever the seed
  }
  catch_up();
  EXPECT_TRUE(sender_.link().rolled_up);
  EXPECT_FALSE(sender_.link().lost);
  expect_hq_knows_the_truth();
}

}  // namespace
}  // namespace hf
