// A small floor for rules: events go through tracker and meter into the book, as the core's loop does it.
#pragma once

#include <functional>

#include "agent/rules/book.hpp"
#include "tests/unit/metrics/floor.hpp"

namespace hf::rules {

struct Floor : Sight {
  calls::Tracker tracker;
  metrics::Meter meter;
  Book book{"epoch"};
  std::vector<calls::Change> changes;
  std::vector<metrics::Minute> closed;
  std::vector<Firing> told;
  Time now = metrics::at(0);
  std::function<std::optional<double>(Measure, const Place&, Time, Time)> what_is_usual;  // unset: nothing is known

  void waiting(std::vector<std::pair<Place, Time>>& out) const override {
    for (const auto& [id, call] : tracker.open_calls()) {
      if (!calls::Tracker::waiting(call)) continue;
      if (!call.line.empty()) out.push_back({{metrics::Scope::line, call.line}, call.arrived});
      if (!call.stints.empty() && !call.stints.back().left) out.push_back({{metrics::Scope::queue, call.stints.back().queue}, call.stints.back().joined});
    }
  }
  bool observing(const Place&) const override { return tracker.observing(); }
  std::optional<calls::QueueNow> queue(const Place& place) const override {
    return tracker.queue(place.scope == metrics::Scope::queue ? place.id : tracker.queue_of_line(place.id));
  }
  std::vector<Place> known() const override {
    std::vector<Place> places;
    for (const auto& [scope, id] : meter.known()) places.push_back({scope, id});
    return places;
  }
  std::optional<double> usual(Measure measure, const Place& place, Time from, Time to) const override {
    return what_is_usual ? what_is_usual(measure, place, from, to) : std::nullopt;
  }


  void advance(double t) { advance_to(metrics::at(t)); }
  void advance_to(Time to) {
    while (true) {
      std::optional<Time> next;
      for (const auto& due : {tracker.next_deadline(), meter.next_deadline(), book.next_deadline()})
        if (due && (!next || *due < *next)) next = due;
      if (!next || *next > to) break;
      now = std::max(now, *next);
      tracker.advance(now, changes);
      feed();
      book.advance(now, *this, told);
    }
    now = to;
  }
  void say(double t, const std::string& what) {
    advance(t);
    const auto event = pbx::from_text(std::to_string(600.0 + t) + " " + what);
    ASSERT_TRUE(event) << event.error().what;
    tracker.on(*event, changes);
    feed();
  }
  void feed() {
    for (const auto& c : changes) {
      meter.on(c, tracker, closed);
      if (const auto* ended = std::get_if<calls::CallEnded>(&c.what)) book.on(ended->call);
    }
    changes.clear();
    meter.advance(now, tracker, closed);
    for (const auto& m : closed) book.on(m);
    closed.clear();
  }

  void open(int agents, bool agent_state = true) {
    calls::SiteModel model;
    model.trunks = {"PJSIP/trunk"};
    model.lines = {{"5550101", "Help line", "support", {}, {}}};
    model.queues = {{"support", "Support desk"}};
    tracker.set_site_model(model), meter.set_site_model(model), book.set_site_model(model);
    say(0, std::string("source_up product=test channel_events=1 dialplan_events=1 agent_state=") + (agent_state ? "1" : "0"));
    say(0, "resync_started");
    say(0, "queue_seen queue=support");
    for (int i = 1; i <= agents; ++i)
      say(0, "member_state queue=support member=PJSIP/100" + std::to_string(i) + " device=PJSIP/100" + std::to_string(i) + " state=1");
    say(0, "resync_ended");
  }
  void arrive(double t, const std::string& id) {
    say(t, "channel_started channel=" + id + " linked=" + id + " device=PJSIP/trunk dialled=5550101 context=from-trunk caller=7");
    say(t, "queue_joined channel=" + id + " queue=support");
  }
  void answer(double t, const std::string& id) {
    say(t, "queue_left channel=" + id + " queue=support");
    say(t, "member_connected channel=" + id + " queue=support member=PJSIP/1001 leg=leg" + id);
  }
  void hang_up(double t, const std::string& id) {
    say(t, "hangup_requested channel=" + id);
    say(t, "channel_ended channel=" + id + " linked=" + id);
  }
  // Seconds after the first minute.
  static double at(Time t) { return unix_seconds(t) - 600; }

  void set(const std::string& text, Mode mode = Mode::active, const std::string& id = "r1") {
    Rule rule;
    rule.id = id, rule.name = "test", rule.text = text, rule.mode = mode, rule.severity = Severity::warning;
    act(SetRule{rule});
  }
  template <class What>
  void act(What what) {
    const Action action{1, "mia", std::move(what)};
    const auto good = book.check(action, now);
    EXPECT_TRUE(good) << good.error().what;
    book.take(action, now, told);
  }
  const Instance& instance(const std::string& rule = "r1") const {
    for (const auto& [key, instance] : book.instances())
      if (key.first == rule) return instance;
    static const Instance kNone;
    return kNone;
  }
};

}  // namespace hf::rules
