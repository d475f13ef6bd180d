// How long does it usually take on a line from arrival to the queue? In: finished ways in. Out: the time that nobody
// need be surprised at: beyond it a caller is made to wait. An imposed wait must not teach itself as usual, so what
// lies far beyond the usual is not learnt.
#pragma once

#include <map>
#include <string>

#include "agent/calls/site_model.hpp"
#include "agent/metrics/minute.hpp"

namespace hf::metrics {

class WayIn {
 public:
  void set_site_model(const calls::SiteModel& model);
  void learn(const std::string& line, Duration from_arrival_to_queue);
  // The 95th percentile of the line's own ways in, at least the legal notice; a minute while fewer than five are known.
  Duration usual(const std::string& line) const;

  template <class A>
  void fields(A& a) {
    a("learnt", learnt_), a("notices", notices_);
  }

 private:
  std::map<std::string, WaitHistogram> learnt_;
  std::map<std::string, Duration> notices_;
};

}  // namespace hf::metrics
