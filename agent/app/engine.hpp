// The one loop and the one order: what arrives is journalled, then thought about, then handed on. In: the inbox. Out: outlets.
// Everything below runs on the thread that calls run(); other threads reach it through Inbox::post().
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "agent/app/entries.hpp"
#include "agent/app/inbox.hpp"
#include "agent/core/core.hpp"
#include "agent/journal/journal.hpp"
#include "hal/platform/clock.hpp"

namespace hf::app {

// Takes what the core made known, after the journal entries that it rests on are on the disk. After a kill the same output comes again:
// taking it twice must change nothing. What an outlet could not take is handed to it again with the next output.
class Outlet {
 public:
  virtual ~Outlet() = default;
  // `sequence`: the last journal entry behind this output.
  virtual Status take(const CoreOutput& output, uint64_t sequence) = 0;
  // The last sequence that was taken and is durable; an outlet that need not be rebuilt says UINT64_MAX.
  virtual uint64_t taken() const { return UINT64_MAX; }
};

struct EngineHealth {
  std::string journal_problem;  // empty = fine; "journal-...: disk full"
  std::string outlet_problem;
  Time problem_since{};
  std::optional<Time> committed;
  std::vector<std::string> damage;  // what the journal found broken since the start, at most 100 messages
};

struct EngineOptions {
  bool live = true;                                   // time goes on without events
  uint64_t snapshot_entries = 100'000;                // a snapshot after so many entries
  std::chrono::minutes snapshot_time{15};             // or after so long
  std::chrono::milliseconds gather{250};              // events are committed within this and one fsync
};

// Under which the journal keeps where the source of a PBX can go on.
std::string cursor_name(const std::string& pbx);

class Engine {
 public:
  // Replays and the simulator's back-fill (not live) have their own time until they catch up with the clock.
  Engine(journal::Journal journal, const Clock& clock, Inbox& inbox, std::vector<Outlet*> outlets, EngineOptions options);

  // Rebuilds the core from the last snapshot and the tail, or from the first entry when there is none or an outlet lacks more.
  Status recover();
  // Until the inbox is closed; then saves a snapshot and closes the journal.
  Status run();

  // --- on the loop's thread only
  const Core& core() const { return core_; }
  journal::Journal& journal() { return journal_; }
  const calls::SiteModel& site_model() const { return site_model_; }
  EngineHealth health() const { return health_; }
  Time now() const { return core_.now(); }
  // What a site begins with: journalled with the first event, at its time, since a back-fill or a replay begins in the past.
  void begin_with(calls::SiteModel model) { first_model_ = std::move(model); }
  // Durable when it returns; then the core has taken it.
  Status set_site_model(const calls::SiteModel& model);
  Status acknowledge(const std::string& incident, const std::string& user);  // not_found
  // Rules, hypotheses, declared changes: durable when it returns. What is set without an id gets the next one; returns the id.
  // Errors as rules::Book::check(), or of the journal.
  Result<std::string> act(rules::Action action);
  // A synthetic entry takes the way that events take: journal and fsync, read back, core, outlets. What fails is told by health().
  void pulse();
  // Retention: the oldest days go, once a snapshot stands behind them.
  void keep_up(const journal::Limits& limits);

 private:
  void turn(Inbox::Taken taken);
  void run_jobs();
  void commit(std::vector<SourceBatch> batches);
  bool append_until_done(const std::vector<journal::Entry>& entries, const std::vector<journal::Cursor>& cursors);
  Status append_once(const std::vector<journal::Entry>& entries, const std::vector<journal::Cursor>& cursors);
  bool too_much_held() const;
  Status apply(const Input& input, Time at);
  void hand_on();
  void save_snapshot();
  void watch_clock();
  void tell_damage();
  Time now_for_notes() const;
  Time stamp(Time at) const;

  journal::Journal journal_;
  const Clock& clock_;
  Inbox& inbox_;
  std::vector<Outlet*> outlets_;
  EngineOptions options_;
  bool following_;             // the clock moves the core's time
  Core core_;
  CoreOutput output_;
  std::vector<std::function<void()>> jobs_;  // taken from the inbox, not yet run
  calls::SiteModel site_model_;
  std::optional<calls::SiteModel> first_model_;
  EngineHealth health_;
  std::vector<journal::Loss> losses_;  // not yet noted in the journal
  uint64_t applied_ = 0;       // last sequence that the core took
  uint64_t snapshot_at_ = 0;
  Time snapshot_time_{};
  std::optional<std::pair<Time, SteadyTime>> clocks_;
};

}  // namespace hf::app
