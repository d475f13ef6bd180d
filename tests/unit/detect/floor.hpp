// A contact centre's floor, played by hand: what happens there becomes CallEvents, these go through the tracker and the
// detector, and the findings are kept. Times are seconds after the start.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "agent/calls/tracker.hpp"
#include "agent/detect/detector.hpp"

namespace hf::detect {

class Floor {
 public:
  static Time time(double s) { return from_unix_seconds(1'790'000'000 + s); }
  static double since_start(Time t) { return unix_seconds(t) - 1'790'000'000; }

  explicit Floor(bool steps = true) : steps_(steps) {
    calls::SiteModel model;
    model.trunks = {"PJSIP/trunk"};
    set(model);
    up();
  }

  void set(calls::SiteModel model) {
    model.trunks = {"PJSIP/trunk"};
    tracker.set_site_model(model);
    detector.set_site_model(model);
  }
  void up() {
    on(pbx::SourceUp{"Asterisk 22", true, steps_, true});
    on(pbx::ResyncStarted{pbx::ResyncScope::queues});
    for (const auto& [id, m] : members_) on(m);
    on(pbx::ResyncEnded{pbx::ResyncScope::queues});
  }
  void at(double s) {
    const Time to = time(s);
    while (true) {
      const auto a = tracker.next_deadline(), b = detector.next_deadline();
      if (!a && !b) break;
      const Time next = !a ? *b : !b ? *a : std::min(*a, *b);
      if (next > to) break;
      tracker.advance(next, changes_);
      feed();
      detector.advance(next, tracker, findings);
    }
    now_ = std::max(now_, to);
  }
  void on(pbx::CallEventBody body) {
    detector.heard({now_, pbx_ahead ? std::optional(now_ + *pbx_ahead) : std::nullopt, body});
    tracker.on({now_, pbx_ahead ? std::optional(now_ + *pbx_ahead) : std::nullopt, std::move(body)}, changes_);
    feed();
  }

  void agent(const std::string& queue, const std::string& phone, bool paused = false,
             pbx::DeviceState state = pbx::DeviceState::not_in_use) {
    pbx::MemberState m;
    m.queue = queue, m.member = m.device = phone, m.name = "Agent " + phone, m.state = state, m.paused = paused;
    members_[queue + phone] = m;
    on(m);
  }
  void agents(const std::string& queue, int from, int to) {
    for (int i = from; i <= to; ++i) agent(queue, "PJSIP/" + std::to_string(i));
  }
  void remove(const std::string& queue, const std::string& phone) {
    members_.erase(queue + phone);
    on(pbx::MemberRemoved{queue, phone});
  }

  void arrive(const std::string& id, const std::string& line) {
    pbx::ChannelStarted c;
    c.channel = c.linked = id, c.device = "PJSIP/trunk", c.dialled = line, c.context = "from-trunk";
    on(c);
    on(pbx::ChannelStateChanged{id, pbx::ChannelState::up});
  }
  void step(const std::string& id, pbx::StepKind kind, const std::string& sound = {}) {
    on(pbx::ChannelStep{id, kind, "line", sound, {}});
  }
  void join(const std::string& id, const std::string& queue) {
    if (steps_) step(id, pbx::StepKind::queue, queue);
    on(pbx::QueueJoined{id, queue, {}, {}});
  }
  void leave(const std::string& id, const std::string& queue) { on(pbx::QueueLeft{id, queue}); }
  // The queue's own limit ended the wait: the AMI says so in these words.
  void time_out(const std::string& id, const std::string& queue) {
    on(pbx::QueueAbandoned{id, queue, {}});
    leave(id, queue);
  }
  void connect(const std::string& id, const std::string& queue, const std::string& phone) {
    leave(id, queue);
    on(pbx::MemberConnected{id, queue, phone, "Agent " + phone, id + "/leg", {}, {}});
    busy(queue, phone, true);
  }
  void done(const std::string& id, const std::string& queue, const std::string& phone) {
    on(pbx::MemberDone{id, queue, phone, id + "/leg", {}, {}, pbx::TalkEnd::agent});
    hang_up(id);
    busy(queue, phone, false);
  }
  void miss(const std::string& id, const std::string& queue, const std::string& phone, double rang) {
    on(pbx::MemberOffered{id, queue, phone, id + "/leg" + phone});
    on(pbx::MemberMissed{id, queue, phone, id + "/leg" + phone, from_seconds(rang)});
  }
  void hang_up(const std::string& id) {
    on(pbx::HangupRequested{id, pbx::HangupSide::far_end});
    on(pbx::ChannelEnded{id, id, 16});
  }
  // One ordinary call: to the queue after `dwell`, answered after `ring`, over after `talk`. Leaves the clock at its
  // end.
  void call(double s, const std::string& line, const std::string& queue, const std::string& phone, double dwell = 4,
            double ring = 3, double talk = 20) {
    const std::string id = "c" + std::to_string(++calls_);
    at(s), arrive(id, line);
    at(s + dwell), join(id, queue);
    at(s + dwell + ring), connect(id, queue, phone);
    at(s + dwell + ring + talk), done(id, queue, phone);
  }
  // n ordinary calls, one a minute from `s` on.
  void calls(int n, double s, const std::string& line, const std::string& queue, const std::string& phone,
             double dwell = 4) {
    for (int i = 0; i < n; ++i) call(s + 60 * i, line, queue, phone, dwell);
  }

  std::vector<Finding> of(FindingKind kind, const std::string& signal = {}) const {
    std::vector<Finding> some;
    for (const Finding& f : findings)
      if (f.kind == kind && (signal.empty() || f.signal == signal)) some.push_back(f);
    return some;
  }
  // Lines accused of an artificial hold, in the order they were named.
  std::vector<std::string> held_lines() const {
    std::vector<std::string> lines;
    for (const Finding& f : findings)
      if (f.kind == FindingKind::news && (f.signal == "held_beside_free" || f.signal == "constant_wait"))
        lines.push_back(f.line);
    return lines;
  }
  double total(const std::string& name) const {
    double v = -1;
    for (const Finding& f : findings)
      if (f.kind == FindingKind::totals && f.values.contains(name)) v = f.values.at(name);
    return v;
  }

  calls::Tracker tracker;
  Detector detector;
  std::vector<Finding> findings;
  std::optional<Duration> pbx_ahead;  // the PBX tells its own time, so far ahead of ours

 private:
  void busy(const std::string& queue, const std::string& phone, bool in_call) {
    for (auto& [id, m] : members_) {
      if (m.device != phone) continue;
      m.state = in_call ? pbx::DeviceState::in_use : pbx::DeviceState::not_in_use;
      m.in_call = in_call && m.queue == queue;
      on(m);
    }
  }
  void feed() {
    for (const calls::Change& c : changes_) detector.on(c, tracker, findings);
    changes_.clear();
  }

  bool steps_;
  Time now_ = time(0);
  std::map<std::string, pbx::MemberState> members_;
  std::vector<calls::Change> changes_;
  int calls_ = 0;
};

}  // namespace hf::detect
