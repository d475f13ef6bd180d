#include "hal/pbx/asterisk/history_call.hpp"

#include <algorithm>

namespace hf::pbx {

namespace {

constexpr Duration kWholeSecond = std::chrono::seconds(1), kSlack = std::chrono::milliseconds(700);

// Of what in the CEL a line of the queue_log speaks. The log's second is the one in which the line was written: shortly after the thing.
std::optional<CelKind> same_thing(const CallEventBody& body) {
  if (std::holds_alternative<QueueJoined>(body)) return CelKind::app_start;
  if (std::holds_alternative<MemberConnected>(body)) return CelKind::bridge_enter;
  if (std::holds_alternative<QueueAbandoned>(body) || std::holds_alternative<QueueExited>(body)) return CelKind::app_end;
  if (std::holds_alternative<MemberDone>(body)) return CelKind::bridge_exit;
  return {};
}

struct Alive {
  Time from{}, to{};
};

// The moment within the log's second, from the row of the same thing on the same channel.
Time moment(const CallEvent& event, const std::string& channel, const std::vector<CelRow>& cel, Alive alive) {
  const Time end = event.at + kWholeSecond;
  const auto kind = same_thing(event.body);
  if (kind) {
    const auto row = std::ranges::find_if(cel, [&](const CelRow& r) {
      return r.kind == *kind && r.id == channel && r.application == "Queue" && r.at >= event.at - kSlack && r.at < end + kSlack;
    });
    if (row != cel.end()) return row->at;
  }
  return std::clamp(event.at, alive.from, std::max(alive.from, alive.to));
}

const std::string* channel_of(const CallEventBody& body) {
  return std::visit(
      [](const auto& b) -> const std::string* {
        if constexpr (requires { b.channel; }) return &b.channel;
        return nullptr;
      },
      body);
}

Alive alive(const CallRows& rows) {
  Alive a{Time::max(), Time::min()};
  for (const CelRow& r : rows.cel) a.from = std::min(a.from, r.at), a.to = std::max(a.to, r.at);
  if (rows.cel.empty())
    for (const CdrRow& r : rows.cdr) a.from = std::min(a.from, r.start), a.to = std::max(a.to, r.end);
  for (const CallEvent& e : rows.queue)
    if (rows.cel.empty() && rows.cdr.empty()) a.from = std::min(a.from, e.at), a.to = std::max(a.to, e.at);
  return a;
}

// The queue_log's events of this call. Each goes no further back than the one before it. ABANDON is always the caller's doing: time-outs have a line of their own.
void tell_queue(const CallRows& rows, const HistoryKnowledge& known, std::vector<CallEvent>& out) {
  const Alive life = alive(rows);
  Time last = life.from;
  for (size_t i = 0; i < rows.queue.size(); ++i) {
    CallEvent event = rows.queue[i];
    // That somebody left the queue is said in one line with why: before an answer, behind an abandon.
    const bool left = std::holds_alternative<QueueLeft>(event.body);
    const bool answered = left && i + 1 < rows.queue.size() && std::holds_alternative<MemberConnected>(rows.queue[i + 1].body);
    const CallEvent& word = answered ? rows.queue[i + 1] : event;
    const std::string* channel = channel_of(word.body);
    event.at = last = std::max(last, (left && !answered) || channel == nullptr ? event.at : moment(word, *channel, rows.cel, life));
    event.pbx_at = event.at;
    name_devices(event.body, known);
    if (const auto* gone = std::get_if<QueueAbandoned>(&event.body)) out.push_back({event.at, event.pbx_at, HangupRequested{gone->channel, HangupSide::far_end}});
    out.push_back(std::move(event));
  }
}

// A call that only the queue_log has ends with its last line.
void end_log_only(const std::string& id, std::vector<CallEvent>& out) {
  const Time at = out.back().at;
  const auto& last = out.back().body;
  const bool open = std::holds_alternative<QueueJoined>(last) || std::holds_alternative<MemberConnected>(last) || std::holds_alternative<MemberMissed>(last);
  if (!open) out.push_back({at, at, ChannelEnded{id, id, {}}});
}

// A thing, then its consequences: within one microsecond the channel begins first and ends last.
int rank(const CallEventBody& body) {
  if (std::holds_alternative<ChannelStarted>(body)) return 0;
  return std::holds_alternative<ChannelEnded>(body) ? 2 : 1;
}

}  // namespace

void name_devices(CallEventBody& body, const HistoryKnowledge& known) {
  std::visit(
      [&](auto& b) {
        if constexpr (requires { b.member; }) {
          const auto device = known.device_of_name.find(b.member);
          if (device == known.device_of_name.end()) return;
          b.member = device->second;
          if constexpr (requires { b.device; }) b.device = device->second;
        }
      },
      body);
}

void tell_call(const std::string& id, const CallRows& rows, const HistoryKnowledge& known, HistoryCounts& counts, std::vector<CallEvent>& out) {
  ++counts.calls;
  std::vector<CallEvent> told;
  const bool log = !rows.queue.empty();
  if (!rows.cel.empty()) {
    tell_cel(rows.cel, log, told);
    const bool joined = std::ranges::any_of(told, [](const CallEvent& e) { return std::holds_alternative<QueueJoined>(e.body); });
    counts.missing_in_log += known.queue_log && joined ? 1 : 0;
  } else if (!rows.cdr.empty()) {
    if (!tell_cdr(id, rows.cdr, log, told)) {
      ++counts.wait_unknown;
      return;
    }
    ++counts.filled_by_cdr;
  }
  const bool only_log = told.empty() && log;
  tell_queue(rows, known, told);
  if (only_log) ++counts.log_only, end_log_only(id, told);
  std::ranges::stable_sort(told, [](const CallEvent& a, const CallEvent& b) { return std::pair(a.at, rank(a.body)) < std::pair(b.at, rank(b.body)); });
  out.insert(out.end(), std::make_move_iterator(told.begin()), std::make_move_iterator(told.end()));
}

}  // namespace hf::pbx
