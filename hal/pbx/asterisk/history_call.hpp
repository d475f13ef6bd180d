// One call's rows become events. In: all that the tables of a PBX hold of one call. Out: what a live source would have told of it, in order, nothing
// twice. Pure.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "hal/pbx/asterisk/history_rows.hpp"

namespace hf::pbx {

struct CallRows {
  std::vector<CelRow> cel;       // in the order of the table
  std::vector<CdrRow> cdr;
  std::vector<CallEvent> queue;  // from the queue_log, in whole seconds
};

struct HistoryCounts {
  uint64_t calls = 0;
  uint64_t log_only = 0;        // in the queue_log, and in neither CDR nor CEL
  uint64_t missing_in_log = 0;  // joined a queue by the CEL, and the queue_log does not know it
  uint64_t filled_by_cdr = 0;   // no CEL of it: told by CDR
  uint64_t wait_unknown = 0;    // served by a queue, and nothing tells when: left out
};

// What is known of the whole history.
struct HistoryKnowledge {
  bool queue_log = false;                              // there is one
  std::map<std::string, std::string> device_of_name;   // member names of the queue_log, where the CEL tells their device
};

// Appends the events, sorted by time. Times from the queue_log are set to the moment that the CEL tells for the same thing.
void tell_call(const std::string& id, const CallRows& rows, const HistoryKnowledge& known, HistoryCounts& counts, std::vector<CallEvent>& out);

// The queue_log knows members by name: names become devices where both are known.
void name_devices(CallEventBody& body, const HistoryKnowledge& known);

// The parts, in the order of preference. `log`: the queue_log knows the call, its stays in queues are told from there.
void tell_cel(const std::vector<CelRow>& rows, bool log, std::vector<CallEvent>& out);
// False when the wait cannot be known: then nothing is told.
bool tell_cdr(const std::string& id, const std::vector<CdrRow>& rows, bool log, std::vector<CallEvent>& out);

// "sales,tTkKr,,,300": the part at `index`.
std::string_view application_argument(std::string_view data, size_t index);
// As ami_map_channel reads a Newexten.
std::optional<ChannelStep> history_step(const std::string& channel, const std::string& context, std::string_view application, std::string_view data);

}  // namespace hf::pbx
