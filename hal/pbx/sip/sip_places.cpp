#include "hal/pbx/sip/sip_places.hpp"

#include <algorithm>

#include "hal/pbx/pbx_text.hpp"

namespace hf::pbx {

// Ports are left out, since TCP's change, unless they are all that tells two ends of one machine apart.
Endpoint SipPlaces::end_of(const Endpoint& one, const Endpoint& other) {
  return one.ip == other.ip ? one : Endpoint{one.ip, 0};
}

bool SipPlaces::told(const Endpoint& end) const {
  return std::ranges::any_of(told_,
                             [&](const Endpoint& t) { return t.ip == end.ip && (t.port == 0 || t.port == end.port); });
}

size_t SipPlaces::weight(const Endpoint& end) const {
  if (registrars_.contains(end)) return kMaxPeers + 1;
  const auto found = peers_.find(end);
  return found == peers_.end() ? 0 : found->second.size();
}

void SipPlaces::meet(const Endpoint& one, const Endpoint& other) {
  if (peers_.size() >= kMaxEnds && !peers_.contains(one)) return;
  auto& met = peers_[one];
  if (met.size() < kMaxPeers) met.insert(other);
}

PbxSide SipPlaces::call(const Endpoint& from, const Endpoint& to) {
  if (!told_.empty()) {
    const bool sends = told(from), takes = told(to);
    if (from.ip != to.ip || !sends || !takes)
      return sends && takes ? PbxSide::both : sends ? PbxSide::from : takes ? PbxSide::to : PbxSide::neither;
  }
  const Endpoint a = end_of(from, to), b = end_of(to, from);
  meet(a, b), meet(b, a);
  const size_t sends = weight(a), takes = weight(b);
  const bool from_pbx = sends != takes ? sends > takes : taken_.contains(a) && !taken_.contains(b);
  if (taken_.size() < kMaxEnds) taken_.insert(from_pbx ? a : b);
  return from_pbx ? PbxSide::from : PbxSide::to;
}

void SipPlaces::registered(const Endpoint& from, const Endpoint& to, std::string_view user, bool kept, Time at) {
  if (registrars_.size() < kMaxEnds) registrars_.insert(end_of(from, to));
  if (!kept || user.empty()) {
    phones_.erase(to);
    return;
  }
  if (phones_.size() >= kMaxPhones && !phones_.contains(to))
    phones_.erase(std::ranges::min_element(phones_, {}, [](const auto& p) { return p.second.seen; }));
  phones_[to] = {clean_text(user.substr(0, 64)), at};
}

void SipPlaces::brought_call(const Endpoint& far, const Endpoint& pbx) {
  if (bringers_.size() < kMaxEnds) bringers_.insert(end_of(far, pbx));
}

std::string SipPlaces::device(const Endpoint& far, const Endpoint& pbx) const {
  if (const auto phone = phones_.find(far); phone != phones_.end()) return "SIP/" + phone->second.user;
  return "SIP/" + (far.ip == pbx.ip ? to_string(far) : to_string(far.ip));
}

}  // namespace hf::pbx
