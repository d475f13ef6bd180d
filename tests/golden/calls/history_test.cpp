// The recorded runs from the tables that the same PBX wrote (CEL, CDR, queue_log): every call as the manager stream told it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "hal/pbx/recorded/open_capture.hpp"
#include "tests/golden/calls/captures.hpp"
#include "tests/golden/calls/follow.hpp"

namespace hf::golden {
namespace {

using calls::Outcome;

Followed followed(const std::vector<std::filesystem::path>& files, std::vector<std::string>* warnings = nullptr) {
  auto capture = pbx::open_captures(files, SipKey{});
  EXPECT_TRUE(capture) << capture.error().what;
  std::vector<pbx::CallEvent> events;
  if (!capture) return {};
  for (pbx::Batch batch; (*capture)->next(batch);)
    for (pbx::CallEvent& e : batch.events) events.push_back(std::move(e));
  EXPECT_TRUE(std::ranges::is_sorted(events, {}, &pbx::CallEvent::at));
  if (warnings != nullptr) *warnings = (*capture)->warnings();
  return follow(events);
}

double apart(std::optional<Time> a, std::optional<Time> b) {
  if (a.has_value() != b.has_value()) return 1e9;
  return a ? std::abs(seconds(*a - *b)) : 0;
}

struct Differences {
  size_t calls = 0, missing = 0, line = 0, outcome = 0, queue = 0, agent = 0, stints = 0;
  size_t late = 0;  // arrivals off by more than the second that a CDR has
  double arrived = 0, connected = 0, ended = 0;
};

void compare(const calls::Call& ami, const calls::Call& told, Differences& d) {
  d.line += ami.line != told.line ? 1 : 0;
  d.outcome += ami.outcome != told.outcome ? 1 : 0;
  if (ami.outcome != told.outcome) fmt::print("    {}: outcome {} for {}\n", ami.id, static_cast<int>(told.outcome), static_cast<int>(ami.outcome));
  d.queue += ami.answering_queue != told.answering_queue ? 1 : 0;
  d.agent += ami.connected && ami.agent != told.agent ? 1 : 0;
  d.stints += ami.stints.size() != told.stints.size() ? 1 : 0;
  d.late += apart(ami.arrived, told.arrived) > 1.1 ? 1 : 0;
  d.arrived = std::max(d.arrived, apart(ami.arrived, told.arrived));
  d.connected = std::max(d.connected, apart(ami.connected, told.connected));
  d.ended = std::max(d.ended, apart(ami.ended, told.ended));
}

Differences compare(const Followed& ami, const Followed& told) {
  Differences d;
  for (const auto& [id, call] : ami.calls) {
    if (call.outcome == Outcome::open || call.outcome == Outcome::lost_by_restart) continue;  // the end of the recording, a crash
    ++d.calls;
    const auto found = told.calls.find(id);
    if (found == told.calls.end()) ++d.missing;
    else compare(call, found->second, d);
  }
  fmt::print("  {} calls, {} missing; wrong: line {}, outcome {}, queue {}, agent {}, stays {}; off: arrival {:.3f} s, answer {:.3f} s, end {:.3f} s\n", d.calls,
             d.missing, d.line, d.outcome, d.queue, d.agent, d.stints, d.arrived, d.connected, d.ended);
  return d;
}

class History : public testing::TestWithParam<std::string> {
 protected:
  std::filesystem::path file(const char* name) const { return std::filesystem::path(GetParam()) / name; }
};

// In the first half of that run cel.conf tracked no applications (apps=all is none): who left a queue unanswered is then told by the queue_log alone.
bool half_tracked(const std::string& run) { return run.ends_with("normal-plain"); }

TEST_P(History, of_cel_tells_every_call_as_the_manager_stream) {
  const Differences d = compare(follow(read_events(GetParam())), followed({file("cel.csv.gz")}));
  EXPECT_GT(d.calls, 40u);
  EXPECT_EQ(d.missing + d.line + d.queue + d.agent, 0u);
  EXPECT_EQ(d.outcome, half_tracked(GetParam()) ? 1u : 0u);
  EXPECT_EQ(d.stints, half_tracked(GetParam()) ? 9u : 0u);
  EXPECT_LE(d.arrived, 0.2);
  EXPECT_LE(d.connected, 0.2);
}

TEST_P(History, of_cel_with_queue_log_and_cdr_tells_no_call_twice) {
  std::vector<std::string> warnings;
  const Followed told = followed({file("cdr.csv.gz"), file("queue_log"), file("cel.csv.gz")}, &warnings);
  const Followed ami = follow(read_events(GetParam()));
  const Differences d = compare(ami, told);
  EXPECT_EQ(d.missing + d.line + d.outcome + d.queue + d.agent + d.stints, 0u);
  EXPECT_EQ(told.calls.size(), ami.calls.size());
  EXPECT_EQ(told.ended_twice, 0u);
  EXPECT_LE(d.connected, 0.2);
}

// A call that a crash cut has no CDR at all: it is told from the queue on.
TEST_P(History, of_cdr_with_queue_log_tells_the_wait_before_the_queue_to_the_second) {
  const Differences d = compare(follow(read_events(GetParam())), followed({file("cdr.csv.gz"), file("queue_log")}));
  EXPECT_EQ(d.missing + d.queue + d.outcome + d.stints, 0u);
  EXPECT_LE(d.late, GetParam().ends_with("restart") ? 4u : 0u);
  EXPECT_LE(d.connected, 1.1);
}

// Only those whose wait nothing else tells are missing, and they are counted.
TEST_P(History, of_cdr_alone_leaves_out_whose_wait_it_cannot_know_and_says_so) {
  std::vector<std::string> warnings;
  const Followed told = followed({file("cdr.csv.gz")}, &warnings);
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_NE(warnings.front().find("does not tell when: left out"), std::string::npos) << warnings.front();
  for (const auto& [id, call] : told.calls) EXPECT_FALSE(call.connected) << id;
}

std::vector<std::string> with_tables() {
  auto all = captures();
  std::erase_if(all, [](const std::string& folder) { return !std::filesystem::exists(folder + "/cel.csv.gz"); });
  return all;
}
INSTANTIATE_TEST_SUITE_P(Recorded, History, testing::ValuesIn(with_tables()), [](const auto& run) { return test_name(run.param); });

}  // namespace
}  // namespace hf::golden
