// Signal "trunk_failure": calls of a trunk end for want of a way through. In: TrunkLegEnded. Out: a Finding per trunk,
// one per trunk that works again (with the trunk), one without trunks when the last does. Owned by SideSignals.
// Limit: 64 trunks.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "agent/calls/call.hpp"
#include "agent/detect/catalogue.hpp"
#include "agent/detect/finding.hpp"

namespace hf::detect {

// A call fails that ends with Q.850 cause 34, 38, 41, 42, 44, 47 or 102 (no circuit, network out of order, temporary
// failure, congestion, channel or resource not available, timer: the network or the trunk, never the number dialled),
// or that was dialled and found no way.
// CUSUM (Page 1954) of a share of failures of one half against the trunk's own p0 = (0.5 + failed) / (50 + calls),
// learnt while nothing points to a failure; it stands at 13.2 nats with 4 failures over kSpan, and is over at 7 the
// other way round.
class TrunkFailures {
 public:
  static constexpr double kStands = 13.2, kOver = 7, kFailing = 0.5;
  static constexpr uint32_t kFewest = 4;
  static constexpr Duration kSpan = std::chrono::seconds(30);

  void on(const calls::Change& change, std::vector<Finding>& out);
  void readings(std::vector<Reading>& out) const;

  template <class A>
  void fields(A& a) {
    a("trunks", trunks_);
  }

 private:
  struct Trunk {
    uint32_t calls = 0, failed = 0;    // while nothing points to a failure
    uint32_t run = 0, run_failed = 0;  // since the sum last left 0
    double nats = 0, back = 0;
    Time since{}, worked{};  // first failure of the run; last call that got through
    bool stands = false;
    template <class A>
    void fields(A& a) {
      a("calls", calls), a("failed", failed), a("run", run), a("run_failed", run_failed), a("nats", nats),
          a("back", back), a("since", since), a("worked", worked), a("stands", stands);
    }
  };
  static double usual(const Trunk& trunk);
  void step(const std::string& id, Trunk& trunk, bool failed, Time at, std::vector<Finding>& out);
  void let_go(const std::string& id, Trunk& trunk, Time at, std::vector<Finding>& out);

  std::map<std::string, Trunk> trunks_;
};

// The network's or the trunk's fault.
bool is_trunk_cause(uint16_t q850);

}  // namespace hf::detect
