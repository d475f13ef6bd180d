// How the load signals are told: findings from the picture of one queue. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/detect/catalogue.hpp"
#include "agent/detect/finding.hpp"
#include "agent/detect/queue_load.hpp"

namespace hf::detect {

std::string_view signal_of(LoadCause cause);

// The cause in figures: talks_longer, members_missing or arrivals_up.
Finding load_finding(LoadCause cause, FindingKind kind, const std::string& queue, const QueueLoad& load, Time now);
// That callers suffer from it: callers_pile_up.
Finding pile_up(LoadCause cause, const std::string& queue, const QueueLoad& load, Time now);
// Waits longer than load and staff explain, for days: waits_drift.
Finding drift_finding(const std::string& queue, const QueueLoad& load, Time now);
Finding drift_cleared(const std::string& queue, Time now);
Finding load_cleared(LoadCause cause, const std::string& queue, Time now);

// What the load signals of one queue read now.
void load_readings(const std::string& queue, const QueueLoad& load, std::vector<Reading>& out);

}  // namespace hf::detect
