#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <map>

#include "agent/tool/command.hpp"
#include "agent/tool/evaluate.hpp"
#include "hal/platform/files.hpp"

namespace hf::app {

namespace {

std::string delay_text(const KindScore& kind, std::chrono::seconds delay) {
  if (cause_of(kind.kind) == incidents::Kind::wait_drift)
    return fmt::format("day {}", std::chrono::duration_cast<std::chrono::days>(delay).count());
  return fmt::format("{}:{:02}", delay.count() / 60, delay.count() % 60);
}

std::string median_text(const KindScore& kind) {
  return kind.delays.empty() ? "-" : delay_text(kind, kind.delays[(kind.delays.size() - 1) / 2]);
}

void print_kinds(const Score& score) {
  fmt::print("{:<18} {:>8} {:>8} {:>8} {:>8}  delays (min:s)\n", "kind", "found", "median", "cause",
             "closed as");
  uint32_t found = 0, right = 0, right_last = 0;
  for (const KindScore& kind : score.kinds) {
    std::vector<std::string> delays;
    delays.reserve(kind.delays.size());
    for (const auto delay : kind.delays) delays.push_back(delay_text(kind, delay));
    const std::string wrong = kind.told.empty() ? "" : fmt::format("  (told as: {})", fmt::join(kind.told, ", "));
    fmt::print("{:<18} {:>8} {:>8} {:>8} {:>8}  {}{}\n", kind.kind, fmt::format("{}/{}", kind.found, kind.of),
               median_text(kind), fmt::format("{}/{}", kind.right, kind.found),
               fmt::format("{}/{}", kind.right_last, kind.found), fmt::join(delays, " "), wrong);
    found += kind.found, right += kind.right, right_last += kind.right_last;
  }
  if (found > 0)
    fmt::print("right cause among those found: {} of {} = {:.0f} %; named so when closed: {} = {:.0f} %\n", right, found,
               100.0 * right / found, right_last, 100.0 * right_last / found);
}

void print_false(const Evaluation& e) {
  fmt::print("false episodes: {} in {} days = {:.2f} per 30 days over {} queues", e.score.wrong.size(), e.truth.days,
             static_cast<double>(e.score.wrong.size()) * 30 / e.truth.days, e.queues);
  fmt::print("; {} episodes neither right nor wrong\n", e.score.neutral);
  for (const Episode& episode : e.score.wrong)
    fmt::print("  {} {:02}:{:02}:{:02} {} {}\n", date_text(episode.date), episode.begins.count() / 3600,
               episode.begins.count() / 60 % 60, episode.begins.count() % 60, episode.queue, to_string(episode.kind));
}

void print_diagram(const forecast::ScoreCard& card) {
  fmt::print("    told -> came:");
  for (const auto& bin : card.bins)
    if (bin.cases > 0)
      fmt::print(" {:.2f}->{:.2f} ({})", bin.chances / bin.cases, static_cast<double>(bin.events) / bin.cases,
                 bin.cases);
  fmt::print("\n");
}

void print_forecasts(const Evaluation& e) {
  fmt::print(
      "forecasts: chance that under {:.0f} % of the calls of the next minutes are answered in time; windows that do "
      "not overlap\n",
      100 * forecast::kTargetShare);
  for (const auto& [queue, outlooks] : e.forecasts) {
    for (const forecast::Outlook& o : outlooks) {
      const auto brier = o.card.brier();
      if (!brier) continue;
      fmt::print(
          "  {} {} min: n {}, missed {:.1f} %, Brier {:.4f}; persistence {:.4f}, climatology {:.4f}; skill {:+.3f} and "
          "{:+.3f}; gap {:.3f} (by chance {:.3f})\n",
          queue, o.horizon.count(), o.card.cases, 100.0 * o.card.events / o.card.cases, brier->model,
          brier->persistence, brier->climatology, o.card.skill_over_persistence().value_or(0),
          o.card.skill_over_climatology().value_or(0), *o.card.calibration_gap(), *o.card.gap_by_chance());
      print_diagram(o.card);
    }
  }
}

// Of the incidents that a label's time and queue fit: what most of the extra wait was told to be consistent with.
void print_shares(const Evaluation& e) {
  std::map<std::string, std::map<std::string, uint32_t>> largest;
  for (const Explained& told : e.explained) {
    const auto truth = std::ranges::find_if(e.truth.incidents, [&](const TrueIncident& t) {
      return cause_of(t.kind) && t.queue == told.alarm.queue && t.date == told.alarm.date &&
             t.t0 <= told.alarm.second && told.alarm.second <= t.t1;
    });
    if (truth == e.truth.incidents.end()) continue;
    const auto most = std::ranges::max_element(told.shares.parts, {}, &incidents::Share::share);
    const bool any = most != told.shares.parts.end();
    ++largest[truth->kind][std::string(any ? to_string(most->factor) : to_string(told.shares.state))];
  }
  if (!largest.empty()) fmt::print("largest share of the extra wait, by what was the matter:\n");
  for (const auto& [kind, factors] : largest) {
    fmt::print("  {:<18}", kind);
    for (const auto& [factor, n] : factors) fmt::print(" {} {}", factor, n);
    fmt::print("\n");
  }
}

std::string alarm_lines(const Evaluation& e) {
  std::string out;
  for (const Alarm& alarm : e.alarms)
    out +=
        fmt::format("{},{},{},{}\n", date_text(alarm.date), alarm.second.count(), alarm.queue, to_string(alarm.kind));
  return out;
}

const char* knows(AgentView view) {
  switch (view) {
    case AgentView::full:
      return "who is ready";
    case AgentView::login_only:
      return "who is logged in, not who is ready";
    case AgentView::none:
      return "nothing of agents";
  }
  return "";
}

void print_varied(const std::string& name, const Evaluation& e) {
  fmt::print("{:<26} {:>6.2f}", name, static_cast<double>(e.score.wrong.size()) * 30 / e.truth.days);
  for (const KindScore& kind : e.score.kinds)
    fmt::print("  {} {}/{} {} ({})", kind.kind, kind.found, kind.of, median_text(kind), kind.right);
  fmt::print("\n");
  std::fflush(stdout);
}

// One parameter at a time, halved and doubled, all others as the box runs.
Status print_sensitivity(const EvaluateCommand& command, EvaluateOptions options) {
  fmt::print("\n{:<26} {:>6}  per kind: found, median delay (first name right)\n", "varied", "false");
  const auto vary = [&](std::string_view name, auto&& value_of) -> Status {
    for (const double factor : {0.5, 2.0}) {
      options.parameters = {};
      value_of(options.parameters) *= factor;
      const auto done = evaluate(command.folder, options);
      if (!done) return fail(done.error());
      print_varied(fmt::format("{} = {:g}", name, value_of(options.parameters)), *done);
    }
    return {};
  };
  for (const auto& p : detect::kParameters)
    if (auto done = vary(p.name, [&](auto& all) -> double& { return all.*p.value; }); !done) return done;
  for (const auto& p : detect::kLoadParameters)
    if (auto done = vary(p.name, [&](auto& all) -> double& { return all.load.*p.value; }); !done) return done;
  for (const auto& p : detect::kDroughtParameters)
    if (auto done = vary(p.name, [&](auto& all) -> double& { return all.drought.*p.value; }); !done) return done;
  return {};
}

}  // namespace

int run_evaluate(const EvaluateCommand& command) {
  const auto view = command.no_agent_state ? AgentView::none
                    : command.login_only   ? AgentView::login_only
                                           : AgentView::full;
  const EvaluateOptions options{
      .view = view, .false_ready = command.false_ready, .seed = command.seed, .parameters = {}};
  const auto done = evaluate(command.folder, options);
  if (!done) {
    fmt::print(stderr, "holdfast evaluate: {}\n", done.error().what);
    return 2;
  }
  fmt::print(
      "Data: {}. The bank call-centre data are by I. Guedj and A. Mandelbaum (Technion, \"Anonymous Bank\", 2000), "
      "used with this acknowledgement; no part of Holdfast.\n",
      command.folder);
  fmt::print("{} days, {} queues, {} calls; the source knows {}", done->truth.days, done->queues, done->calls,
             knows(view));
  if (command.false_ready > 0)
    fmt::print("; {} % of member time falsely shown ready, seed {}", 100 * command.false_ready, command.seed);
  fmt::print("\n\n");
  print_kinds(done->score);
  print_false(*done);
  print_shares(*done);
  print_forecasts(*done);
  fmt::print("{} events in {:.1f} s of one processor = {:.0f} events/s\n", done->events, done->took.count(),
             static_cast<double>(done->events) / done->took.count());
  Status rest = command.sensitivity ? print_sensitivity(command, options) : Status{};
  if (rest && !command.alarms.empty()) rest = write_file(command.alarms, alarm_lines(*done), 0644);
  if (rest) return 0;
  fmt::print(stderr, "holdfast evaluate: {}\n", rest.error().what);
  return 2;
}

}  // namespace hf::app
