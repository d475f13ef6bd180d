#include "agent/detect/refusing_phones.hpp"

#include <algorithm>

namespace hf::detect {
namespace {

constexpr size_t kMembers = 1024, kCallers = 1024;
constexpr Duration kAtOnce = std::chrono::seconds(1);
constexpr Duration kTellEvery = std::chrono::seconds(60);

Finding about(FindingKind kind, Time at) {
  Finding f;
  f.signal = "phones_refuse", f.kind = kind, f.at = at;
  return f;
}

}  // namespace

void RefusingPhones::on(const calls::Change& change, std::vector<Finding>& out) {
  if (started_ == Time{}) started_ = change.at;
  if (const auto* miss = std::get_if<calls::OfferMissed>(&change.what)) return missed(*miss, change.at, out);
  if (const auto* connected = std::get_if<calls::CallConnected>(&change.what)) {
    const std::string& agent = connected->call.agent;
    if (agent.empty() || (!members_.contains(agent) && members_.size() >= kMembers)) return;
    Member& member = members_[agent];
    let_go(agent, member, change.at, out);
    member.answered = change.at;
  }
  if (std::holds_alternative<calls::ObservationLost>(change.what)) {
    for (auto& [agent, member] : members_) let_go(agent, member, change.at, out);
  }
}

void RefusingPhones::missed(const calls::OfferMissed& miss, Time at, std::vector<Finding>& out) {
  if (!members_.contains(miss.agent) && members_.size() >= kMembers) return;
  Member& m = members_[miss.agent];
  if (m.misses == 0 || at - m.last > kNoOffers) m.misses = 0, m.refused = 0, m.first = at;
  ++m.misses;
  m.refused += miss.rang < kAtOnce ? 1 : 0;
  m.last = at;
  m.queue = miss.queue;
  if (!m.stands && m.misses >= kMissesInARow && at - m.first >= kMissSpan) stand(miss.agent, m, at, out);
  if (!m.stands) return;
  ++offers_;
  if (callers_.size() < kCallers && !miss.call.empty()) callers_.insert(miss.call);
}

void RefusingPhones::stand(const std::string& agent, Member& member, Time at, std::vector<Finding>& out) {
  member.stands = true;
  ++standing_;
  offers_ += member.misses - 1;
  Finding f = about(FindingKind::news, at);
  f.queue = member.queue;
  f.members = {agent};
  f.since = f.since_high = member.first;
  f.since_low = member.answered.value_or(started_);
  f.template_id = "every_offer_missed";
  f.sample_size = member.misses;
  f.values = {{"offers", member.misses}, {"refused", member.refused}, {"span_s", seconds(at - member.first)}};
  out.push_back(std::move(f));
  told_ = Time{};
}

void RefusingPhones::let_go(const std::string& agent, Member& member, Time at, std::vector<Finding>& out) {
  member.misses = member.refused = 0;
  if (!std::exchange(member.stands, false)) return;
  tell(at, out);
  --standing_;
  Finding f = about(FindingKind::cleared, at);
  f.members = {agent};
  out.push_back(std::move(f));
  if (standing_ > 0) return;
  callers_.clear();
  offers_ = 0;
  out.push_back(about(FindingKind::cleared, at));
}

void RefusingPhones::tell(Time at, std::vector<Finding>& out) {
  told_ = at;
  Finding f = about(FindingKind::totals, at);
  f.sample_size = offers_;
  f.values = {{"affected", static_cast<double>(callers_.size())}, {"offers", offers_}, {"members", standing_}};
  out.push_back(std::move(f));
}

void RefusingPhones::tick(Time now, const calls::Tracker& tracker, std::vector<Finding>& out) {
  if (!open()) return;
  std::map<std::string, bool> shown;  // device -> some queue still shows it as one who could be offered a call
  for (const calls::AgentNow& a : tracker.agents()) {
    const bool away = a.state == calls::AgentState::paused || a.state == calls::AgentState::logged_out;
    bool& any = shown[a.agent];
    any = any || !away;
  }
  for (auto& [agent, member] : members_) {
    const auto seen = shown.find(agent);
    if (member.stands && (seen == shown.end() || !seen->second || now - member.last > kNoOffers))
      let_go(agent, member, now, out);
  }
  if (open() && now - told_ >= kTellEvery) tell(now, out);
}

void RefusingPhones::readings(std::vector<Reading>& out) const {
  if (members_.empty()) return;
  const bool several = std::ranges::any_of(members_, [](const auto& m) { return m.second.misses >= kMissesInARow / 2; });
  out.push_back({"phones_refuse", {}, {}, standing_, 0.0, static_cast<uint32_t>(members_.size()),
                 open()    ? ReadingState::standing
                 : several ? ReadingState::watching
                           : ReadingState::quiet});
}

}  // namespace hf::detect
