// What the load driver of a recorded run did about waits: when the policy was laid on which lines, and whom it held.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "hal/platform/time.hpp"

namespace hf::golden {

struct PolicyTruth {
  std::optional<Time> began, withdrawn;           // unset: no policy in this run
  std::map<std::string, std::vector<Time>> held;  // line -> arrivals of the callers under it, in order
  std::optional<Time> last_held_ended;
  std::optional<Time> phones_refused;  // "do not disturb" was switched on
  size_t held_long = 0;                // held callers who stayed for 10 s or longer
  Time first_held() const;
};

PolicyTruth read_policy_truth(const std::string& capture_folder);

}  // namespace hf::golden
