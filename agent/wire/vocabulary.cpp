#include "agent/wire/vocabulary.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace hf::wire {
namespace {

template <class E, size_t N>
using Names = std::array<std::pair<E, std::string_view>, N>;

constexpr Names<Scope, 2> kScopes{{{Scope::queue, "queue"}, {Scope::line, "line"}}};
constexpr Names<IncidentKind, 10> kKinds{{{IncidentKind::unknown, "unknown"},
                                          {IncidentKind::artificial_hold, "artificial_hold"},
                                          {IncidentKind::dead_queue, "dead_queue"},
                                          {IncidentKind::phones_refuse, "phones_refuse"},
                                          {IncidentKind::missing_agents, "missing_agents"},
                                          {IncidentKind::handling_time, "handling_time"},
                                          {IncidentKind::arrival_surge, "arrival_surge"},
                                          {IncidentKind::wait_drift, "wait_drift"},
                                          {IncidentKind::trunk_failure, "trunk_failure"},
                                          {IncidentKind::source_gap, "source_gap"}}};
constexpr Names<GapReason, 2> kGaps{{{GapReason::over_budget, "over_budget"}, {GapReason::damaged, "damaged"}}};
constexpr Names<RefusedReason, 2> kRefused{
    {{RefusedReason::invalid, "invalid"}, {RefusedReason::other_bytes, "other_bytes"}}};
constexpr Names<SurveyQuestion, 3> kQuestions{
    {{SurveyQuestion::csat, "csat"}, {SurveyQuestion::nps, "nps"}, {SurveyQuestion::ces, "ces"}}};

// Sorted. The sentences are in agent/incidents/evidence_words.cpp; a test of agent/sync compares the lists.
constexpr auto kTemplates = std::to_array<std::string_view>({
    "abandon_surge",
    "answers_stopped",
    "arrival_drought",
    "arrivals_up",
    "callers_pile_up",
    "changed_just_before",
    "constant_queue",
    "constant_wait",
    "equal_groups",
    "every_offer_missed",
    "expected_wait",
    "hangups_after_announcement",
    "held_beside_free",
    "held_in_queue",
    "hidden_from_queue",
    "hold_in_talk",
    "idle_while_failing",
    "left_while_held",
    "left_without_answer",
    "members_missing",
    "members_sent_away",
    "new_announcements",
    "nobody_logged_in",
    "promised_wait",
    "repeat_callers",
    "round_wait",
    "same_wait",
    "service_level",
    "service_level_collapse",
    "service_level_split",
    "shifted_arrivals",
    "short_answers",
    "silent_dialog",
    "source_half_blind",
    "source_lost",
    "source_silent",
    "survey",
    "talks_longer",
    "transfer_ping_pong",
    "trunk_failure",
    "wait_without_load",
    "waits_drift",
});
constexpr auto kValues = std::to_array<std::string_view>({
    "answered_share",
    "answers",
    "at_work",
    "back",
    "before_s",
    "caller_wait_s",
    "callers",
    "calls",
    "cases",
    "class",
    "days",
    "excess_share",
    "expected",
    "expected_s",
    "first_s",
    "free",
    "high_share",
    "lag_s",
    "last_s",
    "left",
    "limit_s",
    "lines",
    "longest_s",
    "lost_s",
    "low_share",
    "occupancy_share",
    "occupancy_usual_share",
    "of",
    "offers",
    "other_line",
    "promised_s",
    "queue_wait_s",
    "ratio",
    "refused",
    "silent_s",
    "since_answer_s",
    "slope_s",
    "sounds",
    "span_s",
    "spread_s",
    "talk_s",
    "talks",
    "usual",
    "usual_s",
    "usual_share",
    "wait_s",
    "waiting",
});

template <class E, size_t N>
constexpr std::string_view name_of(const Names<E, N>& names, E value) {
  for (const auto& [known, name] : names)
    if (known == value) return name;
  return names[0].second;
}

template <class E, size_t N>
constexpr std::optional<E> value_of(const Names<E, N>& names, std::string_view wanted) {
  for (const auto& [known, name] : names)
    if (name == wanted) return known;
  return std::nullopt;
}

std::optional<std::string_view> find(std::span<const std::string_view> sorted, std::string_view name) {
  const auto at = std::ranges::lower_bound(sorted, name);
  if (at == sorted.end() || *at != name) return std::nullopt;
  return *at;
}

}  // namespace

std::string_view to_string(Scope scope) { return name_of(kScopes, scope); }
std::string_view to_string(IncidentKind kind) { return name_of(kKinds, kind); }
std::string_view to_string(GapReason reason) { return name_of(kGaps, reason); }
std::string_view to_string(RefusedReason reason) { return name_of(kRefused, reason); }
std::string_view to_string(SurveyQuestion question) { return name_of(kQuestions, question); }
std::optional<Scope> scope_from(std::string_view name) { return value_of(kScopes, name); }
std::optional<IncidentKind> incident_kind_from(std::string_view name) { return value_of(kKinds, name); }
std::optional<GapReason> gap_reason_from(std::string_view name) { return value_of(kGaps, name); }
std::optional<RefusedReason> refused_reason_from(std::string_view name) { return value_of(kRefused, name); }
std::optional<SurveyQuestion> survey_question_from(std::string_view name) { return value_of(kQuestions, name); }

std::optional<Span> span_of(int64_t minutes) {
  for (const Span span : {Span::minute, Span::quarter, Span::hour})
    if (minutes_of(span) == minutes) return span;
  return std::nullopt;
}

std::span<const std::string_view> templates() { return kTemplates; }
std::span<const std::string_view> value_names() { return kValues; }
std::optional<std::string_view> template_named(std::string_view name) { return find(kTemplates, name); }
std::optional<std::string_view> value_named(std::string_view name) { return find(kValues, name); }

}  // namespace hf::wire
