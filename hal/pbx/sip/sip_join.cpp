// Which call does a leg belong to that the PBX dials? SIP does not say: a PBX is two phones back to back. In order of
// trust:
// 1. a header that the PBX was set up to write: the caller's Call-ID (X-CID and its like), or the same Session-ID or
// icid on both sides;
// 2. the caller's number, which most PBXs pass on to the agent's phone, else the number dialled, which they pass on to
// the provider: the
//    last nine digits, since prefixes change on the way;
// 3. where neither is passed on: the caller who has waited longest. A PBX that does pass numbers is not guessed at, nor
// is a leg to an
//    end that brings calls itself (a provider).
#include <algorithm>
#include <array>

#include "hal/pbx/sip/sip_dialogs.hpp"
#include "hal/pbx/sip/sip_scan.hpp"

namespace hf::pbx {

namespace {

constexpr size_t kDigits = 9;
constexpr int kMostLookedAt = 64;  // callers with the same number
// What stands for a number that is not shown: RFC 3323's word, and those of PBXs and providers ("asterisk" is
// Asterisk's own).
constexpr auto kWithheld = std::to_array<std::string_view>(
    {"anonymous", "unknown", "restricted", "private", "unavailable", "withheld", "asterisk"});
bool withheld(std::string_view user) {
  return std::ranges::any_of(kWithheld, [user](std::string_view word) { return sip_equal(user, word); });
}

constexpr uint64_t kTrusted = 3;  // legs joined by what the PBX tells, before it is believed to tell always

}  // namespace

uint64_t SipDialogs::number_key(std::string_view user) const {
  std::string digits;
  for (const char c : user.substr(0, 64))
    if (c >= '0' && c <= '9') digits += c;
  if (digits.empty()) return withheld(user) ? hash("withheld") : 0;
  return hash(std::string_view(digits).substr(digits.size() > kDigits ? digits.size() - kDigits : 0));
}

Leg* SipDialogs::origin_for(const Leg& leg) {
  if (Leg* found = by_header(leg)) return ++counts_.by_header, found;
  if (Leg* found = by_number(leg)) return ++counts_.by_number, found;
  if (Leg* found = guess(leg)) return ++counts_.guessed, found;
  ++counts_.unjoined;
  return nullptr;
}

Leg* SipDialogs::by_header(const Leg& leg) {
  if (leg.correlation == 0) return nullptr;
  if (Leg* named = live_leg(leg.correlation)) return named;  // the value is the other leg's Call-ID
  const auto same = correlated_.find(leg.correlation);
  return same == correlated_.end() ? nullptr : find(same->second);
}

// The one who waits rather than the one who talks.
Leg* SipDialogs::by_number(const Leg& leg) {
  Leg* talks = nullptr;
  for (const uint64_t number : leg.numbers) {
    if (number == 0) continue;
    int looked = 0;
    for (auto at = callers_.lower_bound({number, Time::min(), 0});
         at != callers_.end() && std::get<0>(*at) == number && ++looked < kMostLookedAt; ++at) {
      Leg* caller = find({std::get<2>(*at), 0});
      if (caller == nullptr) continue;
      if (!caller->bridged) return caller;
      if (talks == nullptr) talks = caller;
    }
  }
  return talks;
}

Leg* SipDialogs::guess(const Leg& leg) {
  if (places_.brings_calls(leg.far, leg.pbx)) return nullptr;
  const uint64_t told = counts_.by_header + counts_.by_number;
  if (told >= kTrusted && told > counts_.unjoined + counts_.guessed) return nullptr;
  return waiting_.empty() ? nullptr : find({waiting_.begin()->second, 0});
}

void SipDialogs::join(Leg& leg, Leg& origin) {
  leg.origin = origin.ref;
  if (origin.partners.size() >= kMaxPartners)
    std::erase_if(origin.partners, [this](const LegRef& ref) {
      const Leg* p = find(ref);
      return p == nullptr || !p->live();
    });
  if (origin.partners.size() < kMaxPartners) origin.partners.push_back(leg.ref);
}

// A call from the far end, to which legs may belong. Phones' own calls wait for nobody that could be guessed.
void SipDialogs::offer(const Leg& leg) {
  for (const uint64_t number : leg.numbers)
    if (number != 0) callers_.insert({number, leg.begun, leg.ref.call});
  if (leg.correlation != 0) correlated_.emplace(leg.correlation, leg.ref);
  if (places_.is_phone(leg.far)) return;
  places_.brought_call(leg.far, leg.pbx);
  waiting_.insert({leg.begun, leg.ref.call});
}

void SipDialogs::withdraw(const Leg& leg) {
  for (const uint64_t number : leg.numbers) callers_.erase({number, leg.begun, leg.ref.call});
  const auto same = correlated_.find(leg.correlation);
  if (same != correlated_.end() && same->second == leg.ref) correlated_.erase(same);
  waiting_.erase({leg.begun, leg.ref.call});
}

}  // namespace hf::pbx
