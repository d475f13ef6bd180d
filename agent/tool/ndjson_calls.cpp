#include "agent/tool/ndjson_calls.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <optional>
#include <utility>

namespace hf::app {

namespace {

// One JSON object, field by field.
class Object {
 public:
  void text(std::string_view name, std::string_view value) {
    key(name);
    if (value.empty())
      out_ += "null";
    else
      append_string(value);
  }
  void texts(std::string_view name, const std::vector<calls::Stint>& stints) {
    key(name);
    out_ += '[';
    for (size_t i = 0; i < stints.size(); ++i) {
      if (i > 0) out_ += ',';
      append_string(stints[i].queue);
    }
    out_ += ']';
  }
  void time(std::string_view name, std::optional<Time> t) {
    micros(name, t ? std::optional(t->time_since_epoch()) : std::nullopt);
  }
  void micros(std::string_view name, std::optional<Duration> d) {
    key(name);
    if (!d)
      out_ += "null";
    else
      fmt::format_to(std::back_inserter(out_), "{}{}.{:06}", d->count() < 0 ? "-" : "",
                     std::abs(d->count()) / 1'000'000, std::abs(d->count()) % 1'000'000);
  }
  std::string line() && { return std::move(out_) + "}\n"; }

 private:
  void key(std::string_view name) {
    out_ += out_.size() == 1 ? "\"" : ",\"";
    out_.append(name), out_ += "\":";
  }
  void append_string(std::string_view s) {
    out_ += '"';
    for (const char c : s) {
      if (c == '"' || c == '\\')
        out_ += '\\', out_ += c;
      else if (static_cast<unsigned char>(c) < 0x20)
        fmt::format_to(std::back_inserter(out_), "\\u{:04x}", static_cast<unsigned>(c));
      else
        out_ += c;
    }
    out_ += '"';
  }
  std::string out_ = "{";
};

// Known where the arrival itself is: seen, or told by the PBX in a picture of its channels.
std::optional<Duration> caller_wait(const calls::Call& call, const pbx::SourceUp& source) {
  if (!call.arrival_seen && !source.channel_events) return std::nullopt;
  return call.caller_wait();
}

std::optional<Duration> queue_wait(const calls::Call& call) {
  if (call.stints.empty() || !call.stints.back().left) return std::nullopt;
  return *call.stints.back().left - call.stints.back().joined;
}

}  // namespace

std::string_view to_string(calls::Outcome outcome) {
  switch (outcome) {
    case calls::Outcome::open:
      return "open";
    case calls::Outcome::answered:
      return "answered";
    case calls::Outcome::abandoned:
      return "abandoned";
    case calls::Outcome::timeout:
      return "timeout";
    case calls::Outcome::exit_key:
      return "exit_key";
    case calls::Outcome::refused:
      return "refused";
    case calls::Outcome::lost_by_restart:
      return "lost_by_restart";
  }
  return "open";
}

std::string_view to_string(calls::AgentState state) {
  switch (state) {
    case calls::AgentState::logged_out:
      return "logged_out";
    case calls::AgentState::free:
      return "free";
    case calls::AgentState::ringing:
      return "ringing";
    case calls::AgentState::talking:
      return "talking";
    case calls::AgentState::on_hold:
      return "on_hold";
    case calls::AgentState::wrap_up:
      return "wrap_up";
    case calls::AgentState::paused:
      return "paused";
    case calls::AgentState::busy:
      return "busy";
    case calls::AgentState::unavailable:
      return "unavailable";
    case calls::AgentState::not_answering:
      return "not_answering";
    case calls::AgentState::unknown:
      break;
  }
  return "unknown";
}

std::string call_ndjson(const calls::Call& call, const pbx::SourceUp& source) {
  Object o;
  o.text("uniqueid", call.id);
  o.text("line", call.line);
  o.text("queue", call.stints.empty() ? std::string_view{} : call.stints.back().queue);
  o.texts("queues", call.stints);
  o.time("arrived", call.arrived);
  o.time("connected", call.connected);
  o.time("ended", call.ended);
  o.text("outcome", to_string(call.ended ? call.outcome : calls::Outcome::open));
  o.micros("caller_wait_s", caller_wait(call, source));
  o.micros("queue_wait_s", queue_wait(call));
  o.micros("hold_s", source.channel_events ? std::optional(call.hold) : std::nullopt);
  o.micros("talk_s", call.talk);
  o.text("agent", call.agent);
  return std::move(o).line();
}

std::string agent_ndjson(const calls::AgentInterval& interval) {
  Object o;
  o.text("agent", interval.agent);
  o.text("queue", interval.queue);
  o.time("from", interval.from);
  o.time("to", interval.to);
  o.text("state", to_string(interval.state));
  return std::move(o).line();
}

}  // namespace hf::app
