// A small floor for tracker tests: events as text lines, and the changes they make.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "agent/calls/tracker.hpp"
#include "tests/support/caller_phrases.hpp"

namespace hf::calls {

inline Time at(double t) { return from_unix_seconds(1'000'000.0 + t); }

struct Floor : test::CallerPhrases<Floor> {
  Tracker tracker;
  std::vector<Change> changes;

  // "queue_joined channel=1 queue=support"; `pbx` also gives the PBX's own time.
  void say(double t, const std::string& what) {
    const auto event = pbx::from_text(std::to_string(1'000'000.0 + t) + " " + what);
    ASSERT_TRUE(event) << event.error().what;
    tracker.on(*event, changes);
  }
  void advance(double t) { tracker.advance(at(t), changes); }

  // A source that sees all. Agents 1001... in queue "support"; the trunk is told only when `trunk`.
  void open(int agents, bool trunk = true) {
    if (trunk) {
      SiteModel model;
      model.trunks = {"PJSIP/trunk"};
      tracker.set_site_model(model);
    }
    say(0, "source_up product=test channel_events=1 dialplan_events=1 agent_state=1");
    say(0, "pbx_life state=0 booted=900000.000000");
    say(0, "resync_started scope=0");
    say(0, "queue_seen queue=support");
    for (int i = 1; i <= agents; ++i) member(0, i);
    say(0, "resync_ended scope=0");
    say(0, "resync_started scope=1");
    say(0, "resync_ended scope=1");
  }
  void member(double t, int agent, const std::string& more = "state=1") {
    const std::string n = std::to_string(1000 + agent);
    say(t, "member_state queue=support member=PJSIP/" + n + " device=PJSIP/" + n + " name=Agent" + n +
               " wrapup=5000000 " + more);
  }
  // After a gap: the source again, and a picture in which agent 1 stands like this.
  void back(double t, const std::string& agent) {
    say(t, "source_up product=test channel_events=1 agent_state=1");
    say(t, "resync_started scope=0");
    member(t, 1, agent);
    say(t, "resync_ended scope=0");
  }
  void offer(double t, const std::string& id, const std::string& leg, int agent) {
    const std::string device = "PJSIP/" + std::to_string(1000 + agent);
    say(t, "channel_started channel=" + leg + " linked=" + id + " device=" + device + " dialled=s context=from-phones");
    say(t, "member_offered channel=" + id + " queue=support member=" + device + " leg=" + leg);
  }
  void answer(double t, const std::string& id, const std::string& leg, int agent) {
    const std::string device = "PJSIP/" + std::to_string(1000 + agent);
    say(t, "channel_state channel=" + leg + " state=2");
    say(t, "queue_left channel=" + id + " queue=support");
    say(t, "member_connected channel=" + id + " queue=support member=" + device + " name=Agent leg=" + leg);
    say(t, "bridge_entered channel=" + leg + " linked=" + id + " bridge=b" + leg + " channels=1");
    say(t, "bridge_entered channel=" + id + " linked=" + id + " bridge=b" + leg + " channels=2");
  }
  void done(double t, const std::string& id, const std::string& leg, int agent, int end = 2) {
    say(t, "member_done channel=" + id + " queue=support member=PJSIP/" + std::to_string(1000 + agent) + " leg=" + leg +
               " end=" + std::to_string(end));
  }
  void leave_bridge(double t, const std::string& id, const std::string& leg) {
    say(t, "bridge_left channel=" + id + " linked=" + id + " bridge=b" + leg);
  }
  void far_end_hangs_up(double t, const std::string& id) { say(t, "hangup_requested channel=" + id + " side=0"); }
  void pbx_hangs_up(double t, const std::string& id) { say(t, "hangup_requested channel=" + id + " side=1"); }
  void end(double t, const std::string& id, const std::string& linked = {}) {
    say(t, "channel_ended channel=" + id + " linked=" + (linked.empty() ? id : linked));
  }
  void timed_out(double t, const std::string& id, const std::string& queue = "support") {
    say(t, "queue_abandoned channel=" + id + " queue=" + queue + " wait=20000000");
    say(t, "queue_left channel=" + id + " queue=" + queue);
  }

  const Call* ended(const std::string& id) const {
    for (const Change& c : changes)
      if (const auto* e = std::get_if<CallEnded>(&c.what); e != nullptr && e->call.id == id) return &e->call;
    return nullptr;
  }
  Outcome outcome(const std::string& id) const {
    const Call* call = ended(id);
    return call == nullptr ? Outcome::open : call->outcome;
  }
  template <class What>
  size_t count() const {
    size_t n = 0;
    for (const Change& c : changes) n += std::holds_alternative<What>(c.what) ? 1 : 0;
    return n;
  }
  // Closed intervals of an agent in this state, as "from-to" in seconds.
  std::vector<std::pair<double, double>> intervals(const std::string& agent, AgentState state) const {
    std::vector<std::pair<double, double>> all;
    for (const Change& c : changes)
      if (const auto* a = std::get_if<AgentChanged>(&c.what);
          a != nullptr && a->interval.agent == agent && a->interval.state == state)
        all.emplace_back(seconds(a->interval.from - at(0)), seconds(*a->interval.to - at(0)));
    return all;
  }
  AgentState state_of(const std::string& agent, const std::string& queue = "support") const {
    for (const AgentNow& a : tracker.agents())
      if (a.agent == agent && a.queue == queue) return a.state;
    return AgentState::logged_out;
  }
  uint32_t free(const std::string& queue = "support") const { return tracker.queue(queue)->free.value_or(999); }
};

using Spans = std::vector<std::pair<double, double>>;

}  // namespace hf::calls
