#include "tests/golden/freeswitch/truth.hpp"

#include <boost/json.hpp>
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
  return Time(std::chrono::milliseconds(v->to_number<int64_t>()));
}

void add_call(const json::object& o, FsTruth& truth) {
  if (text(o, "uuid").empty()) return;  // the PBX was down
  FsCall call{text(o, "uuid"),
              text(o, "dest"),
              text(o, "result"),
              text(o, "label"),
              text(o, "ended_by"),
              *time(o, "invite_ms"),
              time(o, "agent_answer_ms"),
              time(o, "end_ms"),
              time(o, "hold_on_ms"),
              time(o, "hold_off_ms"),
              {}};
  if (const json::value* agents = o.if_contains("agents"))
    for (const json::value& a : agents->as_array())
      call.talks.push_back(
          {text(a.as_object(), "agent"), *time(a.as_object(), "answer_ms"), time(a.as_object(), "end_ms")});
  if (call.talks.empty() && call.answered) call.talks.push_back({text(o, "agent"), *call.answered, call.ended});
  truth.calls.push_back(std::move(call));
}

void set_status(const json::object& o, FsTruth& truth, std::map<std::string, Time>& since) {
  const std::string agent = text(o, "agent");
  if (const auto began = since.find(agent); began != since.end()) {
    truth.breaks.push_back({agent, began->second, time(o, "t")});
    since.erase(began);
  }
  if (text(o, "status") == "On Break") since[agent] = *time(o, "t");
}

}  // namespace

FsTruth read_fs_truth(const std::string& folder) {
  const auto content = read_gz_file(folder + "/truth.jsonl.gz", 16 << 20);
  if (!content) throw std::runtime_error(content.error().what);
  FsTruth truth;
  std::map<std::string, Time> break_since;
  std::istringstream lines(*content);
  for (std::string line; std::getline(lines, line);) {
    const json::object o = json::parse(line).as_object();
    const std::string type = text(o, "type");
    if (type == "call") add_call(o, truth);
    if (type == "loopback_call") ++truth.loopback_calls;
    if (type == "agent_status") set_status(o, truth, break_since);
    if (type == "pbx_kill") truth.killed = time(o, "t");
    if (type == "pbx_shutdown") truth.shut_down = time(o, "t");
    if (type == "phase" && text(o, "phase") == "hp forced hold") truth.held_from = time(o, "t");
    if (type == "phase" && text(o, "phase") == "withdrawn") truth.held_to = time(o, "t");
  }
  return truth;
}

}  // namespace hf::golden
