// Stitches events into calls and agents' states. In: CallEvents in journal order. Out: Changes, and the live picture.
// Pure: owned and driven by the core's one loop; knows no clock. All state is in fields(): saved, loaded, compared by bytes.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/calls/call.hpp"
#include "agent/calls/oddities.hpp"
#include "agent/calls/site_model.hpp"
#include "hal/platform/shortlex.hpp"
#include "hal/platform/state_archive.hpp"

namespace hf::calls {

struct AgentNow {
  std::string agent, name, queue;
  AgentState state = AgentState::unknown;
  Time since{};
  uint32_t penalty = 0;
  uint32_t misses = 0;         // offers missed or refused in a row
  std::string pause_reason;
};

struct QueueNow {
  std::string queue;
  uint32_t waiting = 0;
  std::optional<uint32_t> free;       // really free members; unset = unknown
  std::optional<uint32_t> shown_free; // as the PBX shows them: not paused, not in use
  std::optional<uint32_t> staffed;    // logged in and not paused, whatever they do now
  std::optional<uint32_t> present;    // neither logged out, paused nor unavailable
  std::optional<uint32_t> busy;       // talking, on hold or wrapping up for this queue
};

// A member who could take a call of its queue now, as long as no event comes: the name belongs to the tracker.
struct FreeMember {
  std::string_view agent;
  Time since{};
};

class Tracker {
 public:
  Tracker();
  ~Tracker();
  Tracker(Tracker&&) noexcept;
  Tracker& operator=(Tracker&&) noexcept;

  void set_site_model(const SiteModel& model);
  // Appends what changed. Never fails: an event that contradicts what is known is believed and counted (oddities), one
  // from the past is taken
  // when it comes, or at `not_before`.
  void on(const pbx::CallEvent& event, std::vector<Change>& out, Time not_before = Time{});
  // Moves time without an event (ends of wrap-up, calls to be given up). advance(a), advance(b) equals advance(b).
  void advance(Time to, std::vector<Change>& out);
  std::optional<Time> next_deadline() const;

  // Calls not yet ended, by id.
  const IdMap<Call>& open_calls() const;
  // Waits for a person now: open, not connected, not in self-service alone.
  static bool waiting(const Call& call);
  // The queue that `line` leads to: the site model's word, else where most of its answered calls were answered; empty = not known yet.
  const std::string& queue_of_line(const std::string& line) const;
  std::vector<QueueNow> queues() const;
  std::optional<QueueNow> queue(const std::string& id) const;
  std::vector<AgentNow> agents() const;
  // Appends those whom QueueNow::free counts; none where agents' states are not known.
  void free_members(const std::string& queue, std::vector<FreeMember>& out) const;
  // Logged in to the queue and not paused, as far as the source tells of log-ins; also where it does not tell who is free.
  std::optional<uint32_t> logged_in(const std::string& queue) const;
  // The same with those who are paused.
  std::optional<uint32_t> members(const std::string& queue) const;
  // The agents' intervals that have not ended (`to` unset).
  std::vector<AgentInterval> open_intervals() const;
  // Grows whenever queues(), agents(), open_calls() or observing() may answer differently than before.
  uint64_t version() const;
  // The same for the agents of queues alone, and which queues those are: all of them when `since` is too long ago to know.
  uint64_t floor_version() const;
  std::vector<std::string> queues_changed_since(uint64_t since) const;
  // Grows whenever waiting() may answer differently without a Change that tells so: steps into self-service and out of
  // it. No state: after load() it begins anew.
  uint64_t waits_version() const;
  bool observing() const;        // a source is up
  const pbx::SourceUp& source() const;  // what it can tell
  const Oddities& oddities() const;

  void save(StateSaver& out) const;
  [[nodiscard]] bool load(StateLoader& in);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hf::calls
