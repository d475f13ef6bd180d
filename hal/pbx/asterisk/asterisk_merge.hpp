// The manager stream and the queue_log of one Asterisk made into one stream. In: the events of both, each with its time. Out: every thing once, told by
// the manager as long as it is there, by the queue_log where the manager is away or silent; and how the two differ. Pure: no clock, no thread.
//
// A thing of a queue (joined, left, answered, talk over) is known by its kind, channel and queue, and by how often it happened: who tells it
// first is believed, the other's word for the same is dropped. A line of the log waits kPatience for the manager to be first.
#pragma once

#include <compare>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "hal/pbx/pbx_source.hpp"

namespace hf::pbx {

struct MergeCounts {
  uint64_t both = 0;            // told by both
  uint64_t filled_in_gap = 0;   // told by the log while the manager was away
  uint64_t manager_silent = 0;  // the manager was there, and did not tell what the log has
  uint64_t log_silent = 0;      // the log was there, and does not have what the manager told
};

class AsteriskMerge {
 public:
  // Events of one message of the manager, at or after what came before.
  void on_manager(std::vector<CallEvent> events, std::vector<CallEvent>& out);
  // Where the log is read on from, before the first event.
  void resume(Cursor from) { cursor_ = std::move(from); }
  // The lines of the queue_log that events stand for: what QueueLogMapper makes of one line stays together.
  static std::vector<std::vector<CallEvent>> lines_of(std::vector<CallEvent> events);
  // Events of one line of the queue_log, and the place behind it.
  void on_log(std::vector<CallEvent> events, Cursor behind, Time now, std::vector<CallEvent>& out);
  // What is due until `now`; to be called at next_deadline().
  void advance(Time now, std::vector<CallEvent>& out);
  std::optional<Time> next_deadline() const;

  const MergeCounts& counts() const { return counts_; }
  // Behind the last line of the log that is decided: all before it has been told or dropped.
  const Cursor& cursor() const { return cursor_; }

 private:
  enum class What : uint8_t { joined, left, connected, done, surveyed };
  struct Thing {
    What what{};
    std::string channel, queue;
    auto operator<=>(const Thing&) const = default;
  };
  struct Told {
    uint32_t by_manager = 0, by_log = 0, told = 0;
    Time last{};
    bool missed = false;  // the log's silence is counted already
  };
  struct Line {
    std::vector<CallEvent> events;
    std::vector<Thing> things;  // the last one is what the line is about
    Cursor behind;
    Time due{};
  };

  static std::optional<Thing> thing_of(const CallEventBody& body);
  void manager_up(CallEvent up, std::vector<CallEvent>& out);
  void manager_down(CallEvent down, std::vector<CallEvent>& out);
  void log_link(const CallEvent& event, std::vector<CallEvent>& out);
  bool take_manager(const CallEvent& event);
  Told& touch(const Thing& thing, Time now);
  void seen_waiting(const CallerSeen& seen, Time at);
  void learn(const CallEventBody& body);
  void decide(Line line, std::vector<CallEvent>& out);
  void fill(Line line, std::vector<CallEvent>& out);
  void end_unseen(const CallEvent& event, std::vector<CallEvent>& out);
  void forget_old(Time now);
  void emit(CallEvent event, std::vector<CallEvent>& out);

  std::map<Thing, Told> things_;
  std::deque<std::pair<Time, Thing>> by_age_;
  std::deque<Line> waiting_;                   // lines of the log, in their order
  std::map<std::string, std::string> member_of_name_;
  std::set<std::string> channels_;             // that the manager has shown and not ended
  std::map<std::string, Time> limbo_;          // channels only the log knows, out of their queue: over unless they join another
  std::optional<SourceUp> log_source_;         // set while the log is read
  MergeCounts counts_;
  Cursor cursor_;
  Time last_{}, manager_since_{};
  bool manager_is_up_ = false;
};

}  // namespace hf::pbx
