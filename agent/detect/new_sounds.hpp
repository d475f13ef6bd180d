// Evidence "new_announcements" (H12): sounds that no caller of the line heard before, at the same offsets for
// everybody. In: the announcements of ended and connected calls. Out: evidence for a standing artificial hold; alone it
// opens nothing, since new sounds are everyday. Limits: 128 sounds a line, 256 lines.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "agent/calls/call.hpp"
#include "agent/detect/catalogue.hpp"
#include "agent/detect/finding.hpp"

namespace hf::detect {

class NewSounds {
 public:
  // `straight`: the caller went to the queue in the usual way; its sounds are usual. Otherwise they are counted.
  void on(const std::string& line, const calls::Call& call, bool straight);
  // The constant new sounds of the line: callers, sounds, first_s and last_s (offsets from the arrival). Nothing below
  // 3 callers.
  void tell(const std::string& line, Time now, std::vector<Finding>& out) const;
  // One per line: new sounds at constant moments. `held`: an artificial hold stands on the line.
  template <class Held>
  void readings(Held held, std::vector<Reading>& out) const {
    for (const auto& [line, usual] : usual_) out.push_back(reading(line, held(line)));
  }
  void forget(const std::string& line) { heard_.erase(line); }

  template <class A>
  void fields(A& a) {
    a("usual", usual_), a("heard", heard_);
  }

 private:
  struct Heard {
    uint32_t callers = 0;
    Duration least{}, most{};  // offsets
    template <class A>
    void fields(A& a) {
      a("callers", callers), a("least", least), a("most", most);
    }
  };
  struct Constant {  // what tell() says
    uint32_t sounds = 0, callers = 0;
    Duration first = Duration::max(), last{};
  };
  Constant constant(const std::string& line) const;
  Reading reading(const std::string& line, bool held) const;

  std::map<std::string, std::map<std::string, uint32_t>> usual_;  // line -> sound -> callers
  std::map<std::string, std::map<std::string, Heard>> heard_;
};

}  // namespace hf::detect
