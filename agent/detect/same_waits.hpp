// One wait among many (H1, H25): callers of a queue who are answered after the very same time, while others who came
// after them were answered before: what a hold of part of the callers leaves behind. In: answers. Out: nats. Owned by
// QueueHolds, one a queue. Limit: the last 128 answers of four hours (2 KB).
#pragma once

#include <cstdint>
#include <deque>

#include "hal/platform/archive.hpp"
#include "hal/platform/time.hpp"

namespace hf::detect {

struct SameWait {
  double nats = 0;
  uint32_t callers = 0, of = 0;  // who waited so long; who were answered meanwhile
  Duration wait{};
  Time since{};  // when the first of them came
  template <class A>
  void fields(A& a) {
    a("nats", nats), a("callers", callers), a("of", of), a("wait", wait), a("since", since);
  }
};

class SameWaits {
 public:
  static constexpr size_t kAnswers = 128;
  static constexpr Duration kHalfWidth = std::chrono::seconds(2);
  static constexpr Duration kShortest = std::chrono::seconds(60);  // a wait below it is nobody's policy

  // What the answer says with those before it. Only callers whom two others overtook count: in a queue that is served in
  // order, the longest wait that a time-out allows (a ceiling), a plateau of load and calls of one fixed length make
  // equal waits too, but nobody is overtaken there. nats = -ln P(so many others within 2 s | Poisson), expected as
  // overtaken callers waited nearby: within 30 s, or within a factor of 1.5 with half a caller more, whichever is more.
  SameWait answered(Time joined, Time at);
  void forget() { answers_.clear(); }

  template <class A>
  void fields(A& a) {
    a("answers", answers_);
  }

 private:
  struct Answer {
    Time joined{}, at{};
    bool overtaken = false;
    Duration wait() const { return at - joined; }
    template <class A>
    void fields(A& a) {
      a("joined", joined), a("at", at), a("overtaken", overtaken);
    }
  };
  std::deque<Answer> answers_;  // in the order of the answers
};

}  // namespace hf::detect
