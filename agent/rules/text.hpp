// The rule language as values. In: what a person wrote. Out: a tree that evaluate.hpp asks, or one problem with its place and a suggestion.
// Pure. Texts are bounded (length, depth, number of comparisons), so reading one costs microseconds.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/metrics/minute.hpp"
#include "hal/platform/time.hpp"

namespace hf::rules {

inline constexpr size_t kMaxText = 500;      // bytes
inline constexpr size_t kMaxDepth = 8;       // brackets and "not" inside each other
inline constexpr size_t kMaxComparisons = 12;
inline constexpr std::chrono::minutes kMaxOver{240}, kDefaultOver{15}, kDefaultClear{1};
inline constexpr std::chrono::hours kMaxFor{4};

enum class Measure : uint8_t {
  wait_p50, wait_p75, wait_p90, wait_p95, wait_mean, longest_wait, waiting, free_agents, staffed_agents, busy_agents, occupancy,
  arrivals, answered, abandoned, abandoned_share, service_level, handling_time, hold_share, avoidable_wait
};
enum class Unit : uint8_t { seconds, share, count };  // shares are 0 to 1
enum class Formula : uint8_t { ignore, negative, positive, handled };  // of the service level: what abandoned calls count as

struct MeasureFacts {
  Measure measure{};
  std::string_view name;
  Unit unit{};
  bool over = false;         // looks back over a time; else at this moment
  bool agents = false;       // needs to know the agents
  bool usual = false;        // what is usual for it is known: "> 1.5 x usual"
};
const std::vector<MeasureFacts>& all_measures();
const MeasureFacts& facts(Measure measure);
std::string_view to_string(Formula formula);

enum class Op : uint8_t { over, at_least, under, at_most };  // > >= < <=
std::string_view to_string(Op op);

// Whose measure: a name, each queue or line in turn, or the scope of the comparison before.
enum class Whose : uint8_t { before, queue, line, either, any_queue, any_line };

struct Comparison {
  Measure measure{};
  Duration within{};             // the service level's X
  Formula formula{};
  Whose whose = Whose::before;
  std::string name;              // an id or a label, as written
  Duration over{};
  Op op{};
  double threshold = 0;          // in the measure's unit; with `usual` a factor of what is usual
  bool usual = false;
  size_t column = 1, length = 0; // where it stands: bytes, from 1
};

struct Node {
  enum class Kind : uint8_t { comparison, all, any, negated };
  Kind kind = Kind::comparison;
  Comparison comparison;         // of Kind::comparison
  std::vector<Node> parts;       // of the others
};

struct RuleText {
  Node when;                     // "while" is joined by "and"
  Duration hold{};               // "for": how long it must stand before the rule fires
  std::optional<Node> clear;     // unset: when `when` is no longer true
  Duration clear_hold = kDefaultClear;
  Whose instances = Whose::before;  // any_queue, any_line: one state for each; else the first comparison's scope
};

// What is wrong and where. `id` is one of a closed list, so that a page can word it in its reader's language.
struct Problem {
  std::string id;                // "unknown_measure", see problem_ids()
  std::string name;              // the words at fault
  std::string suggestion;        // what was probably meant; empty = none
  size_t column = 1, length = 0; // bytes, from 1
};
const std::vector<std::string_view>& problem_ids();
// "column 1: unknown measure 'wait.p5': did you mean wait.p50?"
std::string to_text(const Problem& problem);

// Names that a text may use: ids, and labels where IT gave some.
struct Names {
  std::vector<std::pair<std::string, std::string>> queues, lines;  // id, label
  std::vector<std::string> holding;  // queues that "any queue" leaves out: callers are parked there
};

// With `names`, a queue or line that is not among them is a problem; without, names are taken as they are.
std::expected<RuleText, Problem> read_text(std::string_view text, const Names* names);

// The id that `name` stands for: an id itself, else a label without regard to case (ASCII); empty = none.
std::string id_of(const std::vector<std::pair<std::string, std::string>>& known, std::string_view name);

}  // namespace hf::rules
