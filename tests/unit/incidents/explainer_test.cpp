#include "agent/incidents/explainer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "agent/incidents/queue_replay.hpp"

namespace hf::incidents {
namespace {

const Time kTen = from_unix_seconds(1'735'552'800);
Time at(double s) { return kTen + from_seconds(s); }

// Three hours of a queue: eight agents, and half of them from the second hour on. What happens is told as the core
// tells it.
class Floor {
 public:
  Floor() {
    std::mt19937_64 random(3);
    const auto exponential = [&](double mean) {
      return -mean * std::log(1 - std::uniform_real_distribution<>(0, 1)(random));
    };
    Replay replay;
    for (int m = 0; m < 180; ++m) replay.agents.push_back(m < 120 ? 8 : 4);
    for (double t = exponential(30); t < 10800; t += exponential(30))
      replay.calls.push_back({.arrived = t, .hold = 0, .talk = exponential(180), .patience = exponential(1500)});
    const std::vector<double> waits = replay_waits(replay);
    for (size_t i = 0; i < waits.size(); ++i) {
      const ReplayCall& c = replay.calls[i];
      calls::Call call;
      call.id = std::to_string(i), call.arrived = at(c.arrived),
      call.arrival_seen = i % 2 == 0;  // half as a queue_log shows them
      call.stints = {{.queue = "support", .joined = call.arrived, .left = at(c.arrived + waits[i]), .end = {}}};
      const bool answered = waits[i] < c.patience;
      if (answered) call.connected = call.stints[0].left, call.answering_queue = "support";
      call.ended = at(c.arrived + waits[i] + (answered ? c.talk : 0));
      call.outcome = answered ? calls::Outcome::answered : calls::Outcome::abandoned;
      ends_.push_back(call);
    }
    std::ranges::stable_sort(ends_, {}, [](const calls::Call& c) { return *c.ended; });
  }
  // Minutes [from, to) and the calls that ended in them.
  void live(Explainer& explainer, Book& book, int from, int to, std::vector<Incident>& changed) const {
    for (int m = from; m < to; ++m) {
      for (const calls::Call& c : ends_) {
        if (*c.ended >= at(m * 60) && *c.ended < at((m + 1) * 60))
          explainer.on({*c.ended, calls::CallEnded{c}}, tracker_, ways_);
      }
      metrics::Minute minute;
      minute.id = "support", minute.start = at(m * 60), minute.observed_seconds = 60;
      const int n = m < 120 ? 8 : 4;
      minute.staffed = minute.busy = std::chrono::seconds(60 * n), minute.free = Duration{};
      explainer.on(std::vector{minute}, tracker_, ways_, load_, at((m + 1) * 60), book, changed);
    }
  }
  void step(Explainer& explainer, Book& book, Time now, std::vector<Incident>& changed) const {
    explainer.on({}, tracker_, ways_, load_, now, book, changed);
  }

 private:
  calls::Tracker tracker_;
  detect::Ways ways_;
  detect::LoadWatch load_;  // knows nothing yet
  std::vector<calls::Call> ends_;
};

detect::Finding finding(detect::FindingKind kind, double when) {
  detect::Finding f;
  f.signal = "dead_queue", f.kind = kind, f.queue = "support", f.at = at(when);
  f.since = f.since_low = f.since_high = at(7200);
  return f;
}

double share(const Incident& i, Factor factor) {
  for (const Share& s : i.shares->parts) {
    if (s.factor == factor) return s.share;
  }
  return NAN;
}

TEST(Explainer, tells_members_who_left_and_staffing_as_the_largest_share) {
  const Floor floor;
  Explainer explainer;
  Book book("epoch");
  std::vector<Incident> changed;
  floor.live(explainer, book, 0, 140, changed);
  book.on(finding(detect::FindingKind::news, 8400), changed);
  floor.step(explainer, book, at(8400), changed);
  ASSERT_EQ(changed.size(), 1u);
  EXPECT_EQ(changed[0].chain[0].template_id, "chain_staff_down");
  EXPECT_EQ(changed[0].chain[1].template_id, "chain_onset");
  ASSERT_TRUE(changed[0].shares);
  changed.clear();
  floor.live(explainer, book, 140, 180, changed);
  book.on(finding(detect::FindingKind::cleared, 10800), changed);
  floor.step(explainer, book, at(10800), changed);
  const Incident& last = changed.back();
  ASSERT_TRUE(last.closed);
  EXPECT_EQ(last.chain.back().template_id, "chain_closed");
  ASSERT_EQ(last.shares->state, SharesState::told);
  EXPECT_GT(share(last, Factor::staffing), 0.7);
  EXPECT_TRUE(std::isnan(share(last, Factor::avoidable))) << "this source cannot tell who is free";
}

TEST(Explainer, an_open_incident_is_told_again_only_when_its_shares_moved) {
  const Floor floor;
  Explainer explainer;
  Book book("epoch");
  std::vector<Incident> changed;
  floor.live(explainer, book, 0, 130, changed);
  book.on(finding(detect::FindingKind::news, 7800), changed);
  floor.step(explainer, book, at(7800), changed);
  changed.clear();
  floor.live(explainer, book, 130, 180, changed);
  EXPECT_LE(changed.size(), 10u) << "five minutes apart at least";
  for (size_t i = 1; i < changed.size(); ++i) EXPECT_GT(changed[i].revision, changed[i - 1].revision);
}

TEST(Explainer, a_loaded_one_explains_the_same) {
  const Floor floor;
  Explainer whole, first, second;
  Book book("epoch"), other("epoch");
  std::vector<Incident> changed, again;
  floor.live(whole, book, 0, 150, changed);
  floor.live(first, other, 0, 90, again);
  ASSERT_TRUE(from_bytes(to_bytes(first), second));
  floor.live(second, other, 90, 150, again);
  EXPECT_EQ(to_bytes(whole), to_bytes(second));
}

TEST(Explainer, an_incident_without_a_known_queue_has_a_chain_and_no_shares) {
  const Floor floor;
  Explainer explainer;
  Book book("epoch");
  std::vector<Incident> changed;
  book.on(finding(detect::FindingKind::news, 60), changed);
  floor.step(explainer, book, at(60), changed);
  EXPECT_FALSE(changed[0].chain.empty());
  EXPECT_FALSE(changed[0].shares);
}

}  // namespace
}  // namespace hf::incidents
