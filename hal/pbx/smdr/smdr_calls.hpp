// Call records become calls: the records of one call are joined. In: records in the order in which they were printed. Out: one CallRecorded a call.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "hal/pbx/smdr/smdr_line.hpp"
#include "hal/platform/shortlex.hpp"

namespace hf::pbx {

// When the call of a record was over, by the PBX's clock; to the minute where it prints no seconds. Nothing when it tells no time.
std::optional<Time> over_at(const SmdrRecord& record);

class SmdrCalls {
 public:
  // `at`: when the record came; `id`: the call's, for PBXs that tell none. Appends the calls that are over with it.
  void take(const SmdrRecord& record, const std::string& id, Time at, std::vector<CallEvent>& out);
  // Calls of which no further record came for two hours are over.
  void advance(Time now, std::vector<CallEvent>& out);
  size_t open() const { return open_.size(); }

 private:
  struct Open {
    CallRecorded call;
    std::optional<Time> end;  // by the PBX's clock, if told to the second
    Time last{};
  };
  void close(IdMap<Open>::iterator at, Time when, std::vector<CallEvent>& out);

  IdMap<Open> open_;
};

}  // namespace hf::pbx
