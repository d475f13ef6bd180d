// A contact centre that lives in a seed: a discrete-event simulation of callers, queues and agents behind one PBX.
// In: options, a start and the moment when life begins. Out: the CallEvents its PBX would have given through the AMI mapper, in time order.
// Pure and deterministic: the same arguments give the same events; knows no clock.
#pragma once

#include <memory>
#include <optional>

#include "hal/pbx/call_event.hpp"
#include "hal/pbx/simulated/sim_site.hpp"
#include "hal/pbx/simulated/sim_truth.hpp"

namespace hf::pbx {

class SimModel {
 public:
  // The first events tell SourceUp, PbxLife and the picture at `start`. The scenario sets in at `live` + options.onset.
  SimModel(const SimOptions& options, Time start, Time live);
  ~SimModel();
  SimModel(SimModel&&) noexcept;
  SimModel& operator=(SimModel&&) noexcept;

  // The next event that happens at or before `limit`; none = nothing more until then. Times grow strictly.
  std::optional<CallEvent> next(Time limit);
  // No event comes before this.
  Time next_at() const;
  // An observer that was away connects: events not yet pulled are dropped; SourceUp, PbxLife and the picture at `at` follow.
  void reconnect(Time at);
  // A picture (queues, then channels) of the moment `at` follows.
  void show_picture(Time at);
  const SimTruth& truth() const;

 private:
  std::unique_ptr<class SimWorld> world_;
};

}  // namespace hf::pbx
