// The simulated centre: an agenda of steps, and what the steps change. In: options, a start. Out: CallEvents in time order, and the truth.
// Private to the simulator; sim_model.hpp is what others use. Its methods are grouped by file: sim_world (agenda, events), sim_arrivals,
// sim_queue (offers), sim_calls (after the answer), sim_agents, sim_scenario.
#pragma once

#include <deque>
#include <map>
#include <queue>
#include <string>
#include <tuple>
#include <vector>

#include "hal/pbx/call_event.hpp"
#include "hal/pbx/simulated/sim_picture.hpp"
#include "hal/pbx/simulated/sim_random.hpp"
#include "hal/pbx/simulated/sim_site.hpp"
#include "hal/pbx/simulated/sim_truth.hpp"

namespace hf::pbx {

struct SimCall {
  uint32_t number = 0;
  size_t line = 0;              // index of the site's queue it dialled for
  SimRandom random;
  SimCallTruth truth;
  double talk_s = 0;
  std::string context;          // dialplan context it stands in
  bool music = false;
  bool leaving = false;         // on its way out of the dialplan: nothing more can happen
  uint32_t segment = 0;         // of an imposed hold
  Time hold_from{};
  std::string queue;            // waits in it; empty = in none
  Time joined{};
  uint32_t stay = 0;            // grows with every join and leave: steps planned for an older stay are void
  uint32_t offers = 0;          // the same for offers
  std::optional<size_t> agent;  // who rings or talks
  std::string leg, bridge;
  Time rang_from{}, talk_from{}, on_hold_from{};
  bool talking = false, on_hold = false, by_queue = false;
};

enum class SimActivity : uint8_t { idle, ringing, talking, private_call };

struct SimAgentState {
  SimRandom random;
  bool logged_in = false, paused = false, reachable = true, refuses = false, away = false;  // away: sent home by a scenario
  SimActivity activity = SimActivity::idle;
  bool in_queue_call = false;   // as the queue counts it
  std::string pause_reason;
  std::optional<Time> last_call;
  Time free_from{};             // end of wrap-up
  Time idle_since{};
  uint32_t sitting = 0;         // grows with every login and logout
};

struct SimPrivateCall {  // an agent calls a colleague or somebody outside
  size_t from = 0;
  std::optional<size_t> to;
  std::string a, b, bridge;
};

class SimWorld {
 public:
  SimWorld(SimOptions options, Time start, Time live);

  using Run = void (SimWorld::*)(uint32_t id, uint32_t token);
  // The next event at or before `limit`, running steps as needed.
  std::optional<CallEvent> next(Time limit);
  Time next_at() const;         // of the earliest waiting event or step
  void appear(Time at);         // an observer connects: tells itself, then the picture
  void show_picture(Time at);
  const SimTruth& truth() const { return truth_; }

 private:
  // sim_world
  struct Step {
    Time at;
    uint64_t order;
    Run run;
    uint32_t id, token;
    bool operator<(const Step& other) const { return std::tie(other.at, other.order) < std::tie(at, order); }  // earliest on top
  };
  void at(Time when, Run run, uint32_t id = 0, uint32_t token = 0);
  void in(double after_s, Run run, uint32_t id = 0, uint32_t token = 0) { at(now_ + from_seconds(after_s), run, id, token); }
  Time emit(CallEventBody body);
  std::string new_channel();
  std::string new_bridge();
  void greet_observer();
  void tell_picture();
  void record(const SimCall& c);  // in the truth
  SimCall* call(uint32_t number);
  void close(SimCall& c, SimOutcome outcome);   // destroys it
  void start_music(SimCall& c);
  void stop_music(SimCall& c);
  void hang_up(const std::string& channel, const std::string& linked, uint16_t cause);
  void dialplan(SimCall& c, StepKind kind, std::string context, std::string sound = {}, std::optional<Duration> planned = {});
  const SimQueue& line_of(const SimCall& c) const { return o_.site.queues[c.line]; }

