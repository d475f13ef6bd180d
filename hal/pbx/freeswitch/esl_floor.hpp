// The queues' side of one FreeSWITCH connection. mod_callcenter tells of an agent without the queues it serves, of its
// status and its state apart, and of no wrap-up at all; its answers come one by one. What they say together stands
// here, for as long as the connection does, and is told anew by each set of answers. Pure. In: answers and agents'
// changes. Out: events about members, and whole pictures.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "hal/pbx/call_event.hpp"
#include "hal/pbx/freeswitch/esl_table.hpp"

namespace hf::pbx {

// The PBX's clock beside ours.
class PbxClock {
 public:
  void learn(Time at, Time pbx_at) { offset_ = at - pbx_at; }
  bool known() const { return offset_.has_value(); }
  Time ours(Time pbx) const { return pbx + offset_.value_or(Duration{}); }
  Time pbx(Time ours) const { return ours - offset_.value_or(Duration{}); }
  // A column or header of whole unix seconds in our time; nothing for 0 and what is no time.
  std::optional<Time> ours(std::string_view epoch) const;

 private:
  std::optional<Duration> offset_;
};

class EslFloor {
 public:
  using Out = std::vector<CallEventBody>&;

  // Answers to "callcenter_config queue list", "... queue list members QUEUE", "... agent list", "... tier list". A
  // picture begins with the list of queues; once its members, the agents and the tiers came too it is given out as a
  // whole. What is no table changes nothing.
  void queues(std::string_view answer, Out out);
  void members(const std::string& queue, std::string_view answer, Time at, const PbxClock& clock, Out out);
  void agents(std::string_view answer, const PbxClock& clock, Out out);
  void tiers(std::string_view answer, Out out);
  // Queues of the picture whose members have not been told.
  std::vector<std::string> wanted() const;

  // An agent's own changes: events for each queue it serves, none while its queues are not known.
  void status(const std::string& agent, std::string status, Out out);
  void state(const std::string& agent, std::string state, Out out);
  void contact(const std::string& agent, std::string_view contact);
  // The offer ended unanswered for `cause`: the PBX spares the agent for a while. The talk ended: wrap-up.
  void missed(const std::string& agent, std::string_view cause, Time at, Out out);
  void talked(const std::string& agent, Time at, Out out);

  // The device that is rung for the agent, its contact without options; empty when not known.
  const std::string& device(const std::string& agent) const;
  bool is_device(const std::string& name) const { return devices_.contains(name); }
  // Whether a queue plays this file or stream as its music.
  bool is_music(const std::string& sound) const { return music_.contains(sound); }

 private:
  struct Agent {
    std::string device, status, state;
    std::chrono::seconds wrapup{}, no_answer{}, reject{}, busy{};
    std::optional<Time> last_call, ready_at;
  };
  struct Tier {
    std::string queue;
    uint32_t level = 0;
  };
  struct Picture {
    std::map<std::string, QueueSeen> queues;
    std::set<std::string> wanted;
    std::vector<CallerSeen> callers;
    bool agents = false, tiers = false;
  };

  static bool logged_out(const Agent& agent);
  MemberState member(const std::string& name, const Agent& agent, const Tier& tier) const;
  void tell(const std::string& name, bool added, Out out);
  void complete(Out out);
  Agent* known(const std::string& name);

  std::map<std::string, Agent> agents_;
  std::map<std::string, std::vector<Tier>> tiers_;  // by agent
  std::set<std::string> devices_, music_;
  std::optional<Picture> picture_;
};

}  // namespace hf::pbx
