// The catalogue of signals: what each one measures, what a source must tell for it to be seen, what it can do about an
// incident; and what it reads now. Pure: a sorted table and plain values. Help in words is agent/web's.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hal/pbx/call_event.hpp"

namespace hf::detect {

enum class Unit : uint8_t { number, seconds, share, nats };
enum class Group : uint8_t { way_in, queue, callers, agents, load, link };

// What a source must tell, as bits; 0 = calls with their waits, which every source tells.
using Needs = uint8_t;
inline constexpr Needs kChannels = 1;   // channel events: callers before the queue, causes of ends
inline constexpr Needs kSteps = 2;      // steps of the dialplan: announcements
inline constexpr Needs kAgents = 4;     // who is free
inline constexpr Needs kSurvey = 8;     // answers to a survey after the call: once any was told
inline constexpr Needs kLive = 16;      // callers while they wait, not only when their calls are over

// figure: shown, and kept to itself. evidence: adds to an incident that stands. opens: can open one.
enum class Role : uint8_t { figure, evidence, opens };

struct SignalInfo {
  std::string_view id;
  std::string_view signatures;  // of the imposed hold, "H3 H4"; empty = of none
  Group group{};
  Unit unit{};
  std::string_view formula;
  Needs needs = 0;
  std::string_view incident;  // the kind that it supports; empty = none
  Role role{};
};

// Sorted by id.
std::span<const SignalInfo> catalogue();
const SignalInfo* find_signal(std::string_view id);  // nullptr: no such signal

// What the source lacks for this signal; 0 = it can be seen. `surveys`: answers to surveys have come, from wherever.
Needs missing_for(const SignalInfo& signal, const pbx::SourceUp& source, bool surveys = false);

// One signature of an imposed hold with this source: by which signals it can be seen, or what is lacking for the one that lacks least.
struct Coverage {
  std::string signature;  // "H1" .. "H27"; H20 is HQ's and not among them
  std::vector<std::string_view> seen_by;
  Needs lacking = 0;      // 0 where it is seen
};
// In the order of their numbers.
std::vector<Coverage> coverage(const pbx::SourceUp& source, bool surveys = false);

// One figure beside the signals, with this source.
struct MetricCoverage {
  std::string_view metric;  // "service_level"
  Needs lacking = 0;        // 0 = it can be seen
};
// In the order in which a page shows them.
std::vector<MetricCoverage> metric_coverage(const pbx::SourceUp& source, bool surveys);

// unknown: too few cases yet, or nothing set to compare with. watching: something points to it, not enough to say so.
// not_visible: this source cannot show it.
enum class ReadingState : uint8_t { unknown, quiet, watching, standing, not_visible };

struct Reading {
  std::string_view signal;  // id in the catalogue
  std::string line, queue;  // empty: not of one
  std::optional<double> value, baseline;
  uint32_t sample_size = 0;
  ReadingState state = ReadingState::unknown;
};

// Every signal of the catalogue has a reading in the result: those of `seen`, else one without figures; a signal that
// the source cannot show reads not_visible, whatever was seen. In the order of the catalogue.
std::vector<Reading> complete(std::vector<Reading> seen, const pbx::SourceUp& source, bool surveys = false);

}  // namespace hf::detect
