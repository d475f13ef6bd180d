// What the agent writes into its journal, and reads back. In: values of the core. Out: journal entries, and the way back.
#pragma once

#include <string>
#include <variant>

#include "agent/calls/site_model.hpp"
#include "agent/journal/entry.hpp"
#include "agent/rules/rule.hpp"
#include "hal/pbx/call_event.hpp"
#include "hal/platform/result.hpp"

namespace hf::app {

struct Acknowledgement {
  std::string incident, user;
  template <class A> void fields(A& a) { a("incident", incident), a("user", user); }
};
struct Unread {  // an entry that the core does not rest on (a note of a loss or of a clock step), or one of a kind it does not know
  std::string kind;
};

using Input = std::variant<pbx::CallEvent, calls::SiteModel, Acknowledgement, Unread, rules::Action>;

journal::Entry to_entry(const pbx::CallEvent& event);
journal::Entry to_entry(Time at, const calls::SiteModel& model);
journal::Entry to_entry(Time at, const Acknowledgement& acknowledgement);
journal::Entry to_entry(Time at, const rules::Action& action);
journal::Entry note(Time at, std::string kind, std::string body);

// corrupt, naming the sequence and kind, when the body does not read as its kind.
Result<Input> from_entry(const journal::EntryView& entry);

}  // namespace hf::app
