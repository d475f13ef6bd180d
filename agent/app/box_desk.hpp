// What passes between the agent and whoever stands before the box: through files in /run/holdfast and the state folder, since the agent has no console.
#pragma once

#include <string>
#include <vector>

#include "agent/access/access.hpp"
#include "agent/app/agent.hpp"
#include "agent/web/backend.hpp"
#include "hal/platform/files.hpp"

namespace hf::app {

inline constexpr const char* kDesk = "/run/holdfast";

// The set-up code of the box's label ("<desk>/claim", put there at the start of the machine); empty where there is none.
std::string label_code(const Path& desk = kDesk);

// "<state>/forget-users", which the console leaves after the button was held: no user is left, and the file goes. For each other start: nothing.
Status begin_at_the_box(const Path& state, access::Access& access);

// Address, fingerprint and set-up code to "<desk>/greeting", mode 0600, for the console; nothing to do where there is no such folder.
void show_at_the_box(const Greeting& greeting, const Path& desk = kDesk);

// A word that an agent runs, "<desk>/agent-runs", which goes with it when it ends as it was told to and with the machine's start. Found by the next agent it says
// that the one before stood still or broke off, and was started anew. Nothing to do where there is no such folder.
class RunsWord {
 public:
  explicit RunsWord(Path desk = kDesk);
  ~RunsWord();
  RunsWord(const RunsWord&) = delete;
  RunsWord& operator=(const RunsWord&) = delete;
  bool was_there() const { return was_there_; }

 private:
  Path file_;
  bool was_there_ = false;
};
// What the page tells of it, a day long.
std::vector<web::Problem> restart_problems(bool restarted, Time started, Time now);

}  // namespace hf::app
