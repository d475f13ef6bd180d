// Signals "repeat_callers" (H15) and "left_without_answer" (H16): who calls again, and who of those that left without
// an answer came back. In: Changes. Out: readings, and the numbers of two sentences. Callers are keyed pseudonyms.
// Owned by SideSignals. Limits: 8,192 callers of the last 24 h, 1,024 who left.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "agent/calls/tracker.hpp"
#include "agent/detect/catalogue.hpp"
#include "agent/detect/share_watch.hpp"

namespace hf::detect {

class RepeatCallers {
 public:
  static constexpr Duration kWindow = std::chrono::hours(24);
  static constexpr size_t kCallers = 8192, kLeft = 1024;

  void on(const calls::Change& change);
  void readings(Time now, std::vector<Reading>& out) const;
  // Callers who left unanswered since `since`, and how many of them came back, on the same line or on another.
  struct Back {
    uint32_t left = 0, back = 0, other_line = 0;
  };
  Back since(Time since) const;
  const ShareWatch& share() const { return share_; }
  double usual() const;

  template <class A>
  void fields(A& a) {
    a("seen", seen_), a("order", order_), a("left", left_), a("share", share_), a("began", began_);
  }

 private:
  struct Seen {
    Time at{};
    template <class A>
    void fields(A& a) {
      a("at", at);
    }
  };
  struct Left {
    Time at{};
    pbx::CallerKey caller = 0;
    std::string line;
    bool back = false, other_line = false;
    template <class A>
    void fields(A& a) {
      a("at", at), a("caller", caller), a("line", line), a("back", back), a("other_line", other_line);
    }
  };
  void arrived(const calls::Call& call);
  void ended(const calls::Call& call);

  std::map<pbx::CallerKey, Seen> seen_;
  std::deque<std::pair<Time, pbx::CallerKey>> order_;  // oldest first; one entry a call
  std::deque<Left> left_;
  ShareWatch share_;
  Time began_{};
};

}  // namespace hf::detect
