// In which order the callers of one queue are served, and whether those who waited at an onset still were: what tells a
// hold, which lets everybody through who came before it, from a queue that answers nobody any more. In: answers and
// callers who left. Out: nats for the dead queue. Owned by QueueFloor. Limit: 64 callers who left since the last answer.
#pragma once

#include <optional>
#include <vector>

#include "agent/detect/parameters.hpp"
#include "agent/detect/tail.hpp"
#include "hal/platform/time.hpp"

namespace hf::detect {

class ServingOrder {
 public:
  // `joined`: when the caller came; `oldest`: when the caller came who waited longest just before.
  void answered(Time joined, Time at, Time oldest, bool learn);
  // A caller who should have been answered at `due` left unanswered.
  void left(Time joined, Time due);
  void forget();
  std::optional<Time> last_answer() const { return last_; }

  // ln of how much likelier it is that nobody is answered after T than that a hold began at T, T anywhere with equal
  // chance; the hold being one of all callers or of part of them, whichever fits better. `waiting`: when those who wait
  // came, in order; `due`: when the next answer should have come.
  // - A hold of all began after the youngest of the answered came, and before the first came who is passed by: waiting
  //   or left. A queue died after the last answer and before `due`. A caller who came before the youngest of the
  //   answered leaves no room for such a hold (passed_by_nats).
  // - Of part of them (H25): each who waits must be one of the part_held who are held; such are overtaken, which in a
  //   queue that died is as rare as it is on other days.
  // Who was overtaken by more than is usual waits for a reason of its own (another skill), and says nothing of the first.
  double dead_nats(const std::vector<Time>& waiting, Time due, const Parameters& p) const;

  template <class A>
  void fields(A& a) {
    a("last", last_), a("youngest", youngest_), a("gone", gone_), a("due", due_), a("overtakes", overtakes_);
  }

 private:
  std::optional<Time> last_;  // answer
  Time youngest_{};           // when the last to come of those who were answered came
  std::vector<Time> gone_;    // since the last answer
  std::optional<Time> due_;   // when the first of them should have been answered
  Tail overtakes_;            // by how much the callers who are answered came later than the oldest who waits
};

}  // namespace hf::detect
