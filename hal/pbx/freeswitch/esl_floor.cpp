#include "hal/pbx/freeswitch/esl_floor.hpp"

#include <algorithm>
#include <utility>

#include "hal/pbx/pbx_text.hpp"

namespace hf::pbx {

namespace {

constexpr size_t kMaxAgents = 20'000, kMaxTiers = 50'000, kMaxQueues = 2'000, kMaxCallers = 20'000;

std::chrono::seconds whole_seconds(std::string_view cell) {
  return std::chrono::seconds(std::min<uint32_t>(to_number<uint32_t>(cell).value_or(0), 86'400));
}

// "[leg_timeout=12]sofia/internal/agent1@192.0.2.7:5060" -> "sofia/internal/agent1@192.0.2.7:5060".
std::string_view without_options(std::string_view contact) {
  for (;;) {
    const size_t close = contact.starts_with('{')   ? contact.find('}')
                         : contact.starts_with('[') ? contact.find(']')
                         : contact.starts_with('<') ? contact.find('>')
                                                    : contact.npos;
    if (close == contact.npos) return contact;
    contact.remove_prefix(close + 1);
  }
}

constexpr Time kLast{std::chrono::sys_days(std::chrono::year(9999) / 1 / 1)};

// State says what the PBX does with the agent, and is Waiting also for those who are on break or gone.
DeviceState device_state(std::string_view state) {
  if (state == "Waiting" || state == "Idle") return DeviceState::not_in_use;
  if (state == "Receiving") return DeviceState::ringing;
  if (state == "In a queue call") return DeviceState::in_use;
  if (state == "Reserved") return DeviceState::busy;
  return DeviceState::unknown;
}

}  // namespace

std::optional<Time> PbxClock::ours(std::string_view epoch) const {
  const auto told = to_time(epoch);
  if (!told || *told == Time{}) return std::nullopt;
  const Time here = ours(*told);
  return here >= Time{} && here < kLast ? std::optional(here) : std::nullopt;  // a clock that is off by decades
}

EslFloor::Agent* EslFloor::known(const std::string& name) {
  const auto at = agents_.find(name);
  return at == agents_.end() ? nullptr : &at->second;
}

void EslFloor::queues(std::string_view answer, Out out) {
  EslTable table(answer, "moh_sound");
  if (!table.good()) return;
  picture_ = Picture{};
  music_.clear();
  while (table.next() && picture_->queues.size() < kMaxQueues) {
    std::string name = clean_text(table["name"]);
    if (name.empty()) continue;
    if (!table["moh_sound"].empty()) music_.insert(std::string(table["moh_sound"]));
    picture_->wanted.insert(name);
    picture_->queues[name].queue = name;
  }
  complete(out);
}

// Rows stay after a caller is answered, abandoned, or lost in a crash: then as Abandoned, without a session [1.10.12].
void EslFloor::members(const std::string& queue, std::string_view answer, Time at, const PbxClock& clock, Out out) {
  EslTable table(answer, "cid_name");
  if (!picture_ || !table.good() || picture_->wanted.erase(queue) == 0) return;
  while (table.next() && picture_->callers.size() < kMaxCallers) {
    const std::string_view state = table["state"], session = table["session_uuid"];
    if ((state != "Waiting" && state != "Trying") || session.empty()) continue;
    const auto joined = clock.ours(table["joined_epoch"]);
    picture_->callers.push_back({clean_text(session), queue, std::max(at - joined.value_or(at), Duration{})});
    ++picture_->queues[queue].waiting;
  }
  complete(out);
}

void EslFloor::agents(std::string_view answer, const PbxClock& clock, Out out) {
  EslTable table(answer, "contact");
  if (!table.good() || !picture_) return;
  agents_.clear();
  devices_.clear();
  while (table.next() && agents_.size() < kMaxAgents) {
    Agent& a = agents_[clean_text(table["name"])];
    a.device = clean_text(without_options(table["contact"]));
    a.status = clean_text(table["status"]), a.state = clean_text(table["state"]);
    a.wrapup = whole_seconds(table["wrap_up_time"]), a.no_answer = whole_seconds(table["no_answer_delay_time"]);
    a.reject = whole_seconds(table["reject_delay_time"]), a.busy = whole_seconds(table["busy_delay_time"]);
    a.last_call = clock.ours(table["last_bridge_end"]), a.ready_at = clock.ours(table["ready_time"]);
    if (!a.device.empty()) devices_.insert(a.device);
  }
  picture_->agents = true;
  complete(out);
}

void EslFloor::tiers(std::string_view answer, Out out) {
  EslTable table(answer, "queue");
  if (!table.good() || !picture_) return;
  tiers_.clear();
  for (size_t rows = 0; table.next() && rows < kMaxTiers; ++rows)
    tiers_[clean_text(table["agent"])].push_back(
        {clean_text(table["queue"]), to_number<uint32_t>(table["level"]).value_or(0)});
  picture_->tiers = true;
  complete(out);
}

std::vector<std::string> EslFloor::wanted() const {
  return picture_ ? std::vector<std::string>(picture_->wanted.begin(), picture_->wanted.end())
                  : std::vector<std::string>{};
}

void EslFloor::complete(Out out) {
  if (!picture_->agents || !picture_->tiers || !picture_->wanted.empty()) return;
  const Picture picture = std::move(*std::exchange(picture_, std::nullopt));
  out.emplace_back(ResyncStarted{ResyncScope::queues});
  for (const auto& [name, queue] : picture.queues) out.emplace_back(queue);
  for (const auto& [name, agent] : agents_) {
    const auto tiers = tiers_.find(name);
    if (tiers == tiers_.end() || logged_out(agent)) continue;
    for (const Tier& tier : tiers->second) out.emplace_back(member(name, agent, tier));
  }
  for (const CallerSeen& caller : picture.callers) out.emplace_back(caller);
  out.emplace_back(ResyncEnded{ResyncScope::queues});
}

bool EslFloor::logged_out(const Agent& agent) { return agent.status.empty() || agent.status == "Logged Out"; }

MemberState EslFloor::member(const std::string& name, const Agent& agent, const Tier& tier) const {
  MemberState m;
  m.queue = tier.queue, m.member = m.name = name;
  m.device = agent.device.empty() ? name : agent.device;
  m.state = device_state(agent.state);
  m.in_call = agent.state == "In a queue call";
  // An on-demand agent is idle after each call until the person asks for the next.
  const bool idle = agent.state == "Idle";
  m.paused = idle || !agent.status.starts_with("Available");
  if (m.paused) m.pause_reason = idle ? agent.state : agent.status;
  m.penalty = tier.level;
  m.wrapup = agent.wrapup;
  m.last_call = agent.last_call;
  m.ready_at = agent.ready_at;
  return m;
}

void EslFloor::tell(const std::string& name, bool added, Out out) {
  const auto tiers = tiers_.find(name);
  const Agent* agent = known(name);
  if (tiers == tiers_.end() || agent == nullptr) return;
  for (const Tier& tier : tiers->second) {
    if (logged_out(*agent)) {
      out.emplace_back(MemberRemoved{tier.queue, name});
      continue;
    }
    MemberState m = member(name, *agent, tier);
    m.added = added;
    out.emplace_back(std::move(m));
  }
}

void EslFloor::status(const std::string& name, std::string status, Out out) {
  Agent* agent = known(name);
  if (agent == nullptr) return;
  const bool was_out = logged_out(*agent);
  agent->status = std::move(status);
  tell(name, was_out && !logged_out(*agent), out);
}

void EslFloor::state(const std::string& name, std::string state, Out out) {
  Agent* agent = known(name);
  if (agent == nullptr) return;
  agent->state = std::move(state);
  if (!logged_out(*agent)) tell(name, false, out);
}

void EslFloor::contact(const std::string& name, std::string_view contact) {
  Agent* agent = known(name);
  if (agent == nullptr) return;
  agent->device = clean_text(without_options(contact));
  if (!agent->device.empty() && devices_.size() < kMaxAgents) devices_.insert(agent->device);
}

void EslFloor::missed(const std::string& name, std::string_view cause, Time at, Out out) {
  Agent* agent = known(name);
  if (agent == nullptr) return;
  const auto spared = cause == "USER_BUSY" ? agent->busy : cause == "CALL_REJECTED" ? agent->reject : agent->no_answer;
  if (spared.count() == 0) return;
  agent->ready_at = at + spared;
  if (!logged_out(*agent)) tell(name, false, out);
}

void EslFloor::talked(const std::string& name, Time at, Out out) {
  Agent* agent = known(name);
  if (agent == nullptr) return;
  agent->last_call = at;
  agent->ready_at = at + agent->wrapup;
  if (!logged_out(*agent)) tell(name, false, out);
}

const std::string& EslFloor::device(const std::string& agent) const {
  static const std::string kNone;
  const auto at = agents_.find(agent);
  return at == agents_.end() ? kNone : at->second.device;
}

}  // namespace hf::pbx
