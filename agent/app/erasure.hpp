// A person's erasure. In: the state folder of a stopped agent, and whom to forget. Out: a journal in which that person never was.
#pragma once

#include <string>

#include "agent/journal/journal.hpp"
#include "hal/pbx/call_event.hpp"
#include "hal/platform/files.hpp"

namespace hf::app {

struct Person {  // either
  pbx::CallerKey caller = 0;
  // What stands in its place, drawn at random: no number leads to it, and the calls are told apart as before, since which
  // devices are trunks is learnt from that.
  pbx::CallerKey in_its_place = 0;
  std::string agent_name;
};

// The event without that person, as the journal's text; nothing when the person is not in it.
std::optional<std::string> without(const Person& person, const pbx::CallEvent& event);

// Rewrites every entry, takes the calls and agents out of derived.db, and removes snapshots and damaged files set aside: the agent
// rebuilds them from the journal at its next start. Out: how many entries changed. busy while an agent runs on the folder.
Result<uint64_t> erase_person(const Path& state_dir, const Person& person, const Clock& clock, Random& random);

}  // namespace hf::app
