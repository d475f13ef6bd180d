// One connection to a live PBX as a state machine, from the greeting to its loss: no thread, socket or clock. Each kind
// of PBX has its own; LiveSource owns and drives it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hal/pbx/call_event.hpp"
#include "hal/platform/clock.hpp"
#include "hal/platform/result.hpp"

namespace hf::pbx {

struct LiveOutput {
  std::string send;  // to the PBX; may hold a secret
  std::vector<CallEvent> events;
};

class LiveSession {
 public:
  virtual ~LiveSession() = default;

  // Takes received bytes. An error ends the connection: unsupported (no such PBX), denied (the login is refused),
  // invalid_input (a value that may not be sent), closed (the PBX said goodbye).
  virtual Status on(std::string_view bytes, Time at, SteadyTime now, LiveOutput& out) = 0;
  // Does what is due: asks again, pings. timed_out: the PBX does not answer.
  virtual Status tick(Time at, SteadyTime now, LiveOutput& out) = 0;
  virtual SteadyTime deadline() const = 0;  // when tick() has something to do next

  virtual bool up() const = 0;  // SourceUp was given out
  // What is wrong though the connection stands. Empty when all is well.
  virtual const std::string& complaint() const = 0;
  virtual uint64_t unknown() const = 0;
  virtual uint64_t malformed() const = 0;
};

// What a stranger sent, safe to show: its first 60 signs.
std::string shown(std::string_view text);

}  // namespace hf::pbx
