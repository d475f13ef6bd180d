#include "hal/pbx/asterisk/asterisk_merge.hpp"

#include <algorithm>

namespace hf::pbx {

namespace {

// The log is read four times a second and has whole seconds; a busy agent reads the manager later than it was told.
constexpr Duration kPatience = std::chrono::seconds(3);
// A log that comes by way of a log daemon may lag by minutes; what is older is settled.
constexpr Duration kRemembered = std::chrono::minutes(15);
constexpr Duration kLimbo = std::chrono::seconds(10);
constexpr size_t kMaxThings = 200'000, kMaxWaiting = 20'000, kMaxNames = 10'000, kMaxChannels = 100'000;

}  // namespace

// Both tell exactly one leaving for each joining: the manager by QueueCallerLeave, the log with CONNECT, ABANDON and EXIT.... What the reason was they
// word differently (a time-out is an abandon to the manager).
std::optional<AsteriskMerge::Thing> AsteriskMerge::thing_of(const CallEventBody& body) {
  if (const auto* e = std::get_if<QueueJoined>(&body)) return Thing{What::joined, e->channel, e->queue};
  if (const auto* e = std::get_if<QueueLeft>(&body)) return Thing{What::left, e->channel, e->queue};
  if (const auto* e = std::get_if<MemberConnected>(&body)) return Thing{What::connected, e->channel, e->queue};
  if (const auto* e = std::get_if<MemberDone>(&body); e != nullptr && !e->channel.empty()) return Thing{What::done, e->channel, e->queue};
  if (const auto* e = std::get_if<SurveyAnswered>(&body); e != nullptr && !e->channel.empty()) return Thing{What::surveyed, e->channel, std::to_string(static_cast<int>(e->question))};
  return {};
}

void AsteriskMerge::emit(CallEvent event, std::vector<CallEvent>& out) {
  event.at = last_ = std::max(last_, event.at);
  out.push_back(std::move(event));
}

void AsteriskMerge::on_manager(std::vector<CallEvent> events, std::vector<CallEvent>& out) {
  for (CallEvent& event : events) {
    advance(event.at, out);
    if (std::holds_alternative<SourceUp>(event.body)) manager_up(std::move(event), out);
    else if (std::holds_alternative<SourceDown>(event.body)) manager_down(std::move(event), out);
    else if (learn(event.body); take_manager(event)) emit(std::move(event), out);
  }
}

// From here on the manager speaks, and the log is listened to for what it leaves out.
void AsteriskMerge::manager_up(CallEvent up, std::vector<CallEvent>& out) {
  if (log_source_ && !manager_is_up_ && last_ != Time{}) emit({up.at, {}, SourceDown{"the manager is back; the queue_log told what it could"}}, out);
  manager_is_up_ = true, manager_since_ = up.at;
  emit(std::move(up), out);
}

// A gap of the manager's is a gap still: the log knows no channels and no agents. But queues go on being counted.
void AsteriskMerge::manager_down(CallEvent down, std::vector<CallEvent>& out) {
  if (!std::exchange(manager_is_up_, false)) return;
  const Time at = down.at;
  channels_.clear();
  emit(std::move(down), out);
  if (log_source_) emit({at, {}, *log_source_}, out);
}

void AsteriskMerge::log_link(const CallEvent& event, std::vector<CallEvent>& out) {
  const auto* up = std::get_if<SourceUp>(&event.body);
  log_source_ = up != nullptr ? std::optional(*up) : std::nullopt;
  if (!manager_is_up_) emit(event, out);
}

void AsteriskMerge::learn(const CallEventBody& body) {
  if (const auto* e = std::get_if<ChannelStarted>(&body); e != nullptr && channels_.size() < kMaxChannels) channels_.insert(e->channel);
  if (const auto* e = std::get_if<ChannelSeen>(&body); e != nullptr && channels_.size() < kMaxChannels) channels_.insert(e->channel);
  if (const auto* e = std::get_if<ChannelEnded>(&body)) channels_.erase(e->channel);
  const auto name = [this](const std::string& shown, const std::string& member) {
    if (!shown.empty() && !member.empty() && member_of_name_.size() < kMaxNames) member_of_name_[shown] = member;
  };
  if (const auto* e = std::get_if<MemberState>(&body)) name(e->name, e->member);
  if (const auto* e = std::get_if<MemberConnected>(&body)) name(e->name, e->member);
}

AsteriskMerge::Told& AsteriskMerge::touch(const Thing& thing, Time now) {
  const auto [at, fresh] = things_.try_emplace(thing);
  if (fresh) by_age_.emplace_back(now, thing);
  at->second.last = now;
  return at->second;
}

// In a picture: that this caller joined is told, also if the joining itself was not.
void AsteriskMerge::seen_waiting(const CallerSeen& seen, Time at) {
  const auto left = things_.find({What::left, seen.channel, seen.queue});
  Told& joined = touch({What::joined, seen.channel, seen.queue}, at);
  joined.told = std::max(joined.told, (left == things_.end() ? 0 : left->second.told) + 1);
  joined.by_manager = std::max(joined.by_manager, joined.told);
}

// False for what the log has told already.
bool AsteriskMerge::take_manager(const CallEvent& event) {
  if (const auto* seen = std::get_if<CallerSeen>(&event.body)) seen_waiting(*seen, event.at);
  const auto thing = thing_of(event.body);
  if (!thing) return true;
  Told& told = touch(*thing, event.at);
  if (++told.by_manager <= told.by_log) ++counts_.both;
  if (told.by_manager <= told.told) return false;
  told.told = told.by_manager;
  return true;
}

std::vector<std::vector<CallEvent>> AsteriskMerge::lines_of(std::vector<CallEvent> events) {
  std::vector<std::vector<CallEvent>> lines;
  for (CallEvent& event : events) {
    const CallEventBody* before = lines.empty() || lines.back().size() != 1 ? nullptr : &lines.back().front().body;
    const bool left = std::holds_alternative<QueueLeft>(event.body);
    const bool goes_on = before != nullptr && ((left && (std::holds_alternative<QueueAbandoned>(*before) || std::holds_alternative<QueueExited>(*before))) ||
                                               (std::holds_alternative<MemberConnected>(event.body) && std::holds_alternative<QueueLeft>(*before)) ||
                                               (std::holds_alternative<MemberDone>(event.body) && std::holds_alternative<Transferred>(*before)));
    if (!goes_on) lines.emplace_back();
    lines.back().push_back(std::move(event));
  }
  return lines;
}

void AsteriskMerge::on_log(std::vector<CallEvent> events, Cursor behind, Time now, std::vector<CallEvent>& out) {
  advance(now, out);
  std::vector<CallEvent> said;
  for (CallEvent& event : events) {
    if (std::holds_alternative<SourceUp>(event.body) || std::holds_alternative<SourceDown>(event.body)) log_link(event, out);
    else said.push_back(std::move(event));
  }
  Line line{std::move(said), {}, std::move(behind), now};
  for (const CallEvent& event : line.events)
    if (auto thing = thing_of(event.body)) line.things.push_back(std::move(*thing));
  // The manager could not have told what happened before it came.
  const bool before = !line.events.empty() && line.events.front().pbx_at && *line.events.front().pbx_at + kPatience < manager_since_;
  if (manager_is_up_ && !line.things.empty() && !before) line.due += kPatience;
  waiting_.push_back(std::move(line));
  if (waiting_.size() > kMaxWaiting) waiting_.front().due = now;
  advance(now, out);
}

void AsteriskMerge::decide(Line line, std::vector<CallEvent>& out) {
  cursor_ = std::move(line.behind);
  if (line.things.empty()) {  // who is paused or logged in, restarts: the manager tells them better while it is there
    if (!manager_is_up_) fill(std::move(line), out);
    return;
  }
  bool news = false;
  for (const Thing& thing : line.things) {
    Told& told = touch(thing, line.due);
    if (++told.by_log <= told.by_manager) ++counts_.both;
    news = told.by_log > told.told;  // the last one's counts
    told.told = std::max(told.told, told.by_log);
  }
  if (!news) return;
  ++(manager_is_up_ ? counts_.manager_silent : counts_.filled_in_gap);
  fill(std::move(line), out);
}

// The log's word for it. Names of members become what the manager calls them.
void AsteriskMerge::fill(Line line, std::vector<CallEvent>& out) {
  for (CallEvent& event : line.events) {
    std::visit(
        [this](auto& body) {
          if constexpr (requires { body.member; }) {
            const auto member = member_of_name_.find(body.member);
            if (member == member_of_name_.end()) return;
            body.member = member->second;
            if constexpr (requires { body.device; }) body.device.clear();
          }
        },
        event.body);
    // ABANDON is the caller's own doing, always: time-outs have a line of their own.
    if (const auto* gone = std::get_if<QueueAbandoned>(&event.body)) emit({event.at, event.pbx_at, HangupRequested{gone->channel, HangupSide::far_end}}, out);
    if (const auto* back = std::get_if<QueueJoined>(&event.body)) limbo_.erase(back->channel);
    emit(event, out);
  }
  for (const CallEvent& event : line.events) end_unseen(event, out);
}

// A call that the manager has not shown has nobody else to tell its end. Of one that it has shown before the gap, only a hang-up is certain: who was
// passed on lives on, and the next picture tells.
void AsteriskMerge::end_unseen(const CallEvent& event, std::vector<CallEvent>& out) {
  const auto* gone = std::get_if<QueueAbandoned>(&event.body);
  const auto* done = std::get_if<MemberDone>(&event.body);
  const auto* let_go = std::get_if<QueueExited>(&event.body);
  const std::string channel = gone != nullptr ? gone->channel : done != nullptr ? done->channel : let_go != nullptr ? let_go->channel : std::string{};
  if (channel.empty() || channels_.contains(channel)) return;
  if (gone != nullptr || (done != nullptr && manager_is_up_)) emit({event.at, event.pbx_at, ChannelEnded{channel, channel, {}}}, out);
  if (let_go != nullptr && manager_is_up_) limbo_[channel] = last_ + kLimbo;
}

void AsteriskMerge::advance(Time now, std::vector<CallEvent>& out) {
  const auto ready = [&](const Line& line) {
    if (line.due <= now || !manager_is_up_ || line.things.empty()) return true;
    const auto told = things_.find(line.things.back());  // the manager was first: nothing to wait for
    return told != things_.end() && told->second.told > told->second.by_log;
  };
  while (!waiting_.empty() && ready(waiting_.front())) {
    Line line = std::move(waiting_.front());
    waiting_.pop_front();
    decide(std::move(line), out);
  }
  for (auto at = limbo_.begin(); at != limbo_.end();) {
    const auto here = at++;
    if (here->second > now) continue;
    emit({here->second, {}, ChannelEnded{here->first, here->first, {}}}, out);
    limbo_.erase(here);
  }
  forget_old(now);
}

void AsteriskMerge::forget_old(Time now) {
  while (!by_age_.empty() && (by_age_.front().first + kRemembered < now || by_age_.size() > kMaxThings)) {
    const auto at = things_.find(by_age_.front().second);
    const Thing thing = std::move(by_age_.front().second);
    by_age_.pop_front();
    if (at == things_.end()) continue;
    if (at->second.last + kRemembered >= now && by_age_.size() < kMaxThings) {
      by_age_.emplace_back(at->second.last, thing);  // it happened again meanwhile
      continue;
    }
    // Of joins only, so that one call counts once.
    if (log_source_ && thing.what == What::joined && at->second.by_log < at->second.by_manager) ++counts_.log_silent;
    things_.erase(at);
  }
}

std::optional<Time> AsteriskMerge::next_deadline() const {
  std::optional<Time> next;
  const auto sooner = [&next](Time t) { next = next ? std::min(*next, t) : t; };
  if (!waiting_.empty()) sooner(waiting_.front().due);
  for (const auto& [channel, due] : limbo_) sooner(due);
  return next;
}

}  // namespace hf::pbx
