// The last calls of each line, as the signals that look at finished calls need them. In: Changes. Out: the windows.
// Owned by SideSignals. Limits: 256 places of 128 calls (about 15 KB each), 4,096 open calls.
#pragma once

#include <compare>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/calls/tracker.hpp"
#include "hal/platform/shortlex.hpp"

namespace hf::detect {

// A line; or a queue, where the source tells no lines.
struct Place {
  std::string line, queue;
  auto operator<=>(const Place&) const = default;
  template <class A>
  void fields(A& a) {
    a("line", line), a("queue", queue);
  }
};

struct EndedCall {
  Time arrived{}, ended{};
  std::optional<Time> joined, connected;  // joined: the queue that answered, else the last one
  uint32_t ahead = 0;                     // callers who waited on the same line when it came
  bool abandoned = false;                 // the caller hung up unanswered
  Duration alone{};                       // from the PBX's own pick-up, within 2 s of the arrival, to the first person
  Duration near{};         // waiting time within kAfterSound after an announcement later than kFirstSounds
  bool left_near = false;  // hung up in such a time
  Duration wait() const { return (connected ? *connected : ended) - arrived; }
  template <class A>
  void fields(A& a) {
    a("arrived", arrived), a("ended", ended), a("joined", joined), a("connected", connected), a("ahead", ahead),
        a("abandoned", abandoned);
    a("alone", alone), a("near", near), a("left_near", left_near);
  }
};
using Calls = std::vector<EndedCall>;

// After an announcement so long a caller who hangs up does so because of it; those of the first seconds greet.
inline constexpr Duration kAfterSound = std::chrono::seconds(15), kFirstSounds = std::chrono::seconds(10);

class CallWindows {
 public:
  static constexpr size_t kCalls = 128;
  void on(const calls::Change& change);
  // Those that arrived at `since` or later, and those before, oldest first.
  static Calls since(const std::deque<EndedCall>& calls, Time since);
  static Calls before(const std::deque<EndedCall>& calls, Time since);
  struct Window {
    std::deque<EndedCall> calls;  // in the order of their ends
    std::string target;           // the queue that answered last
    uint32_t waiting = 0;
    template <class A>
    void fields(A& a) {
      a("calls", calls), a("target", target), a("waiting", waiting);
    }
  };
  const std::map<Place, Window>& places() const { return places_; }

  template <class A>
  void fields(A& a) {
    a("places", places_), a("open", open_);
  }

 private:
  void arrive(const Place& place, const std::string& call);
  void leave(const Place& place);
  void end(const calls::Call& call);

  std::map<Place, Window> places_;
  IdMap<uint32_t> open_;  // call -> callers ahead when it came
};

// The call's line, else its first queue; unset before it has either.
std::optional<Place> place_of(const calls::Call& call);

}  // namespace hf::detect
