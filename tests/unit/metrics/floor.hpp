// A small floor for meter tests: events as text lines go through the tracker into the meter, as the core's loop does
// it.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "agent/calls/tracker.hpp"
#include "agent/metrics/meter.hpp"
#include "tests/support/caller_phrases.hpp"

namespace hf::metrics {

inline Time at(double t) { return from_unix_seconds(600.0 + t); }  // a full minute

struct Floor : test::CallerPhrases<Floor> {
  calls::Tracker tracker;
  Meter meter;
  std::vector<calls::Change> changes;
  std::vector<Minute> closed;
  std::map<std::pair<std::string, double>, Minute> latest;  // by id and start, seconds after the first minute

  void advance(double t) { advance_to(at(t)); }
  void advance_to(Time to) {
    while (true) {
      const auto a = tracker.next_deadline(), b = meter.next_deadline();
      if (!a && !b) break;
      const Time next = !a ? *b : !b ? *a : std::min(*a, *b);
      if (next > to) break;
      tracker.advance(next, changes);
      feed(next);
    }
    tracker.advance(to, changes);
    feed(to);
  }
  // "12.5 queue_joined channel=1 queue=support"
  void say(double t, const std::string& what) {
    advance(t);
    const auto event = pbx::from_text(std::to_string(600.0 + t) + " " + what);
    ASSERT_TRUE(event) << event.error().what;
    tracker.on(*event, changes);
    feed(at(t));
  }
  void feed(Time t) {
    for (const calls::Change& c : changes) meter.on(c, tracker, closed);
    changes.clear();
    meter.advance(t, tracker, closed);
    for (const Minute& m : closed) latest[{m.id, unix_seconds(m.start) - 600.0}] = m;
    closed.clear();
  }
  const Minute& minute(const std::string& id, double start = 0) { return latest.at({id, start}); }

  // A source that sees all, one queue "support" with these agents, one trunk.
  void open(int agents) {
    calls::SiteModel model;
    model.trunks = {"PJSIP/trunk"};
    model.lines = {{"5550101", "", "support", {}, {}}};
    tracker.set_site_model(model);
    meter.set_site_model(model);
    say(0, "source_up product=test channel_events=1 dialplan_events=1 agent_state=1");
    say(0, "resync_started");
    say(0, "queue_seen queue=support");
    for (int i = 1; i <= agents; ++i)
      say(0, "member_state queue=support member=PJSIP/100" + std::to_string(i) + " device=PJSIP/100" +
                 std::to_string(i) + " state=1");
    say(0, "resync_ended");
  }
  void answer(double t, const std::string& id, const std::string& agent = "1001") {
    say(t, "queue_left channel=" + id + " queue=support");
    say(t, "member_connected channel=" + id + " queue=support member=PJSIP/" + agent + " leg=leg" + id);
  }
  void hang_up(double t, const std::string& id) {
    say(t, "hangup_requested channel=" + id);
    say(t, "channel_ended channel=" + id + " linked=" + id);
  }
};

}  // namespace hf::metrics
