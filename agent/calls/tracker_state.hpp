// The tracker's inside: what it knows, and one handler for each kind of event. Only tracker*.cpp include this.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "agent/calls/agent_book.hpp"
#include "agent/calls/call_book.hpp"
#include "agent/calls/devices.hpp"
#include "agent/calls/event_time.hpp"
#include "agent/calls/tracker.hpp"
#include "hal/platform/shortlex.hpp"

namespace hf::calls {

struct Channel {
  std::string linked, device, context, bridge;
  bool up = false;
  bool begins = false;  // it began its call: nobody dialled it
  bool dial_failed = false;
  template <class A>
  void fields(A& a) {
    a("linked", linked), a("device", device), a("context", context), a("bridge", bridge), a("up", up),
        a("begins", begins), a("dial_failed", dial_failed);
  }
};

struct Link {  // to the PBX
  bool up = false;
  bool ever_lost = false;
  bool verdict_open = false;  // whether the PBX restarted while we were away is not known yet
  bool stopping = false;
  bool members_known = false;  // a whole picture of the queues was told
  pbx::SourceUp source;
  std::optional<Time> booted;
  Time up_at{}, lost_at{};
  template <class A>
  void fields(A& a) {
    a("up", up), a("ever_lost", ever_lost), a("verdict_open", verdict_open), a("stopping", stopping),
        a("members_known", members_known), a("source", source);
    a("booted", booted), a("up_at", up_at), a("lost_at", lost_at);
  }
};

struct Picture {  // of the channels, while it is told and until what is missing in it is given up
  bool telling = false;
  std::set<std::string> seen, callers;  // channels, and waiting callers of the picture of the queues
  std::set<std::string> missing;
  std::optional<Time> give_up;
  template <class A>
  void fields(A& a) {
    a("telling", telling), a("seen", seen), a("callers", callers), a("missing", missing), a("give_up", give_up);
  }
};

struct Served {  // a call that a queue's member answered and that is over: an answer to a survey may still come
  std::string id, queue;
  Time arrived{};
  template <class A>
  void fields(A& a) {
    a("id", id), a("queue", queue), a("arrived", arrived);
  }
};

struct Tracker::State {
  EventTime clock;
  Devices devices;
  CallBook calls;
  AgentBook agents;
  Link link;
  Picture picture;
  SiteModel model;
  IdMap<Channel> channels;
  IdMap<IdSet> bridges;
  std::map<std::string, std::map<std::string, uint32_t>> answered_by;  // line -> queue -> calls
  std::set<std::string> lines;                                         // dialled on inbound legs
  std::set<std::string> queues;
  std::optional<Time> sweep;  // when to look for calls whose end was never told
  uint64_t link_version = 0;
  Time now{};  // of the latest event or advance
  Oddities odd;
  Time last_at{};  // of the latest event
  std::optional<Time> last_pbx_at;
  std::deque<Served> served;  // the latest, oldest first

  template <class A>
  void fields(A& a) {
    a("clock", clock), a("devices", devices), a("calls", calls), a("agents", agents), a("link", link),
        a("picture", picture), a("model", model);
    a("channels", channels), a("bridges", bridges), a("answered_by", answered_by), a("lines", lines),
        a("queues", queues), a("sweep", sweep), a("link_version", link_version), a("now", now), a("odd", odd),
        a("last_at", last_at), a("last_pbx_at", last_pbx_at), a("served", served);
  }

  void take(const pbx::CallEvent& event, std::vector<Change>& out);
  void advance(Time to, std::vector<Change>& out);
  std::optional<Time> next_deadline() const;

