// What happened, in order: the changes seen before an incident, its onset, its signals, its end. In: changes, minutes,
// and the incident. Out: links with times, for the incident. Pure; the last 64 happenings are kept.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "agent/calls/call.hpp"
#include "agent/incidents/incident.hpp"
#include "agent/metrics/minute.hpp"

namespace hf::incidents {

// A happening is an Evidence of one of the templates of chain_words: chain_reload, chain_source_lost, chain_source_back
// {gap_s}, chain_pbx_restart {gap_s}, chain_staff_down and chain_staff_up {from, to}, chain_incident {kind}.
struct Happening {
  std::string queue;     // empty: of the whole PBX
  std::string incident;  // chain_incident: which
  Evidence link;
  template <class A>
  void fields(A& a) {
    a("queue", queue), a("incident", incident), a("link", link);
  }
};

class Happenings {
 public:
  void on(const calls::Change& change);
  // Members come or go in numbers: at least two and a quarter of them between minutes at most five apart.
  void on(const metrics::Minute& minute);
  // Another incident opened.
  void on(const Incident& opened);
  const std::deque<Happening>& all() const { return all_; }

  template <class A>
  void fields(A& a) {
    a("all", all_), a("staff", staff_);
  }

 private:
  void add(Happening happening);

  std::deque<Happening> all_;
  std::map<std::string, std::deque<double>> staff_;  // by queue: the last minutes' members, at most six
};

// The incident's links, oldest first, at most 16: what happened to its queues or the whole PBX from half an hour before
// the earliest onset on, the onset, each signal when it first spoke (kept from `incident.chain`), the end.
std::vector<Evidence> chain_of(const Incident& incident, const Happenings& happenings);

}  // namespace hf::incidents
