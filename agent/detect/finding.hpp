// What a signal says: one record. Never worded here; agent/incidents joins findings over time, evidence_words puts them
// into a language.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "agent/detect/values.hpp"
#include "hal/platform/archive.hpp"
#include "hal/platform/time.hpp"

namespace hf::detect {

// news: the signal stands for this line, queue or member. evidence: more about what already stands, opens nothing.
// totals: figures of what stands, replaced each time. cleared: it is over.
enum class FindingKind : uint8_t { news, evidence, totals, cleared };

struct Finding {
  std::string signal;  // id of the signal: "held_beside_free"
  FindingKind kind = FindingKind::evidence;
  std::string line;                         // empty: not of one line, or the source cannot tell lines
  std::string queue;                        // empty: not of one queue
  std::vector<std::string> members;         // devices; stay on site
  Time at{};                                // when the signal spoke
  Time since{}, since_low{}, since_high{};  // estimated onset with its interval
  std::string template_id;                  // how evidence_words tells it; empty = nothing to tell
  Values values;                            // numbers of the template; durations in seconds, names end in _s
  uint32_t sample_size = 0;

  template <class A>
  void fields(A& a) {
    a("signal", signal), a("kind", kind), a("line", line), a("queue", queue), a("members", members), a("at", at),
        a("since", since);
    a("since_low", since_low), a("since_high", since_high), a("template_id", template_id), a("values", values),
        a("sample_size", sample_size);
  }
};

}  // namespace hf::detect
