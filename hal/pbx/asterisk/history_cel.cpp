// Channel event logging. Its rows are what the manager interface tells of channels, without the queue's own events: these are made of the Queue
// application's start and end and of the bridges in it.
#include <algorithm>

#include "hal/pbx/asterisk/ami_map_detail.hpp"
#include "hal/pbx/asterisk/history_call.hpp"

namespace hf::pbx {

namespace {

constexpr Duration kTimeoutSlack = std::chrono::seconds(2), kNotJoined = std::chrono::milliseconds(100);

struct Stay {  // of one channel in the Queue application
  std::string queue, data, member, leg;
  Time joined{};
  std::optional<Time> connected;
};

class CelTeller {
 public:
  CelTeller(const std::vector<CelRow>& rows, bool log, std::vector<CallEvent>& out) : rows_(rows), log_(log), out_(out) {}

  void tell() {
    for (size_t i = 0; i < rows_.size(); ++i) take(i);
  }

 private:
  void add(Time at, CallEventBody body) { out_.push_back({at, at, std::move(body)}); }

  void take(size_t i) {
    const CelRow& r = rows_[i];
    switch (r.kind) {
      case CelKind::channel_start: add(r.at, ChannelStarted{r.id, r.linked, std::string(device_of(r.channel)), r.line, r.context, r.caller}); break;
      case CelKind::answer: add(r.at, ChannelStateChanged{r.id, ChannelState::up}); break;
      case CelKind::app_start: app_start(r); break;
      case CelKind::app_end: app_end(r, i); break;
      case CelKind::bridge_enter: bridge_enter(r); break;
      case CelKind::bridge_exit: bridge_exit(r, i); break;
      case CelKind::blind_transfer: add(r.at, Transferred{TransferKind::blind, r.id, r.transferee, {}, {}}); break;
      case CelKind::attended_transfer: add(r.at, Transferred{TransferKind::attended, r.id, r.transferee, {}, {}}); break;
      case CelKind::hangup: hangup(r); break;
      case CelKind::other: break;
    }
  }

  void app_start(const CelRow& r) {
    if (auto step = history_step(r.id, r.context, r.application, r.data)) add(r.at, std::move(*step));
    if (r.application == "MusicOnHold") add(r.at, MusicStarted{r.id, r.linked, r.context});
    if (r.application == "Queue" && !log_) stays_[r.id] = {std::string(application_argument(r.data, 0)), r.data, {}, {}, r.at, {}};
    if (r.application == "Queue" && !log_ && !turned_away(r)) add(r.at, QueueJoined{r.id, stays_[r.id].queue, 0, 0});
  }

  // Full, or nobody there to serve it: the application ends at once, and the caller is still on the line.
  bool turned_away(const CelRow& start) {
    const auto end = std::ranges::find_if(rows_, [&](const CelRow& r) { return r.id == start.id && r.kind == CelKind::app_end && r.at >= start.at; });
    const bool away = end != rows_.end() && end->application == "Queue" && end->at - start.at < kNotJoined && left_by(static_cast<size_t>(end - rows_.begin())) != HangupSide::far_end;
    if (away) stays_.erase(start.id);
    return away;
  }

  // Who hung up right behind row `i`; nothing when the channel went on.
  std::optional<HangupSide> left_by(size_t i) const {
    for (size_t next = i + 1; next < rows_.size(); ++next) {
      const CelRow& r = rows_[next];
      if (r.id != rows_[i].id || (r.kind == CelKind::other || r.kind == CelKind::app_end || r.kind == CelKind::bridge_exit)) continue;
      if (r.kind != CelKind::hangup) return {};
      return r.hung_up_by == r.channel ? HangupSide::far_end : HangupSide::pbx;
    }
    return {};
  }

  void app_end(const CelRow& r, size_t i) {
    if (r.application == "MusicOnHold") add(r.at, MusicStopped{r.id, r.linked});
    const auto stay = r.application == "Queue" ? stays_.find(r.id) : stays_.end();
    if (stay == stays_.end()) return;
    if (!stay->second.connected) leave(r, stay->second, left_by(i));
    stays_.erase(stay);
  }

