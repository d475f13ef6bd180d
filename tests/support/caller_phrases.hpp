// What callers do on a test's floor, told as the text lines of events. `Floor` has open(agents) and say(seconds, line).
#pragma once

#include <string>

namespace hf::test {

template <class Floor>
struct CallerPhrases {
  void arrive(double t, const std::string& id, const std::string& line = "5550101") {
    floor().say(t, "channel_started channel=" + id + " linked=" + id + " device=PJSIP/trunk dialled=" + line +
                       " context=from-trunk caller=" + id);
  }
  void join(double t, const std::string& id, const std::string& queue = "support") {
    floor().say(t, "queue_joined channel=" + id + " queue=" + queue);
  }
  // A floor with these agents, and one caller who stands in the queue.
  void open_with_caller(int agents, double arrived, double joined, const std::string& id) {
    floor().open(agents);
    arrive(arrived, id);
    join(joined, id);
  }

 private:
  Floor& floor() { return static_cast<Floor&>(*this); }
};

}  // namespace hf::test
