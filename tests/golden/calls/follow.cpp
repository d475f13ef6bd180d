#include "tests/golden/calls/follow.hpp"

#include <stdexcept>

#include "hal/pbx/recorded/open_capture.hpp"

namespace hf::golden {

namespace {

void collect(std::vector<calls::Change>& changes, Followed& all) {
  for (calls::Change& change : changes) {
    if (auto* ended = std::get_if<calls::CallEnded>(&change.what)) {
      if (!all.calls.emplace(ended->call.id, ended->call).second) ++all.ended_twice;
    } else if (auto* agent = std::get_if<calls::AgentChanged>(&change.what)) {
      all.intervals.push_back(agent->interval);
    }
  }
  changes.clear();
}

}  // namespace

std::vector<pbx::CallEvent> read_events(const std::string& path) {
  auto capture = pbx::open_capture(path, SipKey{});
  if (!capture) throw std::runtime_error(capture.error().what);
  std::vector<pbx::CallEvent> events;
  for (pbx::Batch batch; (*capture)->next(batch);)
    for (pbx::CallEvent& e : batch.events) events.push_back(std::move(e));
  return events;
}

Followed follow(const std::vector<pbx::CallEvent>& events) {
  calls::Tracker tracker;
  Followed all;
  std::vector<calls::Change> changes;
  for (const pbx::CallEvent& e : events) {
    tracker.on(e, changes);
    collect(changes, all);
    ++all.events;
  }
  if (!events.empty()) tracker.advance(events.back().at + std::chrono::seconds(60), changes);
  collect(changes, all);
  for (const auto& [id, call] : tracker.open_calls()) all.calls.emplace(id, call);
  for (calls::AgentInterval& open : tracker.open_intervals()) all.intervals.push_back(std::move(open));
  return all;
}

std::vector<pbx::CallEvent> without_dialplan(std::vector<pbx::CallEvent> events) {
  std::erase_if(events, [](const pbx::CallEvent& e) {
    return std::holds_alternative<pbx::ChannelStep>(e.body) || std::holds_alternative<pbx::QueueExited>(e.body) ||
           std::holds_alternative<pbx::VoiceHeard>(e.body);
  });
  for (pbx::CallEvent& e : events)
    if (auto* up = std::get_if<pbx::SourceUp>(&e.body)) up->dialplan_events = false;
  return events;
}

}  // namespace hf::golden
