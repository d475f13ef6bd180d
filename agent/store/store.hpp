// What the pages ask for: minutes, ended calls, agents' intervals, incidents. All of it follows from the journal and can be made again.
// In: the core's output, with the journal's number it follows from. Out: ranges. One file of its own (derived.db); safe from any thread,
// one call at a time.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "agent/calls/call.hpp"
#include "agent/incidents/incident.hpp"
#include "agent/metrics/minute.hpp"
#include "agent/metrics/survey_sum.hpp"
#include "agent/metrics/voice_sum.hpp"
#include "agent/rules/firing.hpp"
#include "hal/platform/files.hpp"
#include "hal/platform/result.hpp"
#include "hal/platform/sqlite.hpp"

namespace hf::store {

// How far the journal has been applied. When it is of another epoch or core, or beyond the journal's end, the app must wipe() and rebuild.
struct Applied {
  uint64_t epoch = 0;
  uint64_t sequence = 0;     // 0 = nothing yet
  std::string core_version;
  bool operator==(const Applied&) const = default;
};

struct Derived {  // what the core made of some entries
  std::span<const metrics::Minute> minutes;
  std::span<const calls::Call> calls;            // ended
  std::span<const calls::AgentInterval> agents;  // closed
  std::span<const incidents::Incident> incidents;
  std::span<const rules::Firing> firings = {};
  std::span<const metrics::SurveySum> surveys = {};  // whole quarters: each takes the place of the one before
  std::span<const metrics::VoiceSum> voice = {};     // the same
};

struct MinuteRange {
  metrics::Scope scope{};
  std::string id;
  Time from{}, to{};                  // [from, to)
  std::chrono::minutes step{1};       // minutes are merged into steps that begin at multiples of it since 1970
};

struct CallRange {
  Time from{}, to{};                  // of the arrival: [from, to)
  std::optional<std::string> line{};  // unset = any
  size_t limit = 1000;                // the latest ones are given
};

struct IncidentRange {
  bool open_only = false;
  std::optional<Time> from{}, to{};   // of the onset: [from, to)
  size_t limit = 100;
};

struct FiringRange {
  std::optional<std::string> rule{};  // unset = any
  std::optional<Time> from{}, to{};   // of the opening: [from, to)
  size_t limit = 100;
};

struct Retention {
  std::chrono::days minutes{90};      // as minutes; then as quarters of an hour
  std::chrono::days quarters{400};    // then as hours
  std::chrono::days hours{1200};      // then gone
  std::chrono::days calls{400};       // calls and agents' intervals
  std::chrono::days incidents{1200};  // closed ones, and firings of rules
};

class Store {
 public:
  // Creates the file when there is none. A damaged one is moved aside (set_aside() tells where) and an empty one begun: rebuild it from the
  // journal. Fails with unsupported (a newer program's file), denied, io.
  static Result<Store> open(const Path& path);
  const std::optional<std::string>& set_aside() const { return set_aside_; }

  Result<Applied> applied();
  // All of it or nothing, together with the new mark. What is there already is replaced when its revision is not higher.
  Status apply(const Applied& mark, const Derived& derived);
  // Empties it. Nothing of the old content stays in the file.
  Status wipe();
  // Calls and agents' intervals go, and nothing of them stays in the file; minutes and incidents, which know no person, stay. They come
  // back from the journal, as it is then, when its entries are applied again from the first.
  Status forget_people();

  // By start, one a step; a step without any minute is left out.
  Result<std::vector<metrics::Minute>> minutes(const MinuteRange& range);
  // Answered waits of the range together, for baselines and charts.
  Result<metrics::WaitHistogram> answered_waits(metrics::Scope scope, const std::string& id, Time from, Time to);
  // Queues or lines that have minutes, in order.
  Result<std::vector<std::string>> ids(metrics::Scope scope);

  Result<std::vector<calls::Call>> calls(const CallRange& range);  // by arrival
  // Intervals that began in [from, to), in order; `limit` of the latest.
  Result<std::vector<calls::AgentInterval>> agents(Time from, Time to, size_t limit);

  Result<std::vector<incidents::Incident>> incidents(const IncidentRange& range);  // newest onset first
  Result<incidents::Incident> incident(std::string_view id);                      // not_found

  Result<std::vector<rules::Firing>> firings(const FiringRange& range);  // newest opening first

  // Sums of quarters of an hour that begin in [from, to), by start.
  Result<std::vector<metrics::SurveySum>> surveys(Time from, Time to);
  Result<std::vector<metrics::VoiceSum>> voice(Time from, Time to);

  // Rolls up and removes what is older than told. Works in slices; true when there is more to do, so that the disk is never kept long.
  Result<bool> tidy(Time now, const Retention& retention);

 private:
  Store(sqlite::Database database, Path path, std::optional<std::string> set_aside);
  static Result<sqlite::Database> open_file(const Path& path);
  Status put(const Applied& mark, const Derived& derived);
  Status put_minutes(std::span<const metrics::Minute> minutes);
  Status put_calls(std::span<const calls::Call> calls);
  Status put_agents(std::span<const calls::AgentInterval> agents);
  Status put_incidents(std::span<const incidents::Incident> incidents);
  Status put_firings(std::span<const rules::Firing> firings);
  Status put_surveys(std::span<const metrics::SurveySum> surveys);
  Status put_voice(std::span<const metrics::VoiceSum> voice);
  Result<bool> roll_up(std::chrono::minutes grain, Time before);
  Status roll_up_of(metrics::Scope scope, const std::string& id, std::chrono::minutes grain, Time before, bool& more);
  Result<std::vector<std::string>> ids_of(metrics::Scope scope);

  std::unique_ptr<std::mutex> mutex_ = std::make_unique<std::mutex>();
  std::optional<sqlite::Database> database_;
  Path path_;
  std::optional<std::string> set_aside_;
};

}  // namespace hf::store
