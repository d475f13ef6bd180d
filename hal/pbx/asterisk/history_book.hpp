// All rows of a history, sorted into calls. In: rows in any order. Out: events in the order of time, a call at a time, so that no more than the calls
// of one moment are told at once.
#pragma once

#include <map>
#include <queue>
#include <string>
#include <vector>

#include "hal/pbx/asterisk/history_call.hpp"

namespace hf::pbx {

inline constexpr size_t kMaxHistoryRows = 5'000'000;  // about 2 GB; a busy centre's three months

class HistoryBook {
 public:
  // False when there are too many rows.
  [[nodiscard]] bool add(CelRow row);
  [[nodiscard]] bool add(CdrRow row);
  // Of one line of the queue_log.
  [[nodiscard]] bool add(std::vector<CallEvent> events);
  // Once, after the last row.
  void finish();

  // The next event; false at the end.
  bool next(CallEvent& out);

  bool has_cel() const { return has_cel_; }
  bool has_cdr() const { return has_cdr_; }
  bool has_queue_log() const { return known_.queue_log; }
  bool tracks_queues() const { return tracks_queues_; }        // the Queue application among them
  bool has_applications() const { return has_applications_; }  // the CEL tracks the dialplan's steps
  const HistoryCounts& counts() const { return counts_; }

 private:
  struct Later {
    bool operator()(const std::pair<CallEvent, uint64_t>& a, const std::pair<CallEvent, uint64_t>& b) const {
      return std::pair(a.first.at, a.second) > std::pair(b.first.at, b.second);
    }
  };
  bool room() { return ++rows_ <= kMaxHistoryRows; }
  void watch_restart(const CelRow& row);
  CallRows& call(const std::string& id, const std::string& linked);
  void tell(const std::string& id, const CallRows& rows);
  void push(CallEvent event) { ready_.push({std::move(event), ++sequence_}); }

  std::map<std::string, CallRows> calls_;
  std::map<std::string, std::string> linked_;             // of channels that are not their call's first
  std::vector<std::pair<std::string, CallEvent>> log_;    // of calls, until finish() knows all linked ids
  std::vector<CallEvent> floor_;                          // of the queue_log, of no call
  std::vector<std::pair<Time, std::string>> order_;       // calls by their begin
  std::priority_queue<std::pair<CallEvent, uint64_t>, std::vector<std::pair<CallEvent, uint64_t>>, Later> ready_;
  HistoryKnowledge known_;
  HistoryCounts counts_;
  size_t rows_ = 0, told_ = 0;
  uint64_t sequence_ = 0, channel_number_ = 0;
  std::vector<Time> starts_;  // of the PBX, by the CEL
  bool has_cel_ = false, has_cdr_ = false, has_applications_ = false, tracks_queues_ = false;
};

}  // namespace hf::pbx
