// Counts the floor, minute by minute. In: Changes, after the tracker took them, and time. Out: closed Minutes of every
// queue and line. Pure; all state is in save() and load().
//
// After each event: on() for each of its Changes, then advance(event.at). A minute closes when time passes its end and
// comes out once for each queue and line that is known, also when nothing happened in it (observed_seconds tells "no
// calls" from "not seen"). What is learnt later about its calls comes out again with a higher revision at a later
// minute's end, for two hours.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "agent/calls/tracker.hpp"
#include "agent/metrics/minute.hpp"
#include "agent/metrics/way_in.hpp"
#include "hal/platform/shortlex.hpp"
#include "hal/platform/state_archive.hpp"

namespace hf::metrics {

class Meter {
 public:
  void set_site_model(const calls::SiteModel& model);
  void on(const calls::Change& change, const calls::Tracker& tracker, std::vector<Minute>& closed);
  // Moves time; also takes notice when the tracker's picture changed without a Change. advance(a), advance(b) equals
  // advance(b).
  void advance(Time to, const calls::Tracker& tracker, std::vector<Minute>& closed);
  std::optional<Time> next_deadline() const;

  // The minute under way, up to `now`; nothing for a queue or line that is not known.
  std::optional<Minute> running(Scope scope, const std::string& id, Time now) const;
  // Every queue and line that minutes are counted for.
  std::vector<std::pair<Scope, std::string>> known() const;
  // Avoidable caller-time of a queue since the meter began; unset while nobody could be known to be free.
  std::optional<Duration> avoidable_total(const std::string& queue) const;

  void save(StateSaver& out) const { out.put(*this); }
  [[nodiscard]] bool load(StateLoader& in);

  template <class A>
  void fields(A& a) {
    a("queues", queues_), a("lines", lines_), a("callers", callers_), a("ripening", ripening_), a("booked", booked_),
        a("way_in", way_in_), a("limits", limits_);
    a("line_queues", line_queues_), a("first", first_), a("minute", minute_), a("now", now_), a("observed", observed_),
        a("version", version_), a("floor_version", floor_version_), a("observing", observing_), a("begun", begun_), a("told_at_end", told_at_end_);
  }

 private:
  struct Cell {  // one minute of one queue or line, kept while its calls can still change
    Minute minute;
    uint32_t pending = 0;  // its calls that have not ended
    bool closed = false, changed = false;
    template <class A>
    void fields(A& a) {
      a("minute", minute), a("pending", pending), a("closed", closed), a("changed", changed);
    }
  };
  struct Series {
    std::map<Time, Cell> cells;
    uint32_t waiting = 0;  // callers now
    Time counted_to{};     // the integrals hold up to here
    template <class A>
    void fields(A& a) {
      a("cells", cells), a("waiting", waiting), a("counted_to", counted_to);
    }
  };
  struct Floor {  // a queue's agents now
    std::optional<uint32_t> free, staffed, busy;
    bool operator==(const Floor&) const = default;
    template <class A>
    void fields(A& a) {
      a("free", free), a("staffed", staffed), a("busy", busy);
    }
  };
  struct QueueSeries {
    Series series;
    Floor floor;
    std::map<std::string, uint32_t> ripe;  // callers past the grace who this queue's people could serve, by line
    uint32_t ripe_total = 0;
    std::optional<Duration> avoidable;  // since the meter began
    template <class A>
    void fields(A& a) {
      a("series", series), a("floor", floor), a("ripe", ripe), a("ripe_total", ripe_total), a("avoidable", avoidable);
    }
  };
  struct Caller {                        // waits now
    std::string line, queue, served_by;  // queue: where it stands, empty before the first; served_by: whose people
                                         // could help, empty = unknown
    Time arrived{}, since{};
    Time ripe_at{};
    bool ripe = false;
    template <class A>
    void fields(A& a) {
      a("line", line), a("queue", queue), a("served_by", served_by), a("arrived", arrived), a("since", since),
          a("ripe_at", ripe_at), a("ripe", ripe);
    }
  };
  struct Booked {  // what of a call is in the minutes already
    bool offered = false, answered = false;
    std::vector<calls::StintEnd> stints;
    template <class A>
    void fields(A& a) {
      a("offered", offered), a("answered", answered), a("stints", stints);
    }
  };
  struct Limits {
    Duration ring = std::chrono::seconds(15);
    Duration service_level = std::chrono::seconds(20);
    Duration short_abandon = std::chrono::seconds(5);
    bool holding = false;
    template <class A>
    void fields(A& a) {
      a("ring", ring), a("service_level", service_level), a("short_abandon", short_abandon), a("holding", holding);
    }
  };

  // meter.cpp: time
  void begin(Time t);
  void move(Time to, const calls::Tracker& tracker, std::vector<Minute>& closed);
  Duration passed(Series& series, Time to) const;
  void count_queue(const std::string& id, QueueSeries& q, Time to);
  void count_line(const std::string& id, Series& line, Time to);
  void count_all(Time to);
  void close_minute(std::vector<Minute>& closed);
  void close_series(Scope scope, const std::string& id, Series& series, std::vector<Minute>& closed);
  void look(Time t, const calls::Tracker& tracker);
  QueueSeries& queue_at(const std::string& id, Time t);
  Series& line_at(const std::string& id, Time t);
  void finish(Minute& minute) const;
  const Limits& limits_of_queue(const std::string& queue) const;
  const Limits& limits_of_line(const std::string& line) const;
  Cell& cell(Scope scope, const std::string& id, Time when);
  Cell& cell_of(Series& series, Scope scope, const std::string& id, Time when);
  Series* series(Scope scope, const std::string& id);
  // meter_calls.cpp: callers and bookings
  void wait_begins(const calls::Call& call, const calls::Tracker& tracker, Time t);
  bool serves(const std::string& queue, const std::string& target, const calls::Tracker& tracker) const;
  void wait_ends(const std::string& id, Time t);
  void ripen(Time t, const calls::Tracker& tracker);
  void set_ripe(Caller& caller, bool ripe, Time t);
  void change_waiting(const Caller& caller, Time t, int step);
  void age(const Caller& caller, Time t);
  void settle(const calls::Call& call, const Booked& booked);
  void book(const calls::Call& call, bool final);
  void book_line(const calls::Call& call, Booked& booked, bool final);
  void book_stint(const calls::Call& call, size_t i, Booked& booked);
  Cell* open_cell(Scope scope, const std::string& id, Time when);

  std::map<std::string, QueueSeries> queues_;
  std::map<std::string, Series> lines_;
  IdMap<Caller> callers_;
  std::set<std::pair<Time, std::string>> ripening_;
  IdMap<Booked> booked_;  // calls not ended
  WayIn way_in_;
  std::map<std::string, Limits> limits_;            // by queue
  std::map<std::string, std::string> line_queues_;  // as far as known
  Time first_{};                                    // start of the first minute
  Time minute_{};                                   // start of the minute under way
  Time now_{};                                      // of the latest change
  Duration observed_{};                             // in the minute under way, up to now_
  uint64_t version_ = 0, floor_version_ = 0;        // the tracker's, when it was looked at last
  bool observing_ = false, begun_ = false;
  bool told_at_end_ = false;  // the source's calls are told when they are over
};

}  // namespace hf::metrics
