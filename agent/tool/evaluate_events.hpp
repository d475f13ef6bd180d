// Rows of a day as the events that a PBX would have sent. In: Days in order. Out: CallEvents in time order; civil time
// is taken as if it were UTC. What a call begins before midnight and ends after it is kept until then. Owned by the
// evaluation.
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "agent/tool/evaluate_folder.hpp"
#include "hal/pbx/call_event.hpp"

namespace hf::app {

// What the source is made to know. login_only: who is logged in, not who is ready (a queue_log).
enum class AgentView : uint8_t { full, login_only, none };

class EvaluateEvents {
 public:
  // `false_ready`: this share of the log-in blocks (0 to 1) is shown ready falsely, in three ways that each take a part
  // of the blocks by lot: a second member beside the agent who is never given a call (a skill that does not match, a
  // phone left off; half the share), an agent who goes home and leaves his phone logged in for as long as he worked
  // (half the share), an agent whose pauses are not shown (the share).
  EvaluateEvents(AgentView view, double false_ready, uint64_t seed)
      : view_(view), false_ready_(false_ready), random_(seed) {}

  // Appends all that happens before the end of `day`, in order.
  void day(const Day& day, std::vector<pbx::CallEvent>& out);
  // What is left after the last day.
  void rest(std::vector<pbx::CallEvent>& out);

 private:
  // The order within a second: people come, talks end, calls join, calls are answered or lost, people go.
  enum class Order : uint8_t { comes, ends, joins, leaves, ends_at_once, goes };
  struct Timed {
    Time at{};
    Order order{};
    pbx::CallEventBody body;
  };
  using Membership = std::pair<std::string, std::string>;  // queue, agent
  void call(Time midnight, const CallRow& row);
  void agent(Time midnight, const AgentRow& row);
  void login(Time at, const AgentRow& row);
  void logout(Time at, const AgentRow& row);
  void add(Time at, Order order, pbx::CallEventBody body) { waiting_.push_back({at, order, std::move(body)}); }
  void hand_out(Time until, std::vector<pbx::CallEvent>& out);
  bool lot(double chance);

  AgentView view_;
  double false_ready_;
  std::mt19937_64 random_;
  std::map<Membership, Time> logged_in_;
  std::map<Membership, Time> stays_until_;  // left his phone logged in
  std::set<Membership> shadows_, unpausable_;
  std::vector<Timed> waiting_;
  bool up_ = false;
};

}  // namespace hf::app
