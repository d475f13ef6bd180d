// How the box's budget of false alarms, one episode in 30 days, is shared out. Pure functions.
//
// Half of it belongs to the signals of a hold and a dead queue, which state their own bounds (README), half to the load
// signals: in a month of one busy queue a quarter of an episode each to talks, members and arrivals together with the
// drift. Between queues it is shared by their callers: a queue with a share s of all callers needs ln(1 / s) nats more
// than the only queue of a box would (union bound), so that a box with forty queues keeps the same promise.
#pragma once

namespace hf::detect {

// Nats that a queue needs beyond those of an only queue. `own` and `all`: callers of a usual day; less than one counts
// as one. 0 to 8.
double share_nats(double own, double all);

}  // namespace hf::detect
