// What a source told that cannot be. Counted since the journal began, shown on the source's page; the tracker believes
// the later word each time and goes on.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include "hal/pbx/call_event.hpp"

namespace hf::calls {

struct Oddities {
  uint64_t clock_back = 0;     // an event older than one before it, or a PBX clock that went back by over two seconds
  uint64_t negative = 0;       // a duration below zero; taken as zero
  uint64_t started_twice = 0;  // a channel began that was there already
  uint64_t ended_unknown = 0;  // a channel ended that nobody had seen, while none had been missed
  uint64_t joined_twice = 0;   // a caller joined the queue in which it waits
  uint64_t left_unjoined = 0;  // a caller left or was answered by a queue in which it does not wait
  uint64_t members_for_ever = 0;  // now: members in one state for a day, and not logged out

  template <class A>
  void fields(A& a) {
    a("clock_back", clock_back), a("negative", negative), a("started_twice", started_twice),
        a("ended_unknown", ended_unknown), a("joined_twice", joined_twice), a("left_unjoined", left_unjoined),
        a("members_for_ever", members_for_ever);
  }
  // By name, for people and for the API.
  std::array<std::pair<std::string_view, uint64_t>, 7> named() const {
    return {{{"clock_back", clock_back},
             {"negative", negative},
             {"started_twice", started_twice},
             {"ended_unknown", ended_unknown},
             {"joined_twice", joined_twice},
             {"left_unjoined", left_unjoined},
             {"members_for_ever", members_for_ever}}};
  }
};

// Some duration of the event is below zero.
bool has_negative(const pbx::CallEventBody& body);
// The same event with such durations at zero.
pbx::CallEventBody without_negatives(pbx::CallEventBody body);

}  // namespace hf::calls
