// Who is a member of which queue, pauses, wrap-up, pictures.
#include <algorithm>
#include <utility>

#include "agent/calls/agent_book.hpp"

namespace hf::calls {

namespace {
constexpr size_t kMaxMembers = 20000;
constexpr size_t kTouchesKept = 32;
// A pause seen before a gap and after it is one pause when the gap is short.
constexpr Duration kPauseOverGap = std::chrono::minutes(10);
}  // namespace

void AgentBook::touch(const std::string& queue) {
  if (const auto known = counted_.find(queue); known != counted_.end()) known->second.reset();
  touched_.emplace_back(++version_, queue);
  if (touched_.size() > kTouchesKept) touched_.pop_front();
}

bool AgentBook::changed_since(uint64_t version, std::vector<std::string>& queues) const {
  if (version == version_) return true;
  if (touched_.empty() || touched_.front().first > version + 1) return false;
  for (auto touch = touched_.rbegin(); touch != touched_.rend() && touch->first > version; ++touch)
    if (std::ranges::find(queues, touch->second) == queues.end()) queues.push_back(touch->second);
  return true;
}

// The caller makes sure that at most kMaxMembers exist; beyond that the first member stands for all.
AgentBook::Member& AgentBook::member_at(const Key& key, const std::string& device, const std::string& name, Time t) {
  if (members_.size() >= kMaxMembers && !members_.contains(key)) return members_.begin()->second;
  const auto [at, fresh] = members_.try_emplace(key);
  Member& m = at->second;
  if (fresh) touch(key.first), of_queue_.erase(key.first);
  if (fresh) m.shown = AgentState::unknown, m.since = t;
  if (fresh || (!device.empty() && m.agent != device)) {
    if (!fresh) std::erase(agents_[m.agent].memberships, key);
    m.agent = device.empty() ? key.second : device;
    agents_[m.agent].memberships.push_back(key);
  }
  if (!name.empty()) m.name = agents_[m.agent].name = name;
  return m;
}

// AgentComplete can name the phone where AgentConnect named the Local channel (Asterisk 16 and 22, members without /n).
const AgentBook::Key* AgentBook::find_member(const std::string& queue, const std::string& member) const {
  if (const auto at = members_.find({queue, member}); at != members_.end()) return &at->first;
  for (auto at = members_.lower_bound({queue, {}}); at != members_.end() && at->first.first == queue; ++at)
    if (at->second.agent == member) return &at->first;
  return nullptr;
}

AgentBook::Agent* AgentBook::agent_of(const std::string& queue, const std::string& member, std::string* device) {
  const Key* key = find_member(queue, member);
  const auto former = former_.find(member);
  if (key == nullptr && former == former_.end()) return nullptr;
  const std::string& agent = key != nullptr ? members_.find(*key)->second.agent : former->second;
  if (device != nullptr) *device = agent;
  return &agents_[agent];
}

// Whose member an event names: one never told of is taken as its own device (a queue_log names no devices).
AgentBook::Agent& AgentBook::agent_named(const std::string& queue, const std::string& member, const std::string& name,
                                         Time t, std::string& device) {
  if (Agent* known = agent_of(queue, member, &device)) return *known;
  device = member_at({queue, member}, member, name, t).agent;
  return agents_[device];
}

const std::string& AgentBook::name_of(const std::string& device) const {
  static const std::string kNone;
  const auto at = agents_.find(device);
  return at == agents_.end() ? kNone : at->second.name;
}

void AgentBook::set_paused(Member& m, bool paused, const std::string& queue, Time t, std::vector<Change>& out) {
  if (m.paused == paused) return;
  m.paused = paused;
  touch(queue);
  if (paused)
    m.paused_since = t;
  else if (t > m.paused_since)
    out.push_back({t, AgentChanged{{m.agent, m.name, queue, AgentState::paused, m.paused_since, t}}});
}

// The member's first sight after a gap: a pause from before it goes on, or ended with the last sight of it.
void AgentBook::resume_pause(const Key& key, Member& m, bool paused, Time t, std::vector<Change>& out) {
  if (lost_pauses_.empty()) return;
  const auto at = lost_pauses_.find(key);
  if (at == lost_pauses_.end()) return;
  const LostPause lost = at->second;
  lost_pauses_.erase(at);
  if (!m.known && paused && t - lost.lost < kPauseOverGap) {
    m.paused = true;
    m.paused_since = lost.since;
    touch(key.first);
  } else if (lost.lost > lost.since) {
    out.push_back({t, AgentChanged{{m.agent, m.name, key.first, AgentState::paused, lost.since, lost.lost}}});
  }
}

void AgentBook::apply(Member& m, Agent& a, const pbx::MemberState& told, Time t, std::vector<Change>& out) {
  const std::string& queue = told.queue;
  const Key key{queue, told.member};
  // Whoever logs in, pauses or talks is at the phone: a judgement "does not answer" ends. State 3 (busy) is no proof: a
  // ringing phone has it in Asterisk 22.
  if (told.added || (m.known && told.paused != m.paused) || told.in_call) a.misses = a.refusals = 0;
  resume_pause(key, m, told.paused, t, out);
  set_paused(m, told.paused, queue, t, out);
  if (!m.known || m.device_state != told.state || m.penalty != told.penalty) touch(queue);
  m.known = true;
  m.device_state = told.state;
  m.in_call = told.in_call;
  m.pause_reason = told.pause_reason;
  m.penalty = told.penalty;
  if (told.wrapup) m.wrapup = *told.wrapup;
  // The PBX's clock is not ours: its last_call is believed only where it fits, for a call that ended before we looked.
  if (told.last_call && *told.last_call <= t && *told.last_call + m.wrapup > t && !m.wrap_until)
    set_wrap(key, m, *told.last_call + m.wrapup);
  if (told.ready_at && *told.ready_at > t && (!m.wrap_until || *m.wrap_until < *told.ready_at))
    set_wrap(key, m, *told.ready_at);
}

void AgentBook::member(const pbx::MemberState& told, Time t, std::vector<Change>& out) {
  const Key key{told.queue, told.member};
  if (picture_) seen_.insert(key);
  if (told_.size() < kMaxMembers) told_.insert(told.queue);
  Member& m = member_at(key, told.device, told.name, t);
  Agent& a = agents_[m.agent];
  apply(m, a, told, t, out);
  refresh(a, t, out);
}

void AgentBook::drop_member(const Key& key, Time t, std::vector<Change>& out) {
  const auto at = members_.find(key);
  if (at == members_.end()) return;
  Member& m = at->second;
  touch(key.first);
  of_queue_.erase(key.first);
  if (former_.size() < kMaxMembers) former_[key.second] = m.agent;
  set_paused(m, false, key.first, t, out);
  show(key, m, AgentState::logged_out, t, out);
  if (m.wrap_until) wraps_.erase({*m.wrap_until, key});
  if (const auto a = agents_.find(m.agent); a != agents_.end()) {
    std::erase(a->second.memberships, key);
    std::erase_if(a->second.offers, [&](const auto& o) { return o.second.queue == key.first; });
  }
  members_.erase(at);
}

void AgentBook::removed(const std::string& queue, const std::string& member, Time t, std::vector<Change>& out) {
  if (const Key* key = find_member(queue, member)) drop_member(Key(*key), t, out);
}

// Paused before the gap and in no picture after it.
void AgentBook::end_lost_pauses(Time t, std::vector<Change>& out) {
  for (const auto& [key, pause] : lost_pauses_)
    if (pause.lost > pause.since)
      out.push_back({t, AgentChanged{{pause.agent, name_of(pause.agent), key.first, AgentState::paused, pause.since,
                                      pause.lost}}});
  lost_pauses_.clear();
}

void AgentBook::picture_begins() {
  picture_ = true;
  seen_.clear();
}

void AgentBook::picture_ends(Time t, std::vector<Change>& out) {
  if (!std::exchange(picture_, false)) return;
  std::vector<Key> gone;
  for (const auto& [key, m] : members_)
    if (!seen_.contains(key)) gone.push_back(key);
  for (const Key& key : gone) drop_member(key, t, out);
  seen_.clear();
  end_lost_pauses(t, out);
}

void AgentBook::forget_states(Time t, std::vector<Change>& out) {
  ++version_;
  counted_.clear();
  touched_.clear();
  for (auto& [key, m] : members_) {
    if (m.paused) lost_pauses_[key] = {m.agent, m.paused_since, t};
    m.paused = m.known = m.in_call = false;
    m.device_state = pbx::DeviceState::unknown;
    m.wrap_until.reset();
  }
  wraps_.clear();
  for (auto& [device, a] : agents_) {
    while (!a.talks.empty()) end_talk(device, a, std::string(a.talks.begin()->first), t, out);
    a.legs.clear();
    a.offers.clear();
    refresh(a, t, out);
  }
}

void AgentBook::set_wrap(const Key& key, Member& m, Time until) {
  if (m.wrap_until) wraps_.erase({*m.wrap_until, key});
  m.wrap_until = until;
  wraps_.insert({until, key});
}

void AgentBook::wrap(const std::string& device, const Agent& a, const std::string& queue, Time t) {
  for (const Key& key : a.memberships) {
    const auto m = members_.find(key);
    if (key.first != queue || m == members_.end() || m->second.agent != device || m->second.wrapup <= Duration{})
      continue;
    set_wrap(key, m->second, t + m->second.wrapup);
  }
}

void AgentBook::advance(Time to, std::vector<Change>& out) {
  while (!wraps_.empty() && wraps_.begin()->first <= to) {
    const auto [when, key] = *wraps_.begin();
    wraps_.erase(wraps_.begin());
    const auto m = members_.find(key);
    if (m == members_.end()) continue;
    m->second.wrap_until.reset();
    if (Agent* a = agent(m->second.agent)) refresh(*a, when, out);
  }
}

std::vector<AgentNow> AgentBook::now() const {
  std::vector<AgentNow> all;
  all.reserve(members_.size());
  for (const auto& [key, m] : members_) {
    const auto a = agents_.find(m.agent);
    all.push_back({m.agent, m.name, key.first, m.shown, m.since, m.penalty, a == agents_.end() ? 0 : a->second.misses,
                   m.pause_reason});
  }
  return all;
}

const std::vector<const AgentBook::Member*>& AgentBook::members_of(const std::string& queue) const {
  const auto [at, fresh] = of_queue_.try_emplace(queue);
  if (!fresh) return at->second;
  for (auto m = members_.lower_bound({queue, {}}); m != members_.end() && m->first.first == queue; ++m)
    at->second.push_back(&m->second);
  return at->second;
}

// Free of the lowest penalty alone: who stands by behind a free colleague is not rung now.
AgentBook::Counts AgentBook::counts(const std::string& queue) const {
  std::optional<Counts>& known = counted_[queue];
  if (known) return *known;
  Counts c;
  uint32_t tier = UINT32_MAX;
  for (const Member* at : members_of(queue)) {
    const Member& m = *at;
    if (!m.paused && m.known) ++c.staffed;
    if (m.known) ++c.members;
    const bool away = m.shown == AgentState::paused || m.shown == AgentState::unavailable;
    if (!away && m.shown != AgentState::logged_out) ++c.present;
    if (m.shown == AgentState::talking || m.shown == AgentState::on_hold || m.shown == AgentState::wrap_up) ++c.busy;
    if (!m.paused && m.device_state == pbx::DeviceState::not_in_use) ++c.shown_free;
    if (m.shown == AgentState::unknown) ++c.unknown;
    if (m.shown != AgentState::free || m.penalty > tier) continue;
    if (m.penalty < tier) tier = m.penalty, c.free = 0;
    ++c.free;
  }
  c.known = told_.contains(queue);
  known = c;
  return c;
}

void AgentBook::free_members(const std::string& queue, std::vector<FreeMember>& out) const {
  const size_t from = out.size();
  uint32_t tier = UINT32_MAX;
  for (auto at = members_.lower_bound({queue, {}}); at != members_.end() && at->first.first == queue; ++at) {
    const Member& m = at->second;
    if (m.shown != AgentState::free || m.penalty > tier) continue;
    if (m.penalty < tier) tier = m.penalty, out.resize(from);
    out.push_back({at->second.agent, m.since});
  }
}

std::vector<AgentInterval> AgentBook::open_intervals() const {
  std::vector<AgentInterval> all;
  for (const auto& [key, m] : members_) {
    if (m.paused) all.push_back({m.agent, m.name, key.first, AgentState::paused, m.paused_since, {}});
    if (m.shown != AgentState::talking && m.shown != AgentState::on_hold && m.shown != AgentState::paused)
      all.push_back({m.agent, m.name, key.first, m.shown, m.since, {}});
  }
  for (const auto& [key, pause] : lost_pauses_)
    all.push_back({pause.agent, name_of(pause.agent), key.first, AgentState::paused, pause.since, pause.lost});
  for (const auto& [device, a] : agents_)
    for (const auto& [leg, talk] : a.talks) {
      all.push_back({device, a.name, talk.queue, AgentState::talking, talk.from, {}});
      if (talk.hold_since) all.push_back({device, a.name, talk.queue, AgentState::on_hold, *talk.hold_since, {}});
    }
  return all;
}

}  // namespace hf::calls
