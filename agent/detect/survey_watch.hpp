// Signal "survey" (H18): callers say in surveys that it got worse. In: Changes. Out: a Finding when the share of poor answers of a
// queue comes to stand or is over; readings. Owned by SideSignals. Limit: 256 queues.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/calls/tracker.hpp"
#include "agent/detect/catalogue.hpp"
#include "agent/detect/finding.hpp"
#include "agent/detect/share_watch.hpp"

namespace hf::detect {

// A poor answer: nps 0-6; csat below the two best; ces in the lower half. Each question has a test of its own. While callers of that
// queue wait longer than a minute more often than usual, poor answers are their consequence and open nothing.
class SurveyWatch {
 public:
  static constexpr Duration kLate = std::chrono::minutes(1);

  void on(const calls::Change& change, std::vector<Finding>& out);
  void readings(std::vector<Reading>& out) const;
  // Poor answers of the queue that stands with most of them; unset: none stands.
  struct Worst {
    std::string queue;
    uint32_t poor = 0, answers = 0;
    double usual = 0;
  };
  std::optional<Worst> worst() const;
  bool heard() const { return heard_; }  // any valid answer since the journal began

  template <class A>
  void fields(A& a) {
    a("queues", queues_), a("heard", heard_);
  }

 private:
  static constexpr size_t kQuestions = 3;
  struct Watched {
    std::array<ShareWatch, kQuestions> poor;
    ShareWatch late;
    template <class A>
    void fields(A& a) {
      a("poor", poor), a("late", late);
    }
  };
  Watched* watched(const std::string& queue);
  void take(const calls::SurveyGiven& given, Time at, std::vector<Finding>& out);

  std::map<std::string, Watched> queues_;
  bool heard_ = false;
};

}  // namespace hf::detect
