#include "tests/golden/calls/truth.hpp"

#include <boost/json.hpp>
#include <filesystem>
#include <map>
#include <sstream>
#include <stdexcept>

#include "hal/platform/gz_reader.hpp"
#include "hal/platform/json_reading.hpp"

namespace hf::golden {

namespace {

namespace json = boost::json;

std::string text(const json::object& o, std::string_view key) { return std::string(text_of(o, key)); }

std::optional<Time> time(const json::object& o, std::string_view key) {
  const json::value* v = o.if_contains(key);
  if (v == nullptr || !v->is_number()) return std::nullopt;
  return from_unix_seconds(v->to_number<double>());
}

std::string device(const json::object& o) { return "PJSIP/" + text(o, "agent"); }

// Two phones of a ringall queue can answer within the same milliseconds: the loser is cut off and talks to nobody.
// After a blind transfer by REFER the PBX's channel is gone at once, while the phone keeps its side up to two seconds
// longer.
void add_talk(const json::object& leg, std::vector<TrueInterval>& talks) {
  if (text(leg, "result") != "answered") return;
  TrueInterval talk{device(leg), {}, *time(leg, "t_answer"), time(leg, "t_end"), {}};
  if (talk.to && *talk.to - talk.from < std::chrono::milliseconds(50)) return;
  if (const json::value* transfer = leg.if_contains("transfer");
      transfer != nullptr && text(transfer->as_object(), "kind") == "blind")
    talk.may_end_from = time(transfer->as_object(), "t");
  talks.push_back(std::move(talk));
}

void add_call(const json::object& o, Truth& truth, bool with_legs) {
  TrueCall call{text(o, "uniqueid"),
                text(o, "did"),
                text(o, "outcome"),
                *time(o, "t_invite"),
                time(o, "t_connected"),
                time(o, "t_hangup"),
                {}};
  for (const json::value& leg : o.at("legs").as_array()) {
    if (text(leg.as_object(), "result") == "answered") call.agents.push_back(device(leg.as_object()));
    if (with_legs) add_talk(leg.as_object(), truth.talks);
  }
  if (call.outcome == "end-of-run")
    ++truth.cut_by_end;
  else
    truth.calls.push_back(std::move(call));
}

// Follows the marks of one agent over the queues it is in.
struct PauseBook {
  std::map<std::pair<std::string, std::string>, std::optional<Time>> since;  // agent, queue -> paused since
  std::vector<TrueInterval>& out;

  void end(const std::string& agent, const std::string& queue, Time t) {
    auto& from = since[{agent, queue}];
    if (from) out.push_back({agent, queue, *from, t, {}});
    from.reset();
  }
  void on(const std::string& what, const std::string& agent, const std::string& queue, Time t) {
    for (auto& [key, from] : since) {
      if (key.first != agent || (!queue.empty() && key.second != queue)) continue;
      if (what == "agent_pause" && !from) from = t;
      if (what == "agent_unpause" || what == "agent_logout") end(agent, key.second, t);
    }
    if (what == "agent_login") since.try_emplace({agent, queue});
    if (what == "agent_logout") since.erase({agent, queue});
  }
};

void add_mark(const json::object& o, Truth& truth, PauseBook& pauses) {
  const std::string name = text(o, "name");
  const Time t = *time(o, "t");
  if (text(o, "response") == "Success") pauses.on(name, device(o), text(o, "queue"), t);
  if (name == "core_restart_now" || name == "crash") truth.restarts.push_back({{}, {}, t, {}, {}});
  if (name == "pbx_back" && !truth.restarts.empty()) truth.restarts.back().to = t;
}

}  // namespace

Truth read_truth(const std::string& folder) {
  const std::string packed = folder + "/truth.jsonl.gz";
  const auto content = read_gz_file(std::filesystem::exists(packed) ? packed : folder + "/truth.jsonl", 64 << 20);
  if (!content) throw std::runtime_error(content.error().what);
  Truth truth;
  PauseBook pauses{{}, truth.pauses};
  std::vector<json::object> rows;
  std::istringstream lines(*content);
  for (std::string line; std::getline(lines, line);) rows.push_back(json::parse(line).as_object());
  const bool legs_apart = content->find("\"type\": \"agent_leg\"") != std::string::npos;
  for (const json::object& o : rows) {
    const std::string type = text(o, "type");
    if (type == "call") add_call(o, truth, !legs_apart);
    if (type == "agent_leg") add_talk(o, truth.talks);
    if (type == "mark") add_mark(o, truth, pauses);
  }
  for (const auto& [key, from] : pauses.since)
    if (from) truth.pauses.push_back({key.first, key.second, *from, {}, {}});
  return truth;
}

}  // namespace hf::golden
