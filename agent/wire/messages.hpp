// Wire v1 as values. No member is a string, the approved label and the site aside: ids are keyed hashes, all else is
// numbers and enums, so a dialled number, a name or free text has no place to be. The bytes are told in WIRE.md.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "agent/wire/vocabulary.hpp"
#include "hal/platform/time.hpp"

namespace hf::wire {

struct Version {
  uint16_t major = 1, minor = 0;
  bool operator==(const Version&) const = default;
};
constexpr Version kVersion{1, 1};

// Limits; decoding checks them before it allocates.
constexpr size_t kMaxRequestBytes = 1024 * 1024;
constexpr size_t kMaxBatchBytes = 4 * 1024 * 1024;
constexpr size_t kMaxLineBytes = 256 * 1024;
constexpr size_t kMaxMessages = 500;
constexpr size_t kMaxSums = 256;
constexpr size_t kMaxLabels = 700;
constexpr size_t kMaxSurveys = 256;
constexpr uint32_t kFewestAnswers = 5;  // to a survey; sums of fewer have no place here
constexpr uint16_t kMaxScore = 100;
constexpr size_t kMaxIds = 64;
constexpr size_t kMaxEvidence = 16;
constexpr size_t kMaxValues = 16;
constexpr size_t kMaxRanges = 100000;
constexpr size_t kBins = 96;
constexpr int64_t kMaxMilli = 10'000'000'000;
constexpr Duration kMaxSpan = std::chrono::hours(24) * 366 * 10'000;
constexpr Time kFirstTime = Time(std::chrono::seconds(946684800));  // 2000-01-01
constexpr Time kLastTime = Time(std::chrono::seconds(4102444800));  // 2100-01-01

struct Id {  // made by opaque_id.hpp only
  uint64_t value = 0;
  auto operator<=>(const Id&) const = default;
};

using Bin = std::pair<uint8_t, uint32_t>;  // bin 0-95, count > 0
using Bins = std::vector<Bin>;             // bins rising

// The names are those of metrics::Minute, so that copy_numbers() below serves both ways.
struct Summary {
  Scope scope{};
  Id id;
  Time start{};
  Span span{};
  uint64_t cover = 1;  // bit i: minute start + i is in these sums
  uint32_t revision = 0;
  uint32_t observed_seconds = 0;
  uint32_t offered = 0, answered = 0, abandoned = 0, short_abandoned = 0, timeout = 0, exit_key = 0, refused = 0,
           lost = 0;
  uint32_t answered_within = 0, abandoned_within = 0;
  Duration service_level{}, answered_wait{}, abandoned_wait{}, hold{}, talk{}, longest_wait{}, waiting{};
  std::optional<Duration> staffed, busy, free, avoidable_wait;
  Bins answered_waits, abandoned_waits, holds;
  bool operator==(const Summary&) const = default;
};

struct Minutes {
  std::vector<Summary> sums;
  bool operator==(const Minutes&) const = default;
};

struct Value {
  std::string_view name;  // of value_names(): a view into that closed list
  int64_t milli = 0;
  bool operator==(const Value&) const = default;
};

struct Evidence {
  std::string_view template_id;  // of templates(): a view into that closed list
  uint32_t sample_size = 0;
  Time at{};
  std::vector<Value> values;
  bool operator==(const Evidence&) const = default;
};

struct Incident {
  Id id;
  IncidentKind kind = IncidentKind::unknown;
  uint32_t revision = 0;
  std::vector<Id> lines;
  std::vector<Time> line_named;
  std::vector<Id> queues;
  Time onset{}, onset_low{}, onset_high{}, signalled{};
  std::optional<Time> closed, acknowledged;
  std::optional<Duration> imposed_wait;
  uint32_t affected_calls = 0;
  std::optional<Duration> avoidable;
  Duration imposed{};
  std::vector<Evidence> evidence;
  bool operator==(const Incident&) const = default;
};

struct Label {
  Scope scope{};
  Id id;
  std::string text;  // passed check_label()
  bool operator==(const Label&) const = default;
};

struct Labels {
  uint32_t revision = 0;
  std::vector<Label> labels;
  bool operator==(const Labels&) const = default;
};

struct Gap {
  GapReason why{};
  Time from{}, to{};
  bool operator==(const Gap&) const = default;
};

// Answers to one survey question on one scale, of one UTC day. The names are those of metrics::SurveySum.
struct SurveyDay {
  std::optional<Id> queue;  // unset: no queue was told
  Time start{};
  SurveyQuestion question{};
  uint16_t low = 0, high = 0;
  uint32_t answers = 0, sum = 0, top = 0, bottom = 0;
  bool operator==(const SurveyDay&) const = default;
};

struct Surveys {
  std::vector<SurveyDay> sums;
  bool operator==(const Surveys&) const = default;
};

struct Ignored {  // a kind of a newer minor version
  bool operator==(const Ignored&) const = default;
};

using Body = std::variant<Minutes, Incident, Labels, Gap, Surveys, Ignored>;

// What is wrong with the sum, or nothing: the same for who writes and who reads.
std::string_view fault_of(const SurveyDay& day);

using Range = std::pair<uint64_t, uint64_t>;  // both ends included

// Sums of the same names from `from` to `to`, whatever their types of scope, id, span and histogram.
template <class From, class To>
void copy_numbers(const From& from, To& to) {
  to.start = from.start, to.observed_seconds = from.observed_seconds, to.revision = from.revision;
  to.offered = from.offered, to.answered = from.answered, to.abandoned = from.abandoned;
  to.short_abandoned = from.short_abandoned, to.timeout = from.timeout, to.exit_key = from.exit_key;
  to.refused = from.refused, to.lost = from.lost;
  to.answered_within = from.answered_within, to.abandoned_within = from.abandoned_within;
  to.service_level = from.service_level, to.answered_wait = from.answered_wait, to.abandoned_wait = from.abandoned_wait;
  to.hold = from.hold, to.talk = from.talk, to.longest_wait = from.longest_wait, to.waiting = from.waiting;
  to.staffed = from.staffed, to.busy = from.busy, to.free = from.free, to.avoidable_wait = from.avoidable_wait;
}

// Histograms between the dense form and the wire's.
Bins sparse(const std::array<uint32_t, kBins>& dense);
std::array<uint32_t, kBins> dense(const Bins& bins);

// What the wire keeps of a duration or a time: whole milliseconds, durations cut to 0..kMaxSpan.
Duration whole_ms(Duration d);
Time whole_ms(Time t);

}  // namespace hf::wire
