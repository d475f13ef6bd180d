// The catalogue with its help and what each signal reads now, as JSON.
#include <boost/json/array.hpp>

#include <algorithm>

#include "agent/web/signal_words.hpp"
#include "agent/web/to_json.hpp"

namespace hf::web {

boost::json::array needs_json(detect::Needs needs) {
  boost::json::array out;
  if (needs & detect::kChannels) out.push_back("channels");
  if (needs & detect::kSteps) out.push_back("steps");
  if (needs & detect::kAgents) out.push_back("agents");
  if (needs & detect::kSurvey) out.push_back("survey");
  if (needs & detect::kLive) out.push_back("live");
  return out;
}

namespace {

using detect::Group;
using detect::Needs;
using detect::ReadingState;
using detect::Role;
using detect::Unit;

std::string_view name_of(Group group) {
  switch (group) {
    case Group::way_in: return "way_in";
    case Group::queue: return "queue";
    case Group::callers: return "callers";
    case Group::agents: return "agents";
    case Group::load: return "load";
    case Group::link: return "link";
  }
  return "link";
}

std::string_view name_of(Unit unit) {
  switch (unit) {
    case Unit::number: return "number";
    case Unit::seconds: return "seconds";
    case Unit::share: return "share";
    case Unit::nats: return "nats";
  }
  return "number";
}

std::string_view name_of(Role role) {
  switch (role) {
    case Role::figure: return "figure";
    case Role::evidence: return "evidence";
    case Role::opens: return "opens";
  }
  return "figure";
}

std::string_view name_of(ReadingState state) {
  switch (state) {
    case ReadingState::unknown: return "unknown";
    case ReadingState::quiet: return "quiet";
    case ReadingState::watching: return "watching";
    case ReadingState::standing: return "standing";
    case ReadingState::not_visible: return "not_visible";
  }
  return "unknown";
}

boost::json::array signatures_json(std::string_view blank_separated) {
  boost::json::array out;
  while (!blank_separated.empty()) {
    const size_t end = std::min(blank_separated.find(' '), blank_separated.size());
    out.push_back(boost::json::string_view(blank_separated.substr(0, end)));
    blank_separated.remove_prefix(std::min(end + 1, blank_separated.size()));
  }
  return out;
}

boost::json::object reading_json(const SignalReading& r) {
  boost::json::object out;
  out["line"] = r.line ? json(r.line->id) : nullptr;
  out["line_label"] = r.line ? json(r.line->label) : "";
  out["queue"] = r.queue ? json(r.queue->id) : nullptr;
  out["queue_label"] = r.queue ? json(r.queue->label) : "";
  out["value"] = json(r.reading.value);
  out["baseline"] = json(r.reading.baseline);
  out["sample_size"] = r.reading.sample_size;
  out["state"] = name_of(r.reading.state);
  return out;
}

boost::json::object signal_json(const detect::SignalInfo& signal, Language language) {
  boost::json::object out;
  out["id"] = signal.id;
  out["group"] = name_of(signal.group);
  out["signatures"] = signatures_json(signal.signatures);
  out["unit"] = name_of(signal.unit);
  out["formula"] = signal.formula;
  out["needs"] = needs_json(signal.needs);
  out["incident"] = signal.incident.empty() ? boost::json::value(nullptr) : boost::json::value(signal.incident);
  out["role"] = name_of(signal.role);
  const SignalWords* words = signal_words(signal.id);
  const SignalHelp help = words ? (language == Language::ru ? words->ru : words->en) : SignalHelp{signal.id, {}, {}, {}};
  out["name"] = help.name, out["text"] = help.text, out["check"] = help.check, out["alike"] = help.alike;
  return out;
}

}  // namespace

// The state of a signal is the gravest of its readings.
boost::json::object to_json(const SignalsNow& now, Language language) {
  boost::json::array signals;
  for (const detect::SignalInfo& signal : detect::catalogue()) {
    boost::json::object one = signal_json(signal, language);
    boost::json::array readings;
    ReadingState gravest = ReadingState::unknown;
    for (const SignalReading& r : now.readings) {
      if (r.reading.signal != signal.id) continue;
      gravest = std::max(gravest, r.reading.state);
      readings.push_back(reading_json(r));
    }
    one["state"] = name_of(gravest);
    one["readings"] = std::move(readings);
    signals.push_back(std::move(one));
  }
  return {{"at", json(now.at)}, {"signals", std::move(signals)}};
}

const SignalWords* signal_words(std::string_view id) {
  for (const auto words : {queue_signal_words(), other_signal_words()}) {
    const auto at = std::ranges::find(words, id, &SignalWords::id);
    if (at != words.end()) return &*at;
  }
  return nullptr;
}

}  // namespace hf::web
