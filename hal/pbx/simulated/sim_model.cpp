#include "hal/pbx/simulated/sim_model.hpp"

#include "hal/pbx/simulated/sim_world.hpp"

namespace hf::pbx {

SimModel::SimModel(const SimOptions& options, Time start, Time live) : world_(std::make_unique<SimWorld>(options, start, live)) {}
SimModel::~SimModel() = default;
SimModel::SimModel(SimModel&&) noexcept = default;
SimModel& SimModel::operator=(SimModel&&) noexcept = default;

std::optional<CallEvent> SimModel::next(Time limit) { return world_->next(limit); }
Time SimModel::next_at() const { return world_->next_at(); }
void SimModel::reconnect(Time at) { world_->appear(at); }
void SimModel::show_picture(Time at) { world_->show_picture(at); }
const SimTruth& SimModel::truth() const { return world_->truth(); }

}  // namespace hf::pbx
