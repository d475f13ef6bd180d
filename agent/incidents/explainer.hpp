// Why an incident is: its chain and the shares of its extra wait, kept up to date. In: changes, closed minutes, the
// incidents that changed. Out: the same incidents, explained. Pure; owned and driven by the core's one loop. Costs
// something only when a call ends, a minute closes or an incident changes.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "agent/calls/tracker.hpp"
#include "agent/detect/load_watch.hpp"
#include "agent/detect/ways.hpp"
#include "agent/incidents/book.hpp"
#include "agent/incidents/chain.hpp"
#include "agent/incidents/floor_record.hpp"

namespace hf::incidents {

class Explainer {
 public:
  void on(const calls::Change& change, const calls::Tracker& tracker, const detect::Ways& ways);
  // To be called at each step's end with what it made known. Explains the incidents in `changed` and those in the book;
  // every five minutes, later when a twentieth of an incident is new, the shares of the open ones are worked out anew,
  // and appended to `changed` when they moved.
  void on(const std::vector<metrics::Minute>& closed, const calls::Tracker& tracker, const detect::Ways& ways,
          const detect::LoadWatch& load, Time now, Book& book, std::vector<Incident>& changed);

  template <class A>
  void fields(A& a) {
    a("queues", queues_), a("happenings", happenings_), a("shared", shared_);
  }

 private:
  static constexpr size_t kQueues = 256;  // further ones are not recorded

  struct Now {  // what is known beside the records
    const calls::Tracker& tracker;
    const detect::Ways& ways;
    const detect::LoadWatch& load;
    Time at{};
  };
  std::optional<Shares> shares(const Incident& incident, const Now& now) const;
  void explain(Incident& incident, const Now& now, Book& book);
  void refresh(const Now& now, Book& book, std::vector<Incident>& changed);

  std::map<std::string, FloorRecord> queues_;
  Happenings happenings_;
  std::map<std::string, Time> shared_;  // open incidents: when their shares were last worked out
};

}  // namespace hf::incidents
