#include "agent/tool/evaluate_score.hpp"

#include <algorithm>
#include <tuple>

namespace hf::app {

namespace {

using std::chrono::seconds;
using std::chrono::sys_days;

constexpr seconds kAftermath = std::chrono::minutes(30);

enum class Verdict { other, found, neutral };

// In the order in which the incident explains the episode, as the data's own scorer has it.
Verdict judge(const TrueIncident& i, const Episode& e) {
  if (i.queue != e.queue) return Verdict::other;
  if (cause_of(i.kind) == incidents::Kind::wait_drift)
    return i.date <= e.date && e.date <= i.date_end ? Verdict::found : Verdict::other;
  if (i.date != e.date) return Verdict::other;
  if (i.t0 <= e.begins && e.begins <= i.t1) return Verdict::found;
  if (e.begins < i.t0 && i.t0 <= e.ends) return Verdict::neutral;
  return i.t1 < e.begins && e.begins <= i.t_end_effect + kAftermath ? Verdict::neutral : Verdict::other;
}

seconds delay_of(const TrueIncident& i, const Episode& e, const std::vector<sys_days>& working) {
  if (cause_of(i.kind) != incidents::Kind::wait_drift) return e.begins - i.t0;
  if (working.empty()) return std::chrono::days((e.date - i.date).count() + 1);
  const auto n = std::count_if(working.begin(), working.end(), [&](sys_days d) { return i.date <= d && d <= e.date; });
  return std::chrono::days(std::max<int64_t>(n, 1));
}

KindScore& kind_row(Score& out, const std::string& kind) {
  const auto at = std::ranges::find(out.kinds, kind, &KindScore::kind);
  if (at != out.kinds.end()) return *at;
  out.kinds.push_back({.kind = kind, .of = 0, .found = 0, .right = 0, .right_last = 0, .delays = {}, .told = {}});
  return out.kinds.back();
}

}  // namespace

std::optional<incidents::Kind> cause_of(const std::string& kind) {
  using incidents::Kind;
  if (kind == "null") return std::nullopt;
  if (kind.starts_with("hp_hold")) return Kind::artificial_hold;
  if (kind == "aht") return Kind::handling_time;
  if (kind == "agents_missing") return Kind::missing_agents;
  if (kind == "surge") return Kind::arrival_surge;
  if (kind == "drift30") return Kind::wait_drift;
  return incidents::kind_from(kind);
}

std::vector<Episode> episodes(std::vector<Alarm> alarms, seconds merge) {
  std::ranges::stable_sort(alarms, {}, [](const Alarm& a) { return std::tie(a.date, a.queue, a.second); });
  std::vector<Episode> out;
  for (const Alarm& a : alarms) {
    const bool more =
        !out.empty() && out.back().date == a.date && out.back().queue == a.queue && a.second - out.back().ends <= merge;
    if (!more) out.push_back({a.date, a.queue, a.second, a.second, a.kind, a.last});
    out.back().ends = a.second;
  }
  return out;
}

Score score(const Truth& truth, const std::vector<Alarm>& alarms, const std::vector<sys_days>& working) {
  Score out;
  std::vector<const Episode*> first(truth.incidents.size(), nullptr);
  const std::vector<Episode> all = episodes(alarms);
  for (const Episode& e : all) {
    Verdict verdict = Verdict::other;
    for (size_t n = 0; n < truth.incidents.size() && verdict == Verdict::other; ++n) {
      if (!cause_of(truth.incidents[n].kind)) continue;
      verdict = judge(truth.incidents[n], e);
      if (verdict == Verdict::found && first[n] == nullptr) first[n] = &e;
    }
    if (verdict == Verdict::neutral) ++out.neutral;
    if (verdict == Verdict::other) out.wrong.push_back(e);
  }
  for (size_t n = 0; n < truth.incidents.size(); ++n) {
    const TrueIncident& i = truth.incidents[n];
    if (!cause_of(i.kind)) continue;
    KindScore& row = kind_row(out, i.kind);
    ++row.of;
    if (first[n] == nullptr) continue;
    ++row.found;
    row.delays.push_back(delay_of(i, *first[n], working));
    if (first[n]->last == *cause_of(i.kind)) ++row.right_last;
    if (first[n]->kind == *cause_of(i.kind))
      ++row.right;
    else
      row.told.emplace_back(to_string(first[n]->kind));
  }
  for (KindScore& row : out.kinds) std::ranges::sort(row.delays);
  return out;
}

}  // namespace hf::app
