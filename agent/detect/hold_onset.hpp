// When an artificial hold began. Pure.
#pragma once

#include <map>
#include <string>

#include "agent/detect/hold_case.hpp"

namespace hf::detect {

// point: the PBX's configuration was reloaded inside the interval, else the first held caller's arrival (= high). low:
// the arrival of the last caller of the named lines who still went straight on; in a partial roll-out, where some go
// straight on under the policy too, the k-th last, with chance_of_run(held, straight, k) < 0.05. Before any such
// caller: `started`, the begin of the observation.
struct Onset {
  Time point{}, low{}, high{};
};
// `straight_run`: callers in a row who went straight on at the end; they tell of the end, not of the share.
Onset hold_onset(const std::map<std::string, HeldLine>& named, uint32_t straight_run, const Ways& ways, Time now,
                 Time started, std::optional<Time> configured);

}  // namespace hf::detect
