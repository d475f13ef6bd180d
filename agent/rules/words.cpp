// The language's fixed words: measures, signs, problems.
#include <fmt/format.h>

#include <algorithm>

#include "agent/rules/text.hpp"

namespace hf::rules {

const std::vector<MeasureFacts>& all_measures() {
  using enum Measure;
  static const std::vector<MeasureFacts> kAll{
      {wait_p50, "wait.p50", Unit::seconds, true, false},         {wait_p75, "wait.p75", Unit::seconds, true, false},
      {wait_p90, "wait.p90", Unit::seconds, true, false},         {wait_p95, "wait.p95", Unit::seconds, true, false},
      {wait_mean, "wait.mean", Unit::seconds, true, false, true},       {longest_wait, "longest_wait", Unit::seconds, false, false},
      {waiting, "waiting", Unit::count, false, false, true},            {free_agents, "free_agents", Unit::count, false, true},
      {staffed_agents, "staffed_agents", Unit::count, false, true, true}, {busy_agents, "busy_agents", Unit::count, false, true},
      {occupancy, "occupancy", Unit::share, true, true},          {arrivals, "arrivals", Unit::count, true, false, true},
      {answered, "answered", Unit::count, true, false},           {abandoned, "abandoned", Unit::count, true, false},
      {abandoned_share, "abandoned.share", Unit::share, true, false}, {service_level, "service_level", Unit::share, true, false},
      {handling_time, "handling_time", Unit::seconds, true, false, true}, {hold_share, "hold.share", Unit::share, true, false},
      {avoidable_wait, "avoidable_wait", Unit::seconds, true, true}};
  return kAll;
}

const MeasureFacts& facts(Measure measure) { return all_measures()[static_cast<size_t>(measure)]; }

std::string_view to_string(Formula formula) {
  switch (formula) {
    case Formula::ignore: return "ignore";
    case Formula::negative: return "negative";
    case Formula::positive: return "positive";
    case Formula::handled: return "handled";
  }
  return "ignore";
}

std::string_view to_string(Op op) {
  switch (op) {
    case Op::over: return ">";
    case Op::at_least: return ">=";
    case Op::under: return "<";
    case Op::at_most: return "<=";
  }
  return ">";
}

namespace {

constexpr std::pair<std::string_view, std::string_view> kProblems[] = {
    {"too_long", "longer than 500 bytes"},
    {"too_deep", "more than 8 brackets or \"not\" inside each other"},
    {"too_many", "more than 12 comparisons"},
    {"unreadable", "cannot be read"},
    {"measure_expected", "a measure is expected"},
    {"unknown_measure", "unknown measure"},
    {"scope_expected", "say whose: \"of\" and a queue or line"},
    {"unknown_queue", "unknown queue"},
    {"unknown_line", "unknown line"},
    {"unknown_name", "unknown queue or line"},
    {"two_any", "only one of \"any queue\" and \"any line\" in a rule"},
    {"sign_expected", "one of > >= < <= is expected"},
    {"number_expected", "a number is expected"},
    {"number_too_large", "number too large"},
    {"duration_expected", "a time such as 2 min is expected"},
    {"percent_expected", "a percentage such as 10 % is expected"},
    {"count_expected", "a number without unit is expected"},
    {"moment_has_no_over", "looks at this moment: leave out \"over\""},
    {"over_range", "\"over\" takes 1 min to 4 h"},
    {"for_range", "\"for\" takes at most 4 h"},
    {"unknown_formula", "unknown formula"},
    {"bracket_expected", "a closing bracket is expected"},
    {"comma_expected", "a comma is expected"},
    {"clear_contradicts", "would clear while it still fires"},
    {"left_over", "not expected here"},
    {"usual_expected", "\"usual\" is expected after x"},
    {"no_usual", "nothing is known to be usual for it"},
    {"factor_range", "a factor takes 0.05 to 20"},
};

}  // namespace

const std::vector<std::string_view>& problem_ids() {
  static const std::vector<std::string_view> kIds = [] {
    std::vector<std::string_view> ids;
    for (const auto& [id, text] : kProblems) ids.push_back(id);
    return ids;
  }();
  return kIds;
}

std::string to_text(const Problem& problem) {
  const auto* const known = std::find_if(std::begin(kProblems), std::end(kProblems), [&](const auto& p) { return p.first == problem.id; });
  std::string text = fmt::format("column {}: {}", problem.column, known == std::end(kProblems) ? "wrong" : known->second);
  if (!problem.name.empty()) text += fmt::format(" '{}'", problem.name);
  if (!problem.suggestion.empty()) text += fmt::format(": did you mean {}?", problem.suggestion);
  return text;
}

}  // namespace hf::rules
