// The book of incidents: joins findings over time into one incident each, with lines, evidence, figures and an end. In:
// Findings in order. Out: every incident that changed, as it then stands. Pure; owned and driven by the core's one
// loop. Closed incidents leave the book: the store keeps them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "agent/detect/finding.hpp"
#include "agent/incidents/incident.hpp"
#include "hal/platform/state_archive.hpp"

namespace hf::incidents {

class Book {
 public:
  // `site_epoch`: the journal's epoch; it goes into the ids, so that two journals never share one.
  explicit Book(std::string site_epoch) : epoch_(std::move(site_epoch)) {}

  // Takes the findings of one moment. Appends each incident that they opened, changed or closed, once, its revision one
  // higher.
  void on(const std::vector<detect::Finding>& findings, std::vector<Incident>& changed);
  void on(const detect::Finding& finding, std::vector<Incident>& changed) { on(std::vector{finding}, changed); }
  // False: no such open incident. Acknowledging twice keeps the first.
  bool acknowledge(const std::string& id, const std::string& user, Time at, std::vector<Incident>& changed);
  // Sets what explains an open incident; one that is not open is passed over. With `news` it is a change of its own: the
  // revision rises and the incident is appended.
  void explain(const std::string& id, std::vector<Evidence> chain, std::optional<Shares> shares, bool news, std::vector<Incident>& changed);
  // Remembers the declared change that an open incident began in.
  void mark_declared(const std::string& id, const std::string& change);
  // By id.
  const std::map<std::string, Incident>& open() const { return open_; }

  void save(StateSaver& out) const;
  [[nodiscard]] bool load(StateLoader& in);
  template <class A>
  void fields(A& a) {
    a("epoch", epoch_), a("open", open_), a("current", current_);
  }

 private:
  // Returns the id of the incident that the finding changed; empty = none.
  std::string take(const detect::Finding& finding);
  std::string explained_better(const detect::Finding& finding, Kind kind) const;  // its key; empty: none
  bool take_over(const detect::Finding& finding, Kind kind);
  Incident* find(const detect::Finding& finding, Kind kind);
  const std::string& begin(const detect::Finding& finding, Kind kind);
  static bool close(const detect::Finding& finding, Incident& incident);

  std::string epoch_;
  std::map<std::string, Incident> open_;
  std::map<std::string, std::string> current_;  // kind, and the queue of a dead one; "load" and the queue -> id
};

// The kind that the findings of a signal belong to; unknown for a signal that only adds evidence to an artificial hold.
Kind kind_of_signal(std::string_view signal);
// Three template ids of evidence_words.
std::vector<std::string> first_checks(Kind kind);

}  // namespace hf::incidents
