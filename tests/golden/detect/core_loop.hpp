// The core's loop in small: events through the tracker, the detector and the book, deadline by deadline.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "agent/calls/tracker.hpp"
#include "agent/detect/detector.hpp"
#include "agent/incidents/book.hpp"

namespace hf {

class CoreLoop {
 public:
  void on(const pbx::CallEvent& event) {
    advance(event.at);
    detector.heard(event);
    tracker.on(event, changes_);
    feed();
  }

  void advance(Time to) {
    while (true) {
      const auto a = tracker.next_deadline(), b = detector.next_deadline();
      if (!a && !b) return;
      const Time next = !a ? *b : !b ? *a : std::min(*a, *b);
      if (next > to) return;
      tracker.advance(next, changes_);
      feed();
      detector.advance(next, tracker, findings_);
      read_findings();
    }
  }

  std::string bytes() const {
    StateSaver s;
    tracker.save(s), detector.save(s), book.save(s);
    return std::move(s.bytes);
  }
  bool load(std::string_view bytes) {
    StateLoader l(bytes);
    return tracker.load(l) && detector.load(l) && book.load(l);
  }

  calls::Tracker tracker;
  detect::Detector detector;
  incidents::Book book{"epoch"};
  std::map<std::string, incidents::Incident> incidents;  // latest state of each, open and closed
  uint64_t changes = 0, findings = 0;

 private:
  void feed() {
    for (const calls::Change& c : changes_) detector.on(c, tracker, findings_);
    changes += changes_.size();
    changes_.clear();
    read_findings();
  }
  void read_findings() {
    std::vector<incidents::Incident> changed;
    book.on(findings_, changed);
    findings += findings_.size();
    findings_.clear();
    for (incidents::Incident& i : changed) incidents[i.id] = std::move(i);
  }

  std::vector<calls::Change> changes_;
  std::vector<detect::Finding> findings_;
};

}  // namespace hf
