// One minute of one queue or one line, closed by event time. Sums and histograms only, so that minutes add up to hours and any formula
// can be computed later. Unknown stays unknown: an optional without a value is never 0.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "hal/platform/archive.hpp"
#include "hal/platform/time.hpp"

namespace hf::metrics {

// Waits: 60 bins of one second, then 36 bins that grow by 10 %; the last bin is open (from about 28 minutes).
struct WaitHistogram {
  static constexpr size_t kBins = 96;
  std::array<uint32_t, kBins> bins{};

  static size_t bin_of(Duration wait);
  static Duration lower_edge(size_t bin);
  void add(Duration wait) { ++bins[bin_of(wait)]; }
  void merge(const WaitHistogram& other);
  uint64_t count() const;
  uint64_t count_below(Duration limit) const;        // exact when `limit` is a bin's edge
  std::optional<Duration> quantile(double q) const;  // middle of the bin; unset when empty
  bool operator==(const WaitHistogram&) const = default;
  template <class A> void fields(A& a) { a("bins", bins); }
};

enum class Scope : uint8_t { queue, line };

struct Minute {
  Scope scope{};
  std::string id;                 // queue or line
  Time start{};                   // full minute, UTC
  uint32_t span_minutes = 1;      // 1, 15 or 60 after rolling up
  uint32_t observed_seconds = 0;  // of span_minutes * 60: in how many the source was seen
  // Calls by arrival in this minute (line: at the PBX; queue: at the queue); outcomes are added when known, so a minute has revisions.
  uint32_t offered = 0, answered = 0, abandoned = 0, short_abandoned = 0, timeout = 0, exit_key = 0, refused = 0, lost = 0;
  uint32_t answered_within = 0, abandoned_within = 0;   // of those above, within the service level's X
  Duration service_level = std::chrono::seconds(20);    // that X
  Duration answered_wait{}, abandoned_wait{}, hold{}, talk{};  // sums
  WaitHistogram answered_waits, abandoned_waits, holds;
  // State of this minute itself, not of its arrivals.
  Duration longest_wait{};                         // oldest waiting caller seen in it
  Duration waiting{};                              // integral of callers waiting (caller-seconds)
  std::optional<Duration> staffed, busy, free;     // integrals of agents; unset = the source cannot know
  std::optional<Duration> avoidable_wait;          // integral of min(waiting, really free) after one ring grace
  uint32_t revision = 0;                           // grows when late outcomes change it

  // Adds another span of the same scope and id: sums add up, start becomes the earlier, what is unknown in one counts as the other has it
  // (completeness tells how much was seen).
  void merge(const Minute& other);
  bool operator==(const Minute&) const = default;
  template <class A> void fields(A& a) {
    a("scope", scope), a("id", id), a("start", start), a("span_minutes", span_minutes), a("observed_seconds", observed_seconds);
    a("offered", offered), a("answered", answered), a("abandoned", abandoned), a("short_abandoned", short_abandoned), a("timeout", timeout);
    a("exit_key", exit_key), a("refused", refused), a("lost", lost), a("answered_within", answered_within), a("abandoned_within", abandoned_within);
    a("service_level", service_level), a("answered_wait", answered_wait), a("abandoned_wait", abandoned_wait), a("hold", hold), a("talk", talk);
    a("answered_waits", answered_waits), a("abandoned_waits", abandoned_waits), a("holds", holds), a("longest_wait", longest_wait);
    a("waiting", waiting), a("staffed", staffed), a("busy", busy), a("free", free), a("avoidable_wait", avoidable_wait), a("revision", revision);
  }
};

// The four service levels in common use, by name; each unset when its denominator is 0 ("no calls" is not 100 %).
struct ServiceLevels {
  std::optional<double> ignore_abandons;    // A<X / (O - B<X)
  std::optional<double> abandons_negative;  // A<X / O
  std::optional<double> abandons_positive;  // (A<X + B<X) / O
  std::optional<double> only_handled;       // A<X / A
};
ServiceLevels service_levels(const Minute& m);
std::optional<Duration> average_speed_of_answer(const Minute& m);  // answered_wait / answered
std::optional<double> abandon_rate(const Minute& m);               // (B - B<s) / (O - B<s)
std::optional<double> occupancy(const Minute& m);                  // busy / (busy + free); pauses excluded
double completeness(const Minute& m);                              // observed seconds / seconds

}  // namespace hf::metrics
