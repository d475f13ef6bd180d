// Every caller's way from the arrival to the queue whose people answer, per line, and what is usual there. In: Changes
// (after the tracker took them). Out: the ways of each line in the order of arrival, for the signals. Owned by the
// Detector. Limits: 64 settled ways and 1,024 in all per line, 128 usual dwells, 256 lines; beyond them the oldest are
// forgotten and new lines are not watched.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>

#include "agent/calls/tracker.hpp"
#include "agent/detect/statistics.hpp"
#include "hal/platform/shortlex.hpp"

namespace hf::detect {

// on_the_way: has not reached a queue that people serve. reached: it has. left: ended before. unusable: cannot tell
// (half seen, lost).
inline constexpr Duration kColdAfter = std::chrono::minutes(45);

enum class Progress : uint8_t { on_the_way, reached, left, unusable };

struct Way {
  std::string call;
  Time arrived{};
  Progress progress = Progress::on_the_way;
  Duration dwell{};        // arrival to the queue, or to the end; once settled
  Duration beside_free{};  // time beyond the line's usual bound in which the queue had people to spare
  std::string queue;       // where it waits now, or the queue it reached
  std::optional<Time> joined;
  bool answered = false;
  bool self_service = false;
  std::optional<Time> menu_at;  // when it was last seen helping itself
  std::optional<bool> cold;     // when it came, its queue had answered nobody for kColdAfter: not open yet, perhaps
  Duration after_join{};        // queue wait of an answered one
  Duration avoidable{};         // its share of the spare people's time: beside_free * min(1, spare / callers beside it)
  Duration spare_time{};        // agent time: integral of spare people over beside_free
  bool looked_up = false;       // self_service is the tracker's word since the last Change of this call; no state
  template <class A>
  void fields(A& a) {
    a("call", call), a("arrived", arrived), a("progress", progress), a("dwell", dwell), a("beside_free", beside_free),
        a("queue", queue);
    a("joined", joined), a("answered", answered), a("self_service", self_service), a("menu_at", menu_at),
        a("cold", cold), a("after_join", after_join), a("avoidable", avoidable), a("spare_time", spare_time);
  }
};

struct LineWays {
  std::string target;                // the queue the line leads to; empty = not known
  std::deque<Way> ways;              // in the order of arrival
  Dwells dwells;                     // of callers who went straight on
  Usual usual;                       // of `dwells`
  uint32_t waiting = 0;              // ways on the way
  bool named = false;                // an artificial hold stands on this line: what is not straight is not usual
  uint32_t straight = 0, stray = 0;  // settled ways: straight on; lost for a minute or more while nothing stood
  // No state, but short cuts: so many of the oldest ways have settled; whether a way may have been beside spare people.
  size_t settled = 0;
  bool beside = true;
  template <class A>
  void fields(A& a) {
    a("target", target), a("ways", ways), a("dwells", dwells), a("usual", usual), a("waiting", waiting),
        a("named", named);
    a("straight", straight), a("stray", stray);
  }
  // The first way from which on some may be on the way; all before it have settled.
  std::deque<Way>::iterator first_open() {
    while (settled < ways.size() && ways[settled].progress != Progress::on_the_way) ++settled;
    return ways.begin() + static_cast<std::ptrdiff_t>(settled);
  }
  // After ways were taken out other than by this class.
  void look_anew() { settled = 0; }
  // Beyond the usual bound, until `now` or until settled; negative while within it.
  Duration excess(const Way& way, Time now) const;
  // A caller who went to the queue in the usual way, give or take a new announcement.
  bool went_straight(const Way& way) const;
};

class Ways {
 public:
  void set_site_model(const calls::SiteModel& model);
  // What a change did to a way: it settled (reached a served queue, or ended before), or it was answered, or both.
  struct Settled {
    std::string line;
    Way way;
    bool settled = false;
    bool answered = false;
  };
  std::optional<Settled> on(const calls::Change& change, const calls::Tracker& tracker);

  const std::map<std::string, LineWays>& lines() const { return lines_; }
  std::map<std::string, LineWays>& lines() { return lines_; }
  // Chance that an ordinary caller of the line strays for a minute before the queue, learnt over the lines of its sort:
  // (0.5 + strays) / (prior + callers), prior 2,500 for steady lines, where there is nothing to get lost in, 250 for
  // the others.
  double stray(const LineWays& line) const;
  // The queue answered nobody for kColdAfter before `at`.
  bool cold(const std::string& queue, Time at) const;
  // People serve this queue: somebody is logged in there, or answered before.
  bool served(const std::string& queue, const calls::Tracker& tracker) const;
  bool has_answered(const std::string& queue) const { return answers_.contains(queue); }

  template <class A>
  void fields(A& a) {
    a("lines", lines_), a("line_of", line_of_), a("answers", answers_), a("notices", notices_),
        a("steps_visible", steps_visible_);
  }

 private:
  LineWays* line(const std::string& id, const calls::Tracker& tracker);
  Way* find(const calls::Call& call, LineWays** line);
  void arrive(const calls::Call& call, const calls::Tracker& tracker);
  std::optional<Settled> join(const calls::Call& call, Time at, const calls::Tracker& tracker);
  std::optional<Settled> connect(const calls::Call& call, const calls::Tracker& tracker);
  std::optional<Settled> end(const calls::Call& call);
  void settle(LineWays& line, Way& way, Progress progress, Duration dwell);
  void reach_known_target(const std::string& id, LineWays& line);
  void learn(const std::string& id, LineWays& line, Duration dwell);
  void forget_old(const std::string& id, LineWays& line, Time now);
  void refresh_usual(const std::string& id, LineWays& line);
  Duration prior() const;

  std::map<std::string, LineWays> lines_;
  IdMap<std::string> line_of_;  // open call -> line
  std::map<std::string, Time> answers_;         // queue -> last answer seen
  std::map<std::string, Duration> notices_;     // line -> legal notice
  bool steps_visible_ = false;
};

}  // namespace hf::detect
