// Call detail records: one row for the caller's channel and, with Local members, a row for each phone that was rung. A row of a served caller does
// not say when somebody answered; one of a caller who left says in which application he was.
#include <algorithm>

#include "hal/pbx/asterisk/history_call.hpp"
#include "hal/pbx/pbx_text.hpp"

namespace hf::pbx {

namespace {

void add(std::vector<CallEvent>& out, Time at, CallEventBody body) { out.push_back({at, at, std::move(body)}); }

// The line: the number dialled where the table has it, else where the call stood in the dialplan ("s", "h" and the like are steps of it).
std::string line_of(const CdrRow& row) {
  const bool number = std::ranges::any_of(row.line, [](char c) { return c >= '0' && c <= '9'; });
  return number ? row.line : row.context;
}

// The dialplan's own end of a call. Anything else than these that stands last was ended by the caller.
bool ended_by_dialplan(const CdrRow& row) { return row.application == "Hangup" || row.application == "Congestion" || row.application == "Busy"; }

bool queue_row(const CdrRow& row) { return row.application == "Queue"; }

// The phone's own row, where the member is a Local channel: it began to ring at its start and was answered at its answer.
const CdrRow* answered_leg(const std::string& id, const std::vector<CdrRow>& rows) {
  const auto leg = std::ranges::find_if(rows, [&](const CdrRow& r) { return r.id != id && r.answered && r.application == "Dial" && r.answer; });
  return leg == rows.end() ? nullptr : &*leg;
}

// Told by the rows alone: where the caller was when he left. Only he can end music, a prompt or a wait: the dialplan goes on to another step.
bool tell_without_log(const std::string& id, const CdrRow& row, const std::vector<CdrRow>& rows, std::vector<CallEvent>& out) {
  const bool reached = std::ranges::any_of(rows, [](const CdrRow& r) { return r.answered && !r.peer.empty(); });
  const CdrRow* leg = answered_leg(id, rows);
  if (queue_row(row) && reached && leg == nullptr) return false;
  if (auto step = history_step(id, row.context, row.application, row.data)) add(out, row.answer.value_or(row.start), std::move(*step));
  const std::string queue(queue_row(row) ? application_argument(row.data, 0) : std::string_view{});
  if (!queue.empty()) add(out, leg != nullptr ? std::max(leg->start, row.start) : row.start, QueueJoined{id, queue, 0, 0});
  if (!reached) {
    add(out, row.end, HangupRequested{id, ended_by_dialplan(row) ? HangupSide::pbx : HangupSide::far_end});
    if (!queue.empty()) add(out, row.end, QueueAbandoned{id, queue, row.end - row.start});
  } else if (leg != nullptr && !queue.empty()) {
    const Time at = std::clamp(*leg->answer, row.start, row.end);
    add(out, at, QueueLeft{id, queue});
    add(out, at, MemberConnected{id, queue, std::string(device_of(leg->peer)), {}, leg->id, {}, {}});
  }
  return true;
}

}  // namespace

bool tell_cdr(const std::string& id, const std::vector<CdrRow>& rows, bool log, std::vector<CallEvent>& out) {
  // A phone that was rung after another has a row of its own, which begins when it rang: the first one begins with the call.
  const CdrRow& row = *std::ranges::min_element(rows, {}, [&](const CdrRow& r) { return std::pair(r.id != id, r.start); });
  Time end = row.end;
  for (const CdrRow& other : rows)
    if (other.id == row.id) end = std::max(end, other.end);
  std::vector<CallEvent> told;
  add(told, row.start, ChannelStarted{id, id, std::string(device_of(row.channel)), line_of(row), row.context, row.caller});
  if (row.answer) add(told, *row.answer, ChannelStateChanged{id, ChannelState::up});
  if (!log && !tell_without_log(id, row, rows, told)) return false;
  add(told, end, ChannelEnded{id, id, {}});
  out.insert(out.end(), std::make_move_iterator(told.begin()), std::make_move_iterator(told.end()));
  return true;
}

}  // namespace hf::pbx
