#include "agent/tool/evaluate_events.hpp"

#include <algorithm>
#include <utility>

namespace hf::app {

namespace {

const std::string kShadow = "/second";

std::string member_name(const std::string& agent) { return "Agent/" + agent; }

pbx::MemberState member(const std::string& queue, const std::string& name, AgentView view) {
  pbx::MemberState m;
  m.queue = queue, m.member = m.device = m.name = name;
  if (view == AgentView::full) m.state = pbx::DeviceState::not_in_use;
  return m;
}

}  // namespace

bool EvaluateEvents::lot(double chance) {
  return chance > 0 && static_cast<double>(random_() >> 11U) * 0x1p-53 < chance;  // 53 bits: uniform on [0, 1)
}

void EvaluateEvents::call(Time midnight, const CallRow& row) {
  const std::string id = std::to_string(midnight.time_since_epoch().count() / 86'400'000'000) + "." + row.id;
  const Time joined = midnight + row.start, left = joined + row.wait;
  add(joined, Order::joins, pbx::QueueJoined{id, row.queue, 0, 0});
  if (!row.answered) {
    add(left, Order::leaves, pbx::QueueAbandoned{id, row.queue, row.wait});
    add(left, Order::leaves, pbx::QueueLeft{id, row.queue});
    return;
  }
  const std::string agent = member_name(row.server), leg = id + "b";
  const Time over = midnight + row.exit;
  add(left, Order::leaves, pbx::QueueLeft{id, row.queue});
  add(left, Order::leaves, pbx::MemberConnected{id, row.queue, agent, agent, leg, row.wait, Duration{}});
  add(over, over == left ? Order::ends_at_once : Order::ends,
      pbx::MemberDone{id, row.queue, agent, leg, row.wait, over - left, pbx::TalkEnd::agent});
}

void EvaluateEvents::login(Time at, const AgentRow& row) {
  const Membership key{row.queue, row.agent};
  stays_until_.erase(key);
  logged_in_[key] = at;
  pbx::MemberState m = member(row.queue, member_name(row.agent), view_);
  m.added = true;
  add(at, Order::comes, m);
  if (lot(false_ready_)) unpausable_.insert(key);
  if (!lot(false_ready_ / 2)) return;
  shadows_.insert(key);
  m.member = m.device = m.name = m.member + kShadow;
  add(at, Order::comes, std::move(m));
}

void EvaluateEvents::logout(Time at, const AgentRow& row) {
  const Membership key{row.queue, row.agent};
  const std::string name = member_name(row.agent);
  unpausable_.erase(key);
  if (shadows_.erase(key) > 0) add(at, Order::goes, pbx::MemberRemoved{row.queue, name + kShadow});
  const auto since = logged_in_.find(key);
  const Duration worked = since == logged_in_.end() ? Duration{} : at - since->second;
  if (since != logged_in_.end()) logged_in_.erase(since);
  if (lot(false_ready_ / 2)) {
    stays_until_[key] = at + worked;
    return;
  }
  add(at, Order::goes, pbx::MemberRemoved{row.queue, name});
}

void EvaluateEvents::agent(Time midnight, const AgentRow& row) {
  const Time at = midnight + row.time;
  const bool pausing = row.verb == AgentVerb::pause || row.verb == AgentVerb::unpause;
  if (pausing && (view_ == AgentView::login_only || unpausable_.contains({row.queue, row.agent}))) return;
  if (row.verb == AgentVerb::login) return login(at, row);
  if (row.verb == AgentVerb::logout) return logout(at, row);
  // Whoever logs out in a talk ends it, and the data has a break after it: no PBX knows a break of somebody who has gone.
  if (!logged_in_.contains({row.queue, row.agent})) return;
  pbx::MemberState m = member(row.queue, member_name(row.agent), view_);
  m.paused = row.verb == AgentVerb::pause;
  add(at, m.paused ? Order::goes : Order::comes, std::move(m));
}

void EvaluateEvents::hand_out(Time until, std::vector<pbx::CallEvent>& out) {
  std::erase_if(stays_until_, [&](const auto& stay) {
    if (stay.second >= until) return false;
    add(stay.second, Order::goes, pbx::MemberRemoved{stay.first.first, member_name(stay.first.second)});
    return true;
  });
  std::stable_sort(waiting_.begin(), waiting_.end(),
                   [](const Timed& a, const Timed& b) { return a.at != b.at ? a.at < b.at : a.order < b.order; });
  const auto end = std::find_if(waiting_.begin(), waiting_.end(), [&](const Timed& t) { return t.at >= until; });
  for (auto t = waiting_.begin(); t != end; ++t) {
    if (!std::exchange(up_, true)) {
      out.push_back({t->at, {}, pbx::SourceUp{"call data", false, false, view_ == AgentView::full}});
      if (view_ == AgentView::full) {  // an empty floor: from here on all members are told of
        out.push_back({t->at, {}, pbx::ResyncStarted{pbx::ResyncScope::queues}});
        out.push_back({t->at, {}, pbx::ResyncEnded{pbx::ResyncScope::queues}});
      }
    }
    out.push_back({t->at, {}, std::move(t->body)});
  }
  waiting_.erase(waiting_.begin(), end);
}

void EvaluateEvents::day(const Day& day, std::vector<pbx::CallEvent>& out) {
  const Time midnight(day.date);
  hand_out(midnight, out);
  for (const CallRow& row : day.calls) call(midnight, row);
  if (view_ != AgentView::none)
    for (const AgentRow& row : day.agents) agent(midnight, row);
  hand_out(midnight + std::chrono::days(1), out);
}

void EvaluateEvents::rest(std::vector<pbx::CallEvent>& out) { hand_out(Time::max(), out); }

}  // namespace hf::app