  using Out = std::vector<Change>&;
  // tracker_link.cpp
  void on(const pbx::SourceUp& e, Time t, Out out);
  void on(const pbx::SourceDown& e, Time t, Out out);
  void on(const pbx::PbxLife& e, Time t, Out out);
  void on(const pbx::ConfigurationChanged& e, Time t, Out out);
  void on(const pbx::ResyncStarted& e, Time t, Out out);
  void on(const pbx::ResyncEnded& e, Time t, Out out);
  void on(const pbx::ChannelSeen& e, Time t, Out out);
  void on(const pbx::CallerSeen& e, Time t, Out out);
  void on(const pbx::QueueSeen& e, Time t, Out out);
  void on(const pbx::QueueAvailability&, Time, Out) {
  }  // the PBX's own opinion counts members in wrap-up and phones that refuse
  void verdict(bool restarted, Time t, Out out);
  void end_missing(Time t, Out out);
  void sweep_out(Time t, Out out);
  // tracker_channel.cpp
  void on(const pbx::ChannelStarted& e, Time t, Out out);
  void on(const pbx::ChannelStateChanged& e, Time t, Out out);
  void on(const pbx::ChannelStep& e, Time t, Out out);
  void on(const pbx::MusicStarted& e, Time t, Out out);
  void on(const pbx::MusicStopped& e, Time t, Out out);
  void on(const pbx::BridgeEntered& e, Time t, Out out);
  void on(const pbx::BridgeLeft& e, Time t, Out out);
  void on(const pbx::HoldStarted& e, Time t, Out out);
  void on(const pbx::HoldEnded& e, Time t, Out out);
  void on(const pbx::Transferred& e, Time t, Out out);
  void on(const pbx::HangupRequested& e, Time t, Out out);
  void on(const pbx::ChannelEnded& e, Time t, Out out);
  void on(const pbx::DialEnded& e, Time t, Out out);
  void count_odd(const pbx::CallEvent& event, bool negative);
  void count_old_members(Time t);
  static bool odd_without_stint(const CallBook::Entry& call);
  CallBook::Entry begin_call(const std::string& id, const Channel& channel, const std::string& dialled,
                             pbx::CallerKey caller, Time arrived, bool seen, Time t, Out out);
  CallBook::Entry call_of_queue_event(const std::string& id, Time arrived, Time t, Out out);
  void settle(Time t, Out out);
  void hold(const std::string& channel, const std::string& linked, bool on, Time t, Out out);
  CallBook::Entry call_of_leg(const std::string& channel, const std::string& linked);
  void watch_bridge(const std::string& bridge, Time t, Out out);
  void leave_bridge(const std::string& channel, Time t, Out out);
  void end_channel(const std::string& id, Time t, Out out);
  const std::string* partner_in(const std::string& bridge, const std::string& caller) const;
  // tracker_queue.cpp
  void know_queue(const std::string& queue);
  void on(const pbx::QueueJoined& e, Time t, Out out);
  void on(const pbx::QueueLeft& e, Time t, Out out);
  void on(const pbx::QueueAbandoned& e, Time t, Out out);
  void on(const pbx::QueueExited& e, Time t, Out out);
  void on(const pbx::MemberState& e, Time t, Out out);
  void on(const pbx::MemberRemoved& e, Time t, Out out);
  void on(const pbx::MemberOffered& e, Time t, Out out);
  void on(const pbx::MemberMissed& e, Time t, Out out);
  void on(const pbx::MemberConnected& e, Time t, Out out);
  void on(const pbx::MemberDone& e, Time t, Out out);
  // tracker_recorded.cpp
  void on(const pbx::CallRecorded& e, Time t, Out out);
  // tracker_beside.cpp
  void on(const pbx::SurveyAnswered& e, Time t, Out out);
  void on(const pbx::VoiceHeard& e, Time t, Out out);
  // The call that this leg belongs to, open or over; an empty id when none is known.
  Served served_on(const std::string& channel);
  void remember_served(const std::vector<Change>& out, size_t from);
  void know_phone(const std::string& device, bool guessed, Time t, Out out);
  void know_trunk(const std::string& device, Time t, Out out);
  void learn_queue(const Call& call, const std::string& queue);
};

}  // namespace hf::calls