  void leave(const CelRow& r, const Stay& stay, std::optional<HangupSide> hung_up) {
    const Duration wait = r.at - stay.joined;
    if (hung_up) {
      add(r.at, HangupRequested{r.id, *hung_up});
      add(r.at, QueueAbandoned{r.id, stay.queue, wait});
    } else if (const auto limit = to_seconds(application_argument(stay.data, 4)); limit && *limit > Duration{} && wait >= *limit - kTimeoutSlack) {
      add(r.at, QueueExited{r.id, stay.queue, QueueExit::timeout});
    }
    add(r.at, QueueLeft{r.id, stay.queue});
  }

  // Where cel.conf tracks no applications (FreePBX has apps=all, which tracks none) the queue shows in the bridge alone, and the caller was in it
  // from the first phone that rang for him, or longer.
  Stay* untracked(const CelRow& r) {
    if (r.application != "Queue" || r.id != r.linked || connected_.contains(r.id)) return nullptr;
    Time since = r.at;
    for (const CelRow& row : rows_)
      if (row.kind == CelKind::channel_start && row.id != r.id && row.at < since) since = row.at;
    Stay& stay = stays_[r.id] = {std::string(application_argument(r.data, 0)), r.data, {}, {}, since, {}};
    add(since, QueueJoined{r.id, stay.queue, 0, 0});
    return &stay;
  }

  void bridge_enter(const CelRow& r) {
    if (!log_) {
      const auto known = stays_.find(r.id);
      Stay* stay = known != stays_.end() ? &known->second : untracked(r);
      if (stay != nullptr && !stay->connected && r.application == "Queue") connect(r, *stay);
    }
    add(r.at, BridgeEntered{r.id, r.linked, r.bridge, 0});
  }

  void connect(const CelRow& r, Stay& stay) {
    stay.connected = r.at, connected_[r.id] = true;
    stay.member = std::string(device_of(r.peer));
    const auto leg = std::ranges::find(rows_, r.peer, &CelRow::channel);
    stay.leg = leg == rows_.end() ? std::string{} : leg->id;
    add(r.at, QueueLeft{r.id, stay.queue});
    add(r.at, MemberConnected{r.id, stay.queue, stay.member, {}, stay.leg, r.at - stay.joined, {}});
  }

  void bridge_exit(const CelRow& r, size_t i) {
    add(r.at, BridgeLeft{r.id, r.linked, r.bridge});
    const auto stay = stays_.find(r.id);
    if (stay == stays_.end() || !stay->second.connected || stay->second.leg.empty()) return;
    const auto by = left_by(i);
    const TalkEnd end = !by ? TalkEnd::unknown : *by == HangupSide::far_end ? TalkEnd::caller : TalkEnd::agent;
    add(r.at, MemberDone{r.id, stay->second.queue, stay->second.member, stay->second.leg, {}, r.at - *stay->second.connected, end});
    stay->second.leg.clear();  // the next bridge is somebody else's
  }

  void hangup(const CelRow& r) {
    if (!r.hung_up_by.empty()) add(r.at, HangupRequested{r.id, r.hung_up_by == r.channel ? HangupSide::far_end : HangupSide::pbx});
    add(r.at, ChannelEnded{r.id, r.linked, r.cause});
  }

  const std::vector<CelRow>& rows_;
  const bool log_;
  std::vector<CallEvent>& out_;
  std::map<std::string, Stay> stays_;
  std::map<std::string, bool> connected_;
};

}  // namespace

void tell_cel(const std::vector<CelRow>& rows, bool log, std::vector<CallEvent>& out) { CelTeller(rows, log, out).tell(); }

std::string_view application_argument(std::string_view data, size_t index) {
  for (; index > 0; --index) {
    const size_t comma = data.find(',');
    if (comma == data.npos) return {};
    data.remove_prefix(comma + 1);
  }
  return data.substr(0, data.find(','));
}

std::optional<ChannelStep> history_step(const std::string& channel, const std::string& context, std::string_view application, std::string_view data) {
  const auto kind = step_kind(application);
  if (!kind) return {};
  const bool named = *kind == StepKind::announcement || *kind == StepKind::queue;
  std::optional<Duration> planned;
  if (application == "MusicOnHold") planned = to_seconds(application_argument(data, 1));
  if (application == "Wait" || application == "WaitMusicOnHold") planned = to_seconds(application_argument(data, 0));
  return ChannelStep{channel, *kind, context, named ? std::string(application_argument(data, 0)) : std::string{}, planned};
}

}  // namespace hf::pbx
