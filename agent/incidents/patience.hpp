// How long callers would have waited. In: waits that ended with an answer or a hang-up. Out: a patience for each. Pure.
#pragma once

#include <vector>

#include "agent/incidents/shares.hpp"

namespace hf::incidents {

// Who hung up had the patience that he showed. Who was answered has one beyond his wait: a quantile of the Kaplan-Meier
// estimate (Journal of the American Statistical Association 53:457-481, 1958) given that he waited so long, the level
// spread evenly over the calls (golden ratio) instead of drawn. Beyond the longest hang-up patience has no end.
std::vector<double> patience_of(const std::vector<SeenCall>& calls);

}  // namespace hf::incidents