  // sim_arrivals
  double minute_of_day() const;   // local
  double rate(size_t line) const; // calls per second now
  void next_arrival(uint32_t line, uint32_t);
  void arrive(size_t line);
  void plan_person(SimCall& c);
  void greeted(uint32_t number, uint32_t);
  void enter_queue(SimCall& c, const std::string& queue);
  void give_up(uint32_t number, uint32_t);
  void press_key(uint32_t number, uint32_t stay);
  void time_out(uint32_t number, uint32_t stay);
  void say_sorry(SimCall& c, SimOutcome outcome, const char* context, const char* sound);
  void put_out(uint32_t number, uint32_t);

  // sim_queue
  void leave_queue(SimCall& c);
  void poll(uint32_t number, uint32_t stay);
  bool offer(SimCall& c);         // false: nobody took the offer
  void refuse(SimCall& c, size_t agent);
  void ring(SimCall& c, size_t agent);
  void cancel_ring(SimCall& c);
  void miss(uint32_t number, uint32_t offer);
  void answer(uint32_t number, uint32_t offer);
  void begin_leg(SimCall& c, size_t agent);

  // sim_calls
  void hold_begins(uint32_t number, uint32_t offer);
  void hold_ends(uint32_t number, uint32_t offer);
  void transfer(uint32_t number, uint32_t offer);
  void transfer_answered(uint32_t number, uint32_t offer);
  void finish(uint32_t number, uint32_t offer);
  void bridge_up(SimCall& c);
  void bridge_down(SimCall& c, bool leg_first);
  void member_done(SimCall& c, TalkEnd end);
  void abandon(SimCall& c);

  // sim_agents
  void staff_shifts();
  bool on_shift(size_t agent) const;
  bool member_of(size_t agent, const std::string& queue) const;
  void check_shift(uint32_t agent, uint32_t);
  void log_in(size_t agent);
  void log_out(size_t agent);
  void show_agent(size_t agent, bool added = false);
  MemberState member_state(size_t agent, const SimQueue& queue, bool added) const;
  DeviceState device_state(size_t agent) const;
  bool could_take(size_t agent) const;     // in the PBX's opinion
  bool available(const std::string& queue) const;
  std::vector<size_t> takers(const std::string& queue) const;  // longest idle first
  void show_availability(size_t agent);
  void wrapped_up(uint32_t agent, uint32_t);
  void set_activity(size_t agent, SimActivity activity);
  void release(size_t agent, bool queue_call);
  void pause(uint32_t agent, uint32_t sitting);
  void unpause(uint32_t agent, uint32_t sitting);
  void plan_private_call(uint32_t agent);
  void private_call(uint32_t agent, uint32_t sitting);
  void private_answered(uint32_t number, uint32_t);
  void private_ended(uint32_t number, uint32_t);
  std::string device(size_t agent) const { return "PJSIP/" + o_.site.agents[agent].extension; }

  // sim_scenario
  bool under_policy(size_t line) const;
  bool holds(SimCall& c) const;
  void start_hold(SimCall& c);
  void hold_step(uint32_t number, uint32_t segment);
  void hold_over(SimCall& c);
  void onset(uint32_t, uint32_t);
  void withdraw(uint32_t, uint32_t);
  void empty_floor(size_t line, size_t keep);
  void lose_phones();
  void refuse_phones();
  void shut_down();
  void crash();
  void drop_calls(bool told);
  void boot(uint32_t, uint32_t);
  void register_phone(uint32_t agent, uint32_t boots);

  SimOptions o_;
  Time now_, last_at_, live_;
  Duration curve_shift_{};
  std::priority_queue<Step> agenda_;
  uint64_t order_ = 0;
  std::deque<CallEvent> out_;
  bool up_ = true;              // the PBX runs
  bool policy_ = false;
  Time booted_{};
  uint32_t boots_ = 0;
  uint64_t channels_ = 0, bridges_ = 0;
  uint32_t calls_made_ = 0, private_made_ = 0;
  std::vector<SimRandom> arrivals_;             // one stream a line
  std::map<uint32_t, SimCall> calls_;
  std::map<std::string, std::deque<uint32_t>> waiting_;  // by queue
  std::vector<SimAgentState> agents_;
  std::map<uint32_t, SimPrivateCall> private_;
  std::map<std::string, bool> available_;       // as last told
  SimPicture picture_;
  SimTruth truth_;
};

}  // namespace hf::pbx
