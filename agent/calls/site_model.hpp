// What the site tells about itself: settings with a page and an API, kept in the journal since the core's results rest on them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "hal/platform/archive.hpp"
#include "hal/platform/time.hpp"

namespace hf::calls {

struct OpeningHours {  // of one weekday, minutes after local midnight; closed when from == to
  uint16_t from = 0, to = 0;
  template <class A> void fields(A& a) { a("from", from), a("to", to); }
};

struct Holiday {  // a local date with hours of its own
  int32_t day = 0;     // days since 1970-01-01, by the calendar of the site
  OpeningHours hours;  // closed when from == to
  template <class A> void fields(A& a) { a("day", day), a("hours", hours); }
};

struct Line {                    // what is dialled
  std::string id;                // the number as the PBX sees it dialled. Never leaves the site
  std::string label;             // for people; may leave the site once IT approved it
  std::string queue;             // where it leads; empty = learnt from the calls
  Duration legal_notice{};       // an announcement every caller must hear before the queue
  Duration promised_wait{};      // what callers are told; 0 = nothing
  template <class A> void fields(A& a) { a("id", id), a("label", label), a("queue", queue), a("legal_notice", legal_notice), a("promised_wait", promised_wait); }
};

struct Queue {
  std::string id;                // the PBX's name of it
  std::string label;
  Duration ring_time = std::chrono::seconds(15);      // one offer to one member
  Duration service_level = std::chrono::seconds(20);  // the X of "answered within X"
  Duration short_abandon = std::chrono::seconds(5);
  bool holding = false;          // callers are parked here; nobody answers
  template <class A> void fields(A& a) {
    a("id", id), a("label", label), a("ring_time", ring_time), a("service_level", service_level), a("short_abandon", short_abandon), a("holding", holding);
  }
};

// Empty lines and queues mean "learn them": whatever is dialled on an inbound leg is a line, whatever is joined is a queue.
struct SiteModel {
  std::string time_zone = "UTC";             // IANA name
  std::vector<Line> lines;
  std::vector<Queue> queues;
  std::vector<OpeningHours> opening_hours;   // 7 entries, Monday first; empty = always open
  std::vector<std::string> trunks;           // devices that bring inbound calls ("PJSIP/trunk"); empty = learnt
  std::vector<Holiday> holidays;             // dates that differ from their weekday
  template <class A> void fields(A& a) {
    a("time_zone", time_zone), a("lines", lines), a("queues", queues), a("opening_hours", opening_hours), a("trunks", trunks);
    a("holidays", holidays);
  }
};

}  // namespace hf::calls
