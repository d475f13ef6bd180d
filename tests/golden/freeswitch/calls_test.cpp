// The tracker on recordings of FreeSWITCH 1.10.12, against what the phones on both sides did: every caller, wait, talk
// and pause. Prints a table. HF_FS_CAPTURES=FOLDER runs it on recordings of one's own.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "agent/calls/tracker.hpp"
#include "hal/pbx/recorded/open_capture.hpp"
#include "tests/golden/freeswitch/truth.hpp"

namespace hf::golden {
namespace {

using calls::AgentState;
using calls::Outcome;

constexpr double kTolerance = 0.5;  // seconds: the recorder's machine was loaded

std::string folder() {
  const char* own = std::getenv("HF_FS_CAPTURES");
  return own != nullptr ? own : HF_SOURCE_DIR "/tests/golden/freeswitch/1.10.12";
}

struct Seen {
  std::map<std::string, calls::Call> calls;
  std::vector<calls::AgentInterval> intervals;
  std::vector<pbx::CallEvent> events;
  std::vector<std::string> warnings;
  pbx::CaptureCounts counts;
  calls::Oddities odd;
  size_t restarts = 0, ended_twice = 0;
};

Seen follow(const std::string& path) {
  Seen seen;
  auto capture = pbx::open_capture(path, SipKey{});
  EXPECT_TRUE(capture) << capture.error().what;
  if (!capture) return seen;
  for (pbx::Batch batch; (*capture)->next(batch);)
    for (pbx::CallEvent& e : batch.events) seen.events.push_back(std::move(e));
  seen.warnings = (*capture)->warnings(), seen.counts = (*capture)->counts();
  calls::Tracker tracker;
  std::vector<calls::Change> changes;
  for (const pbx::CallEvent& e : seen.events) tracker.on(e, changes);
  tracker.advance(seen.events.back().at + std::chrono::seconds(60), changes);
  for (calls::Change& change : changes) {
    if (auto* ended = std::get_if<calls::CallEnded>(&change.what))
      seen.ended_twice += seen.calls.emplace(ended->call.id, ended->call).second ? 0 : 1;
    if (auto* agent = std::get_if<calls::AgentChanged>(&change.what)) seen.intervals.push_back(agent->interval);
    if (auto* back = std::get_if<calls::ObservationBack>(&change.what)) seen.restarts += back->pbx_restarted ? 1 : 0;
  }
  for (const auto& [id, call] : tracker.open_calls()) seen.calls.emplace(id, call);
  for (calls::AgentInterval& open : tracker.open_intervals()) seen.intervals.push_back(std::move(open));
  seen.odd = tracker.oddities();
  return seen;
}

// The driver's own name of each outcome.
bool outcome_fits(const FsCall& truth, Outcome seen) {
  const bool lost = truth.ended_by == "pbx_killed";
  if (truth.result == "answered") return seen == Outcome::answered;
  if (lost || truth.label == "restart") return seen == Outcome::lost_by_restart;
  if (truth.result == "abandoned") return seen == Outcome::abandoned;
  if (truth.label == "exit key 9") return seen == Outcome::exit_key;
  if (truth.label.starts_with("max-wait-time ")) return seen == Outcome::timeout;
  return seen == Outcome::refused;  // no agent there, killed, or transferred to an announcement that hangs up
}

struct Table {
  size_t found = 0, outcome = 0, line = 0, agent = 0, talks = 0, all_talks = 0, holds = 0, all_holds = 0;
  double wait = 0, end = 0, hold = 0;
  std::vector<std::string> wrong;
};

bool told(const FsTalk& truth, AgentState state, bool any_end, const Seen& seen) {
  return std::ranges::any_of(seen.intervals, [&](const calls::AgentInterval& i) {
    return i.state == state && i.name == truth.agent + "@default" &&
           std::abs(seconds(i.from - truth.from)) <= kTolerance &&
           (any_end || !truth.to || (i.to && std::abs(seconds(*i.to - *truth.to)) <= kTolerance));
  });
}

void compare_times(const FsCall& truth, const calls::Call& call, bool cut, Table& t) {
  if (truth.answered && call.connected)
    t.wait = std::max(t.wait, std::abs(seconds(*call.caller_wait() - (*truth.answered - truth.invited))));
  if (truth.ended && call.ended && !cut) t.end = std::max(t.end, std::abs(seconds(*call.ended - *truth.ended)));
  if (!truth.hold_from || !truth.hold_to) return;
  ++t.all_holds;
  const double off = std::abs(seconds(call.hold - (*truth.hold_to - *truth.hold_from)));
  t.hold = std::max(t.hold, off);
  t.holds += off <= kTolerance ? 1 : 0;
}

void compare_call(const FsCall& truth, const Seen& seen, Table& t) {
  const auto at = seen.calls.find(truth.id);
  if (at == seen.calls.end()) return t.wrong.push_back("not found: " + truth.id + " " + truth.label);
  const calls::Call& call = at->second;
  const bool cut = truth.ended_by == "pbx_killed";  // the phones noticed when they liked
  ++t.found;
  t.outcome += outcome_fits(truth, call.outcome) ? 1 : 0;
  if (!outcome_fits(truth, call.outcome))
    t.wrong.push_back(
        fmt::format("{} ({}, {}): told as {}", truth.id, truth.label, truth.result, static_cast<int>(call.outcome)));
  t.line += call.line == truth.line ? 1 : 0;
  const std::string first = truth.talks.empty() ? std::string{} : truth.talks.front().agent + "@default";
  t.agent += call.agent_name == first ? 1 : 0;
  if (call.agent_name != first) t.wrong.push_back(truth.id + ": " + first + " told as " + call.agent_name);
  compare_times(truth, call, cut, t);
  for (const FsTalk& talk : truth.talks) {
    const bool right = told(talk, AgentState::talking, cut, seen);
    ++t.all_talks, t.talks += right ? 1 : 0;
    if (!right) t.wrong.push_back(fmt::format("{} ({}): talk of {} not told so", truth.id, truth.label, talk.agent));
  }
}

class FreeSwitch : public testing::TestWithParam<std::string> {};

TEST_P(FreeSwitch, is_told_as_the_phones_saw_it) {
  const std::string path = folder() + "/" + GetParam();
  const FsTruth truth = read_fs_truth(path);
  const Seen seen = follow(path);
  Table t;
  for (const FsCall& call : truth.calls) compare_call(call, seen, t);
  const size_t calls = truth.calls.size();
  fmt::print(
      "{:<18}{:>5} calls |{:>4} found,{:>4} outcomes,{:>4} lines,{:>4} agents right | wait off {:.3f} s, end off "
      "{:.3f} s | "
      "talks {}/{}, holds {}/{} off {:.3f} s | {} events\n",
      GetParam(), calls, t.found, t.outcome, t.line, t.agent, t.wait, t.end, t.talks, t.all_talks, t.holds, t.all_holds,
      t.hold, seen.events.size());
  for (const std::string& w : t.wrong) fmt::print("    {}\n", w);
  EXPECT_EQ(t.found, calls);
  EXPECT_EQ(t.outcome, calls);
  EXPECT_EQ(t.line, calls);
  EXPECT_EQ(t.agent, calls);
  EXPECT_EQ(t.talks, t.all_talks);
  EXPECT_EQ(t.holds, t.all_holds);
  EXPECT_LE(t.wait, kTolerance);
  EXPECT_LE(t.end, kTolerance);
  EXPECT_EQ(seen.calls.size(), calls + truth.loopback_calls) << "nobody is counted twice";
  EXPECT_EQ(seen.ended_twice, 0u);
  EXPECT_EQ(seen.counts.malformed, 0u);
  EXPECT_EQ(seen.counts.unknown, 0u);
  EXPECT_TRUE(seen.warnings.empty()) << seen.warnings.front();
  for (const auto& [what, times] : seen.odd.named()) EXPECT_EQ(times, 0u) << what;
  for (const FsTalk& pause : truth.breaks)
    EXPECT_TRUE(told(pause, AgentState::paused, false, seen)) << pause.agent << " " << unix_seconds(pause.from);
  EXPECT_EQ(seen.restarts, (truth.killed ? 1u : 0u) + (truth.shut_down ? 1u : 0u));
}

INSTANTIATE_TEST_SUITE_P(Recorded, FreeSwitch,
                         testing::Values("normal", "survey", "cancel-reasons", "restart", "hp-prequeue",
                                         "reload-logs-out"),
                         [](const auto& run) {
                           std::string name = run.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

// The same minutes were recorded by two connections, one of them for the first two of them.
TEST(FreeSwitchJson, says_what_plain_events_say) {
  const Seen plain = follow(folder() + "/normal"), json = follow(folder() + "/normal/esl-json.raw.gz");
  EXPECT_GT(json.calls.size(), 10u);
  EXPECT_EQ(json.counts.malformed + json.counts.unknown, 0u);
  size_t compared = 0;
  for (const auto& [id, call] : json.calls) {
    if (!call.ended || call.outcome == Outcome::lost_by_restart || call.half_seen) continue;
    const auto at = plain.calls.find(id);
    ASSERT_NE(at, plain.calls.end()) << id;
    EXPECT_EQ(call.outcome, at->second.outcome) << id;
    EXPECT_EQ(call.line, at->second.line);
    EXPECT_EQ(call.agent, at->second.agent);
    EXPECT_EQ(call.caller, at->second.caller);
    EXPECT_EQ(call.hold.count() > 0, at->second.hold.count() > 0);
    EXPECT_EQ(call.announcements.size(), at->second.announcements.size());
    ++compared;
  }
  EXPECT_GT(compared, 6u);
}

// A caller's number is nowhere, in no event of any recording.
TEST(FreeSwitchPrivacy, no_event_holds_a_callers_number_or_name) {
  for (const char* run : {"normal", "hp-prequeue", "restart"})
    for (const pbx::CallEvent& event : follow(folder() + "/" + run).events) {
      const std::string text = pbx::to_text(event);
      for (const char* part : {"44207946", "07700900", "7700900", "Caller%20", "Returner"})
        ASSERT_EQ(text.find(part), text.npos) << text;
    }
}

}  // namespace
}  // namespace hf::golden
