// The tracker against what really happened, on every recorded run: with all events, and with the classes call, agent,
// system, user only.
#include "tests/golden/calls/truth.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/golden/calls/captures.hpp"
#include "tests/golden/calls/follow.hpp"

namespace hf::golden {
namespace {

using calls::AgentState;
using calls::Outcome;

constexpr double kTolerance = 1.0;                  // seconds
constexpr std::string_view kFloodLine = "5550199";  // 200 calls of a load generator, of which no truth was kept

std::string outcome_name(Outcome outcome) {
  constexpr std::array kNames = {"open", "answered", "abandoned", "timeout", "exit-key", "refused", "lost"};
  return kNames.at(static_cast<size_t>(outcome));
}

bool outcome_fits(const std::string& truth, Outcome seen) {
  if (truth == "answered") return seen == Outcome::answered;
  if (truth == "abandoned") return seen == Outcome::abandoned;
  if (truth == "exit-key") return seen == Outcome::exit_key;
  if (truth == "ended-by-pbx") return seen == Outcome::timeout || seen == Outcome::refused;
  if (truth == "rejected") return seen == Outcome::refused;
  return (truth == "pbx-restarted" || truth == "pbx-crashed") && seen == Outcome::lost_by_restart;
}

struct Result {
  size_t extra = 0;  // told, but no customer placed them
  size_t calls = 0, found = 0, outcome_right = 0, line_right = 0, agent_right = 0;
  double worst_wait = 0, worst_end = 0;
  size_t talks = 0, talks_right = 0, pauses = 0, pauses_right = 0;
  std::vector<std::string> wrong;
};

double apart(Time a, Time b) { return std::abs(seconds(a - b)); }

// Talks with a restart inside end for the phone when its own timer finds the PBX gone: the end is then not the PBX's to
// know.
bool cut_by_restart(const TrueInterval& i, const Truth& truth) {
  return std::ranges::any_of(truth.restarts, [&](const TrueInterval& r) {
    return i.from < r.from + std::chrono::seconds(2) && (!i.to || *i.to > r.from);
  });
}

void compare_call(const TrueCall& truth, const Truth& all, const Followed& seen, Result& r) {
  ++r.calls;
  const auto at = seen.calls.find(truth.id);
  if (at == seen.calls.end()) {
    r.wrong.push_back("not found: " + truth.id + " " + truth.outcome);
    return;
  }
  ++r.found;
  const calls::Call& call = at->second;
  if (outcome_fits(truth.outcome, call.outcome))
    ++r.outcome_right;
  else
    r.wrong.push_back(fmt::format("{}: {} told as {}", truth.id, truth.outcome, outcome_name(call.outcome)));
  if (call.line == truth.line) ++r.line_right;
  if (truth.agents.empty() || truth.agents.front() == call.agent)
    ++r.agent_right;
  else
    r.wrong.push_back(fmt::format("{}: answered by {} told as {}", truth.id, truth.agents.front(), call.agent));
  if (truth.connected && call.connected)
    r.worst_wait =
        std::max(r.worst_wait, std::abs(seconds(*call.caller_wait()) - seconds(*truth.connected - truth.invited)));
  const bool cut = truth.ended && cut_by_restart({{}, {}, truth.invited, truth.ended, {}}, all);
  if (truth.ended && call.ended && !cut) r.worst_end = std::max(r.worst_end, apart(*truth.ended, *call.ended));
}

bool told(const TrueInterval& truth, AgentState state, bool any_end, const Followed& seen) {
  return std::ranges::any_of(seen.intervals, [&](const calls::AgentInterval& i) {
    if (i.state != state || i.agent != truth.agent || (!truth.queue.empty() && i.queue != truth.queue)) return false;
    // An automatic pause can have begun before the one that the driver asked for.
    const bool begins = state == AgentState::paused
                            ? seconds(i.from - truth.from) <= kTolerance && (!i.to || *i.to > truth.from)
                            : apart(i.from, truth.from) <= kTolerance;
    const bool between = truth.may_end_from && i.to && *i.to >= *truth.may_end_from && *i.to <= truth.to;
    return begins && (any_end || !truth.to || between || (i.to && apart(*i.to, *truth.to) <= kTolerance));
  });
}

Result compare(const Truth& truth, const Followed& seen) {
  Result r;
  for (const auto& [id, call] : seen.calls)
    if (std::ranges::none_of(truth.calls, [&](const TrueCall& c) { return c.id == id; }) && call.line != kFloodLine)
      ++r.extra;
  r.extra -= std::min(r.extra, truth.cut_by_end);
  for (const TrueCall& call : truth.calls) compare_call(call, truth, seen, r);
  for (const TrueInterval& talk : truth.talks) {
    ++r.talks;
    if (told(talk, AgentState::talking, cut_by_restart(talk, truth), seen))
      ++r.talks_right;
    else
      r.wrong.push_back(fmt::format("talk of {} from {:.3f} to {:.3f} not told so", talk.agent, unix_seconds(talk.from),
                                    talk.to ? unix_seconds(*talk.to) : 0.0));
  }
  for (const TrueInterval& pause : truth.pauses) {
    ++r.pauses;
    if (told(pause, AgentState::paused, false, seen))
      ++r.pauses_right;
    else
      r.wrong.push_back(fmt::format("pause of {} in {} from {:.3f} to {:.3f} not told so", pause.agent, pause.queue,
                                    unix_seconds(pause.from), pause.to ? unix_seconds(*pause.to) : 0.0));
  }
  return r;
}

void print(const std::string& name, const Result& r) {
  static bool head = false;
  if (!std::exchange(head, true))
    fmt::print("{:<44}{:>6}{:>7}{:>9}{:>7}{:>7}{:>11}{:>10}{:>12}{:>10}{:>7}\n", "capture", "calls", "found", "outcome",
               "line", "agent", "wait off", "end off", "talks", "pauses", "extra");
  fmt::print("{:<44}{:>6}{:>7}{:>9}{:>7}{:>7}{:>9.3f} s{:>8.3f} s{:>12}{:>10}{:>7}\n", name, r.calls, r.found,
             r.outcome_right, r.line_right, r.agent_right, r.worst_wait, r.worst_end,
             fmt::format("{}/{}", r.talks_right, r.talks), fmt::format("{}/{}", r.pauses_right, r.pauses), r.extra);
  for (const std::string& w : r.wrong) fmt::print("    {}\n", w);
}

void expect_all_right(const Result& r) {
  EXPECT_GT(r.calls, 0u);
  EXPECT_EQ(r.found, r.calls);
  EXPECT_EQ(r.extra, 0u);
  EXPECT_EQ(r.outcome_right, r.calls);
  EXPECT_EQ(r.line_right, r.calls);
  EXPECT_EQ(r.agent_right, r.calls);
  EXPECT_LE(r.worst_wait, kTolerance);
  EXPECT_EQ(r.talks_right, r.talks);
  EXPECT_EQ(r.pauses_right, r.pauses);
}

class Capture : public testing::TestWithParam<std::string> {};

TEST_P(Capture, with_all_events_is_told_as_it_was) {
  const Followed seen = follow(read_events(GetParam()));
  EXPECT_EQ(seen.ended_twice, 0u);
  const Result r = compare(read_truth(GetParam()), seen);
  print(short_name(GetParam()), r);
  expect_all_right(r);
}

TEST_P(Capture, without_dialplan_events_is_told_as_it_was) {
  const Followed seen = follow(without_dialplan(read_events(GetParam())));
  const Result r = compare(read_truth(GetParam()), seen);
  print(short_name(GetParam()) + " (masked)", r);
  expect_all_right(r);
}

INSTANTIATE_TEST_SUITE_P(Recorded, Capture, testing::ValuesIn(captures()),
                         [](const auto& run) { return test_name(run.param); });

}  // namespace
}  // namespace hf::golden
