// What a PBX would list when asked: the channels that exist and who waits. In: the simulator's own events. Out: ChannelSeen, CallerSeen.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "hal/pbx/call_event.hpp"

namespace hf::pbx {

class SimPicture {
 public:
  void on(const CallEvent& event);
  void clear();  // the PBX is gone, and all channels with it
  uint32_t waiting(const std::string& queue) const;
  std::vector<CallerSeen> callers(const std::string& queue, Time now) const;  // in order of joining
  std::vector<ChannelSeen> channels(Time now) const;

 private:
  struct Channel {
    ChannelSeen seen;
    Time since{};
  };
  struct Waiting {
    std::string channel;
    Time since{};
  };
  void step(const ChannelStep& step);
  void leave(const std::string& queue, const std::string& channel);

  std::map<std::string, Channel> channels_;
  std::map<std::string, std::vector<Waiting>> queues_;
};

}  // namespace hf::pbx
