// What explains the extra wait of an interval: load, staffing, handling time, and waiting that need not be. In: the
// interval's own calls and staff, and what is usual. Out: shares that add up, with their uncertainty. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "hal/platform/archive.hpp"

namespace hf::incidents {

enum class Factor : uint8_t { load, staffing, handling, avoidable };
inline constexpr size_t kFactors = 4;
std::string_view to_string(Factor factor);

// none: nothing can be told, and why. too_few: fewer than kFewestCalls, or fewer than two
// factors whose usual value is known: one alone would always explain the whole. no_extra: callers wait no longer than
// usual. unlike: the replay does not come near what was measured, so its parts mean nothing.
enum class SharesState : uint8_t { too_few, told, no_extra, unlike };
std::string_view to_string(SharesState state);

struct Share {
  Factor factor{};
  double share = 0;          // of the extra wait; all of them add up to 1. Below 0: it made waits shorter
  double low = 0, high = 0;  // two standard errors around it (delete-a-block jackknife over time)
  bool operator==(const Share&) const = default;
  template <class A>
  void fields(A& a) {
    a("factor", factor), a("share", share), a("low", low), a("high", high);
  }
};

struct Shares {
  SharesState state = SharesState::too_few;
  uint32_t calls = 0;
  double measured_s = 0, replayed_s = 0,
         usual_s = 0;        // mean wait per caller up to the end: as it was, replayed, with all as usual
  std::vector<Share> parts;  // of the factors that are known, in the order of Factor; empty unless told
  bool operator==(const Shares&) const = default;
  template <class A>
  void fields(A& a) {
    a("state", state), a("calls", calls), a("measured_s", measured_s), a("replayed_s", replayed_s),
        a("usual_s", usual_s), a("parts", parts);
  }
};

struct SeenCall {  // seconds; the interval begins at 0
  double arrived = 0, wait = 0;
  double hold = 0;  // of the wait: imposed before the queue
  double talk = 0;  // answered ones
  bool answered = false;
  bool open = false;  // still waits or still talks: wait or talk is so far
};

struct SeenFloor {
  std::vector<SeenCall> calls;     // by arrival; those who arrived before 0 waited at 0
  std::vector<double> agents;      // at work in each minute
  std::vector<double> busy_until;  // see Replay
  std::vector<double> taking;  // of each minute in which callers waited: the share of those at work who were busy; -1
                               // in others. Empty: not known
};

struct UsualFloor {                  // of the same interval; what is unset is left out of the shares
  std::optional<double> arrivals;    // calls
  std::optional<double> agents;      // mean at work
  std::optional<double> handling_s;  // mean per answered call
  std::optional<double> taking;      // as in SeenFloor, over the minutes in which callers waited
  bool holds_known = false;          // the source can tell a wait beside free agents
};

inline constexpr uint32_t kFewestCalls = 20;
// Below so much extra wait per caller, in seconds and as a part of the measured wait, nothing is explained: the
// replay's own error is of that size.
inline constexpr double kFewestExtra = 5, kFewestExtraPart = 0.15;

// The counterfactual: the interval is replayed with each set of factors at its usual value and the others as they were
// (arrivals thinned or thickened evenly, talks scaled, staff scaled, holds taken away). The share of a factor is its
// Shapley value (Shapley 1953: the mean over all orders of putting the factors back), so that shares add up to the
// whole whatever the factors do together. At most 16 replays of the interval.
Shares shares_of(const SeenFloor& seen, const UsualFloor& usual);

}  // namespace hf::incidents
