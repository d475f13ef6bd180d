// Alarms against what was really the matter. In: raised alarms and the labelled incidents of a folder. Out: per kind
// how many were found, how late, with the right cause, and the false episodes. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "agent/incidents/incident.hpp"
#include "hal/platform/result.hpp"

namespace hf::app {

// What would page somebody: an incident was opened, a further queue named in it, or its name changed. Seconds since local
// midnight.
struct Alarm {
  std::chrono::sys_days date{};
  std::chrono::seconds second{};
  std::string queue;
  incidents::Kind kind{};
  incidents::Kind last{};  // the incident's name when it was closed
};

struct TrueIncident {
  std::string kind, queue;  // kind as the data names it: "hp_hold_idle"
  std::chrono::sys_days date{}, date_end{};
  std::chrono::seconds t0{}, t1{}, t_end_effect{};
};
struct Truth {
  std::string part;
  uint32_t days = 0;
  std::vector<TrueIncident> incidents;
};

// truth.json of the folder. not_found, io; invalid_input names the file and the field.
Result<Truth> read_truth(const std::filesystem::path& path);

// The cause that an incident of the data has; unset for one that is no incident ("null": a control).
std::optional<incidents::Kind> cause_of(const std::string& kind);

struct Episode {
  std::chrono::sys_days date{};
  std::string queue;
  std::chrono::seconds begins{}, ends{};
  incidents::Kind kind{}, last{};  // of its first alarm: as told, and when its incident was closed
};
// Alarms of one queue and day at most `merge` apart are one episode; in order of date, queue and time.
std::vector<Episode> episodes(std::vector<Alarm> alarms, std::chrono::seconds merge = std::chrono::minutes(30));

struct KindScore {
  std::string kind;
  uint32_t of = 0, found = 0, right = 0;  // right: of those found, by the kind that was told first
  uint32_t right_last = 0;                // by the kind when the incident was closed
  std::vector<std::chrono::seconds>
      delays;                     // ascending; of wait_drift: whole days from its first day on, the first being 1
  std::vector<std::string> told;  // the wrong causes
};
struct Score {
  std::vector<KindScore> kinds;  // in the order of the truth
  std::vector<Episode> wrong;    // false episodes
  uint32_t neutral = 0;          // stood already when the incident began, or began in its aftermath
};
// An incident is found when an episode begins inside [t0, t1] of its queue and day (a drift: on any of its days). One
// that begins up to 30 min after its effect ended, or that stands when it begins, is neither right nor wrong.
// `working`: days that count for a drift's delay (all if empty), ascending.
Score score(const Truth& truth, const std::vector<Alarm>& alarms, const std::vector<std::chrono::sys_days>& working);

}  // namespace hf::app
