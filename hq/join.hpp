// The same artificial hold at several sites is one incident for HQ. In: the sites' incidents. Out: groups. Pure.
#pragma once

#include <string>
#include <vector>

#include "agent/wire/messages.hpp"

namespace hf::hq {

struct SiteIncident {
  std::string site;
  wire::Incident incident;
  Time received{};  // first heard of at HQ
};

struct Member {
  std::string site;
  wire::Id id;
  bool operator==(const Member&) const = default;
};

struct HqIncident {
  std::string id;                  // "SITE.ID" of the earliest member: the same as long as that member is known
  Duration imposed_wait{};         // median of the members
  std::vector<std::string> sites;  // two at least, by name
  Time onset{};                    // earliest
  Time joined{};                   // when HQ heard of the second site
  std::optional<Time> closed;      // latest; unset while a member is open
  uint64_t affected_calls = 0;
  Duration imposed{};
  std::vector<Member> members;  // by onset
};

// Two readings of one policy's wait differ by prompts and rounding at most.
constexpr Duration kSameWait = std::chrono::seconds(3);

// Artificial holds with a known imposed wait belong together when their waits are within kSameWait of the group's
// earliest member and their times (earliest possible onset to end) overlap with a member's. Groups of one site are no
// group. Newest onset first; the order of `incidents` does not matter.
std::vector<HqIncident> join_incidents(std::vector<SiteIncident> incidents);

}  // namespace hf::hq
