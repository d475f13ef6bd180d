#include "hal/pbx/asterisk/history_book.hpp"

#include <algorithm>

#include "hal/pbx/pbx_text.hpp"

namespace hf::pbx {

namespace {

std::string channel_of(const CallEventBody& body) {
  return std::visit(
      [](const auto& b) -> std::string {
        if constexpr (requires { b.channel; }) return b.channel;
        if constexpr (requires { b.transferee; }) return b.transferee;
        return {};
      },
      body);
}

Time begin_of(const CallRows& rows) {
  Time first = Time::max();
  for (const CelRow& r : rows.cel) first = std::min(first, r.at);
  for (const CdrRow& r : rows.cdr) first = std::min(first, r.start);
  for (const CallEvent& e : rows.queue) first = std::min(first, e.at);
  return first;
}

void learn_names(const CallRows& rows, std::map<std::string, std::string>& devices) {
  for (const CallEvent& event : rows.queue) {
    const auto* answered = std::get_if<MemberConnected>(&event.body);
    if (answered == nullptr) continue;
    const auto leg = std::ranges::find(rows.cel, answered->leg, &CelRow::id);
    if (leg != rows.cel.end()) devices[answered->member] = std::string(device_of(leg->channel));
  }
}

}  // namespace

CallRows& HistoryBook::call(const std::string& id, const std::string& linked) {
  const std::string& first = linked.empty() ? id : linked;
  if (first != id) linked_.try_emplace(id, first);
  return calls_[first];
}

// Channels are numbered from 0 in each life of the PBX. Calls of the life before have no end in the CEL when it crashed.
void HistoryBook::watch_restart(const CelRow& row) {
  constexpr uint64_t kFirst = 3, kJitter = 4;  // rows of channels that begin at once may change places
  const size_t dot = row.id.rfind('.');
  const auto number = dot == row.id.npos ? std::nullopt : to_number<uint64_t>(std::string_view(row.id).substr(dot + 1));
  if (row.kind != CelKind::channel_start || !number) return;
  if (*number <= kFirst && channel_number_ >= *number + kJitter) starts_.push_back(row.at);
  channel_number_ = *number;
}

bool HistoryBook::add(CelRow row) {
  if (!room()) return false;
  watch_restart(row);
  has_cel_ = true, has_applications_ = has_applications_ || row.kind == CelKind::app_start;
  tracks_queues_ = tracks_queues_ || (row.kind == CelKind::app_start && row.application == "Queue");
  call(row.id, row.linked).cel.push_back(std::move(row));
  return true;
}

bool HistoryBook::add(CdrRow row) {
  if (!room()) return false;
  has_cdr_ = true;
  call(row.id, row.linked).cdr.push_back(std::move(row));
  return true;
}

bool HistoryBook::add(std::vector<CallEvent> events) {
  if (!room()) return false;
  known_.queue_log = true;
  for (CallEvent& event : events) {
    std::string channel = channel_of(event.body);
    if (channel.empty()) floor_.push_back(std::move(event));
    else log_.emplace_back(std::move(channel), std::move(event));
  }
  return true;
}

void HistoryBook::finish() {
  for (auto& [channel, event] : log_) {
    const auto linked = linked_.find(channel);
    calls_[linked == linked_.end() ? channel : linked->second].queue.push_back(std::move(event));
  }
  log_ = {};
  order_.reserve(calls_.size());
  for (auto& [id, rows] : calls_) {
    std::ranges::stable_sort(rows.cel, {}, &CelRow::at);
    learn_names(rows, known_.device_of_name);
    order_.emplace_back(begin_of(rows), id);
  }
  std::ranges::sort(order_);
  for (CallEvent& event : floor_) {
    name_devices(event.body, known_);
    push(std::move(event));
  }
  floor_ = {};
  if (known_.queue_log) return;  // which says itself when the PBX started
  for (const Time at : starts_) push({at - Duration(1), {}, PbxLife{PbxState::starting, {}}});
}

void HistoryBook::tell(const std::string& id, const CallRows& rows) {
  std::vector<CallEvent> events;
  tell_call(id, rows, known_, counts_, events);
  for (CallEvent& event : events) push(std::move(event));
}

bool HistoryBook::next(CallEvent& out) {
  while (told_ < order_.size() && (ready_.empty() || order_[told_].first <= ready_.top().first.at)) {
    auto node = calls_.extract(order_[told_++].second);
    tell(node.key(), node.mapped());
  }
  if (ready_.empty()) return false;
  out = ready_.top().first;
  ready_.pop();
  return true;
}

}  // namespace hf::pbx
