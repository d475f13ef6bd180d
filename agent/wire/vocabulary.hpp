// The closed lists of wire v1: every word a body may hold. In: names. Out: enums or nullopt. What is not here cannot
// leave the site.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace hf::wire {

enum class Scope : uint8_t { queue, line };
enum class Span : uint8_t { minute, quarter, hour };
enum class IncidentKind : uint8_t {
  unknown,
  artificial_hold,
  dead_queue,
  phones_refuse,
  missing_agents,
  handling_time,
  arrival_surge,
  wait_drift,
  trunk_failure,
  source_gap
};
enum class GapReason : uint8_t { over_budget, damaged };
enum class RefusedReason : uint8_t { invalid, other_bytes };
enum class SurveyQuestion : uint8_t { csat, nps, ces };

std::string_view to_string(Scope scope);
std::string_view to_string(IncidentKind kind);
std::string_view to_string(GapReason reason);
std::string_view to_string(RefusedReason reason);
std::string_view to_string(SurveyQuestion question);
std::optional<Scope> scope_from(std::string_view name);
std::optional<IncidentKind> incident_kind_from(std::string_view name);
std::optional<GapReason> gap_reason_from(std::string_view name);
std::optional<RefusedReason> refused_reason_from(std::string_view name);
std::optional<SurveyQuestion> survey_question_from(std::string_view name);

constexpr uint32_t minutes_of(Span span) { return span == Span::minute ? 1 : span == Span::quarter ? 15 : 60; }
std::optional<Span> span_of(int64_t minutes);

// Evidence: which sentence, and which numbers fill it. The views returned live as long as the program.
std::optional<std::string_view> template_named(std::string_view name);
std::optional<std::string_view> value_named(std::string_view name);
std::span<const std::string_view> templates();
std::span<const std::string_view> value_names();

}  // namespace hf::wire
