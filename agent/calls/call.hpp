// One call from its first arrival at the PBX to its end, and what changes in it. Types only; tracker.hpp makes them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "hal/pbx/call_event.hpp"

namespace hf::calls {

// answered: a person talked to the caller (also when transferred later). timeout: the queue's own limit ended the wait and no person
// came after it. refused: turned away before or at the queue (full, no members) or by the PBX. lost_by_restart: the PBX stopped or crashed.
enum class Outcome : uint8_t { open, answered, abandoned, timeout, exit_key, refused, lost_by_restart };
enum class StintEnd : uint8_t { waiting, answered, abandoned, timeout, exit_key, refused, lost };

struct Stint {  // one stay in one queue
  std::string queue;
  Time joined{};
  std::optional<Time> left;
  StintEnd end = StintEnd::waiting;
  template <class A> void fields(A& a) { a("queue", queue), a("joined", joined), a("left", left), a("end", end); }
};

struct Announcement {  // a sound that the caller heard before a person, offset from arrival
  std::string sound;
  Duration offset{};
  template <class A> void fields(A& a) { a("sound", sound), a("offset", offset); }
};

struct Call {
  std::string id;       // unique id of the caller's leg
  std::string line;     // what was dialled; empty = unknown
  pbx::CallerKey caller = 0;
  Time arrived{};
  bool arrival_seen = true;      // false: found in a picture; `arrived` is then the PBX's word, or the first sight of it
  bool half_seen = false;        // a gap in the observation fell into its life
  std::vector<Stint> stints;
  std::vector<Announcement> announcements;  // the first 16
  std::optional<Time> connected;   // first person
  std::optional<Time> ended;
  Outcome outcome = Outcome::open;
  Duration hold{};      // on hold after answer
  Duration talk{};      // bridged with people, hold included
  std::string agent;    // device of the first person who answered
  std::string agent_name;
  std::string answering_queue;  // queue of the stint that was answered; empty = not by a queue
  uint32_t missed_offers = 0;
  uint32_t transfers = 0;      // moves to somebody else
  std::optional<Time> picked_up;  // the PBX took the caller's leg, with a person or without
  pbx::TalkEnd talk_end = pbx::TalkEnd::unknown;  // who ended the last talk that a queue brought
  bool self_service = false;   // it stands in an input or voicemail step, and no music, wait or queue came after

  // First arrival to the first person, or to the end if none came; unset while it still waits.
  std::optional<Duration> caller_wait() const {
    if (connected) return *connected - arrived;
    if (ended) return *ended - arrived;
    return std::nullopt;
  }
  template <class A> void fields(A& a) {
    a("id", id), a("line", line), a("caller", caller), a("arrived", arrived), a("arrival_seen", arrival_seen), a("half_seen", half_seen);
    a("stints", stints), a("announcements", announcements), a("connected", connected), a("ended", ended), a("outcome", outcome), a("hold", hold);
    a("talk", talk), a("agent", agent), a("agent_name", agent_name), a("answering_queue", answering_queue), a("missed_offers", missed_offers);
    a("transfers", transfers), a("picked_up", picked_up), a("talk_end", talk_end), a("self_service", self_service);
  }
};

// What an agent does in one queue. free = really free: logged in, not paused, idle, out of wrap-up, answering, and of the lowest penalty
// tier that the queue now rings. not_answering: the PBX shows it free, yet it refused or missed its latest offers.
enum class AgentState : uint8_t { logged_out, free, ringing, talking, on_hold, wrap_up, paused, busy, unavailable, not_answering, unknown };

// Talking, on_hold (inside a talk) and paused are intervals of their own and may lie over each other, since an agent can be paused in the
// middle of a talk; the other states fill the time between. A talk that no queue brought (transferred or dialled) has an empty queue.
struct AgentInterval {
  std::string agent;   // device
  std::string name;
  std::string queue;
  AgentState state{};
  Time from{};
  std::optional<Time> to;
  template <class A> void fields(A& a) { a("agent", agent), a("name", name), a("queue", queue), a("state", state), a("from", from), a("to", to); }
};

// Changes, in order. `call` is the call as it stands after the change.
struct CallArrived { Call call; };
struct CallJoined { Call call; };     // its last stint is new
struct CallLeftQueue { Call call; };  // its last stint ended, unanswered
struct CallConnected { Call call; };
struct CallEnded { Call call; };      // final: outcome is never `open`
struct AgentChanged { AgentInterval interval; };  // an interval closed
struct OfferMissed { std::string call, queue, agent, name; Duration rang{}; };
// A trunk's channel ended. cause: Q.850; dial_failed: it was dialled, and no way through was found.
struct TrunkLegEnded { std::string trunk; std::optional<uint16_t> cause; bool up = false, dial_failed = false; };
// An answer to a survey, tied to its call where that is known. queue: empty when neither call nor answer names one.
struct SurveyGiven { std::string call, queue; Time about{}; pbx::SurveyAnswered answer; };  // about: the call's arrival, else when it was answered
// How a leg of a call sounded. call and queue are empty when the leg belongs to none that is known; about: the call's arrival, else when it was told.
struct VoiceReported { std::string call, queue; Time about{}; pbx::VoiceHeard heard; };
struct ConfigurationSeen { std::string module; };
struct ObservationLost { std::string reason; };   // from here nothing is known
struct ObservationBack { Time lost_at{}; bool pbx_restarted = false; };

struct Change {
  Time at{};
  std::variant<CallArrived, CallJoined, CallLeftQueue, CallConnected, CallEnded, AgentChanged, OfferMissed, ConfigurationSeen, ObservationLost,
               ObservationBack, TrunkLegEnded, SurveyGiven, VoiceReported>
      what;
};

}  // namespace hf::calls
