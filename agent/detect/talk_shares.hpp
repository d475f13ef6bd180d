// Signals "short_answers", "hold_in_talk", "transfer_ping_pong", "transfers", "missed_offers": a share of a queue's
// talks, or of its offers, that rises. In: Changes. Out: a Finding when one of the first three comes to stand or is
// over; readings of all. Owned by SideSignals. Limit: 256 queues.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "agent/calls/tracker.hpp"
#include "agent/detect/catalogue.hpp"
#include "agent/detect/finding.hpp"
#include "agent/detect/share_watch.hpp"

namespace hf::detect {

// What counts:
//   short_answers       a talk under 10 s that the agent ended, and did not transfer
//   hold_in_talk        60 s on hold or more, and half of the talk or more
//   transfer_ping_pong  moved three times or more
//   transfers           moved
//   missed_offers       an offer that was missed or refused, of all offers
class TalkShares {
 public:
  static constexpr Duration kShort = std::chrono::seconds(10), kLongHold = std::chrono::seconds(60);
  static constexpr uint32_t kPingPong = 3;

  void on(const calls::Change& change, bool channels_told, std::vector<Finding>& out);
  void readings(std::vector<Reading>& out) const;

  template <class A>
  void fields(A& a) {
    a("queues", queues_);
  }

 private:
  static constexpr size_t kSignals = 5;
  using Watches = std::array<ShareWatch, kSignals>;
  void step(const std::string& queue, size_t signal, bool hit, Time at, std::vector<Finding>& out);
  std::map<std::string, Watches> queues_;
};

}  // namespace hf::detect
