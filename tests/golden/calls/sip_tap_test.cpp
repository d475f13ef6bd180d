// A SIP tap against what really happened: the packets of runs of real Asterisks, whose load driver wrote down every
// call that it placed. The tap is given the packets alone. Printed: a line a call that it told otherwise; every
// difference is one that describe() predicts.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/golden/calls/captures.hpp"
#include "tests/golden/calls/follow.hpp"
#include "tests/golden/calls/truth.hpp"

namespace hf::golden {
namespace {

using calls::Outcome;

struct Compared {
  size_t calls = 0, found = 0, outcome = 0, agent = 0, talked_to = 0;
  double worst_wait = 0, worst_end = 0;  // seconds
};

const calls::Call* call_of(const TrueCall& truth, const Followed& seen) {
  const calls::Call* best = nullptr;
  for (const auto& [id, call] : seen.calls) {
    if (call.line != truth.line || std::abs(seconds(call.arrived - truth.invited)) > 0.5) continue;
    if (best == nullptr ||
        std::abs(seconds(call.arrived - truth.invited)) < std::abs(seconds(best->arrived - truth.invited)))
      best = &call;
  }
  return best;
}

// A tap does not know queues: a time-out, a key and a refusal are all ends by the PBX or the caller.
bool fits(const std::string& truth, Outcome seen) {
  if (truth == "answered") return seen == Outcome::answered;
  if (truth == "abandoned") return seen == Outcome::abandoned;
  if (truth == "exit-key") return seen == Outcome::abandoned || seen == Outcome::refused;
  return seen == Outcome::refused || seen == Outcome::lost_by_restart;
}

// "PJSIP/1007", as the driver writes it, is "SIP/1007" on the wire.
std::string as_tapped(const std::string& agent) { return agent.starts_with("PJSIP/") ? agent.substr(2) : agent; }

// A crash says nothing on the wire: its calls stay open, or end when somebody hangs up on the dead PBX.
bool met_a_restart(const TrueCall& call, const Truth& truth) {
  return std::ranges::any_of(truth.restarts, [&](const TrueInterval& r) {
    return call.invited < r.from + std::chrono::seconds(2) &&
           (!call.ended || *call.ended + std::chrono::seconds(2) > r.from);
  });
}

// Two phones can answer in the same millisecond; the PBX hangs up on one of them.
void compare(const TrueCall& truth, const Truth& all, const Followed& seen, Compared& r) {
  ++r.calls;
  const calls::Call* call = call_of(truth, seen);
  if (call == nullptr) {
    fmt::print("  not found: {} {}\n", truth.id, truth.outcome);
    return;
  }
  ++r.found;
  if (fits(truth.outcome, call->outcome) || met_a_restart(truth, all))
    ++r.outcome;
  else
    fmt::print("  {} on {}: {} told as {}\n", truth.id, truth.line, truth.outcome, static_cast<int>(call->outcome));
  if (truth.connected && call->connected) {
    ++r.talked_to;
    if (std::ranges::any_of(truth.agents, [&](const std::string& a) { return as_tapped(a) == call->agent; }))
      ++r.agent;
    else
      fmt::print("  {}: answered by {} told as {}\n", truth.id, truth.agents.at(0), call->agent);
    r.worst_wait =
        std::max(r.worst_wait, std::abs(seconds(*call->caller_wait()) - seconds(*truth.connected - truth.invited)));
  }
  if (truth.ended && call->ended && !met_a_restart(truth, all))
    r.worst_end = std::max(r.worst_end, std::abs(seconds(*truth.ended - *call->ended)));
}

std::vector<std::string> taps() {
  std::vector<std::string> all;
  for (const std::string& folder : captures())
    if (std::filesystem::exists(folder + "/sip.pcap.gz")) all.push_back(folder);
  return all;
}

class SipTap : public testing::TestWithParam<std::string> {};

TEST_P(SipTap, tells_the_calls_that_were_placed) {
  const Truth truth = read_truth(GetParam());
  const Followed seen = follow(read_events(GetParam() + "/sip.pcap.gz"));
  Compared r;
  fmt::print("{}\n", short_name(GetParam()));
  for (const TrueCall& call : truth.calls) compare(call, truth, seen, r);
  fmt::print(
      "  calls {}, found {}, outcome right {}, agent right {} of {}, worst wait {:.3f} s, worst end {:.3f} s, told "
      "{}\n",
      r.calls, r.found, r.outcome, r.agent, r.talked_to, r.worst_wait, r.worst_end, seen.calls.size());
  EXPECT_EQ(r.found, r.calls);
  EXPECT_EQ(r.outcome, r.calls);
  EXPECT_EQ(r.agent, r.talked_to);
  EXPECT_LT(r.worst_wait, 0.1);
  EXPECT_LT(r.worst_end, 0.1);
  EXPECT_GT(r.talked_to, r.calls / 3);
}

INSTANTIATE_TEST_SUITE_P(Runs, SipTap, testing::ValuesIn(taps()), [](const auto& run) { return test_name(run.param); });

}  // namespace
}  // namespace hf::golden
