// The whole of what Holdfast thinks, in one object without a clock: each PBX of the site by itself, and what is said of all of them, in one order.
// In: journal entries in sequence order. Out: what became known. The same core follows live PBXs, reads a capture and rebuilds after a kill.
// Two cores that took the same entries are equal byte by byte (save()).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "agent/core/core_output.hpp"
#include "agent/core/pbx_core.hpp"
#include "agent/rules/book.hpp"

namespace hf::app {

// Goes up whenever the meaning of the saved state or of a result changes: snapshots of another version are not read.
inline constexpr uint32_t kCoreVersion = 22;

class Core {
 public:
  // By name; the one without a name is always there, and comes first.
  using Pbxs = std::map<std::string, PbxCore, std::less<>>;

  // `epoch`: the journal's, part of incident ids.
  explicit Core(uint64_t epoch);

  void set_site_model(Time at, const calls::SiteModel& model, CoreOutput& out);
  // For experiments, before the first event: other numbers than the ones that the box runs with. Not part of the state.
  void set_parameters(const detect::Parameters& parameters);
  // Moves time to event.at first. An event older than the core's time is taken at the core's time. A PBX not heard before begins here.
  void on(const pbx::CallEvent& event, CoreOutput& out);
  // False when there is no such open incident.
  bool acknowledge(Time at, const std::string& incident, const std::string& user, CoreOutput& out);
  // A rule, hypothesis or declared change is set, snoozed or goes. The error of rules::Book::check(), and then nothing changes.
  Status act(Time at, const rules::Action& action, CoreOutput& out);
  // Everything that is due until `to` happens at its own time. advance(a), advance(b) equals advance(b).
  void advance(Time to, CoreOutput& out);

  Time now() const { return now_; }
  const Pbxs& pbxs() const { return pbxs_; }
  // The PBX that the core knows by this name; for a name that it does not know, the one without a name.
  const PbxCore& pbx(std::string_view name = {}) const;
  const rules::Book& rules() const { return rules_; }
  // Incidents that stand open, of all PBXs, by id; in the ids of the site.
  std::map<std::string, incidents::Incident> open_incidents() const;

  std::string save() const;
  [[nodiscard]] bool load(std::string_view bytes);

 private:
  PbxCore& pbx_for(const std::string& name);
  void make_known(const PbxCore& pbx, Step&& step, size_t ended, size_t agents, CoreOutput& out);
  void number(Step&& step, CoreOutput& out);
  std::optional<Time> next_deadline() const;

  std::string epoch_;
  Time now_{};
  uint64_t steps_ = 0;
  calls::SiteModel model_;
  detect::Parameters parameters_;
  Pbxs pbxs_;
  rules::Book rules_;
};

}  // namespace hf::app
