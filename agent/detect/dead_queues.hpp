// Signal "dead_queue": callers come, wait and leave, and nobody is there who could answer. In: joins, leaves, answers.
// Out: a Finding per queue, one that it is over. Never an artificial hold: there is nobody to spare. Owned by the
// Detector. Limit: 256 queues.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/calls/tracker.hpp"
#include "agent/detect/catalogue.hpp"
#include "agent/detect/finding.hpp"

namespace hf::detect {

// A queue is dead when kCallers callers waited kWait or longer in it since its last answer, or wait so now, on lines
// that lead nowhere else, none of them went on to another queue, and for kNobody no member has been there: logged in,
// unpaused and with a phone that can be reached (the source must be able to tell). It lives again at an answer, or when
// somebody has been there for kBack.
class DeadQueues {
 public:
  static constexpr uint32_t kCallers = 3;
  static constexpr Duration kWait = std::chrono::seconds(60);
  static constexpr Duration kNobody = std::chrono::minutes(5);
  static constexpr Duration kBack = std::chrono::minutes(2);

  void on(const calls::Change& change, const calls::Tracker& tracker, std::vector<Finding>& out);
  void tick(Time now, const calls::Tracker& tracker, std::vector<Finding>& out);
  bool watching() const { return watching_; }
  bool stands(const std::string& id) const {
    const auto known = queues_.find(id);
    return known != queues_.end() && known->second.stands_since;
  }
  // One per queue: callers who gave up since the last answer.
  void readings(std::vector<Reading>& out) const;

  template <class A>
  void fields(A& a) {
    a("queues", queues_), a("watching", watching_);
  }

 private:
  struct Queue {
    std::optional<Time> last_answer, first_unanswered, staffed_since, nobody_since, stands_since;
    uint32_t gave_up = 0;   // left unanswered after kWait or longer since the last answer
    bool leads_on = false;  // callers go on from here to other queues: a holding or overflow queue
    template <class A>
    void fields(A& a) {
      a("last_answer", last_answer), a("first_unanswered", first_unanswered), a("staffed_since", staffed_since),
          a("nobody_since", nobody_since), a("stands_since", stands_since);
      a("gave_up", gave_up), a("leads_on", leads_on);
    }
  };
  void joined(const calls::Call& call, Time at);
  void ended(const calls::Call& call, const calls::Tracker& tracker);
  static bool waits_for(const calls::Call& call, const calls::Tracker& tracker);
  void look(const std::string& id, Queue& queue, Time now, uint32_t waiting_long, uint32_t waiting, bool somebody,
            std::vector<Finding>& out);

  std::map<std::string, Queue> queues_;
  bool watching_ = false;  // somebody waits, or a queue stands: ticks are wanted
};

}  // namespace hf::detect
