// Signal "phones_refuse": members whom the PBX shows as free, and who refuse or miss every offer. In: OfferMissed and
// CallConnected. Out: a Finding per member, one per member let go, and one without members when the last one is. Owned
// by the Detector. Limit: 1,024 members.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "agent/calls/tracker.hpp"
#include "agent/detect/catalogue.hpp"
#include "agent/detect/finding.hpp"

namespace hf::detect {

// A member stands when the offers since his last answer were missed or refused kMissesInARow times over at least
// kMissSpan. Chance of that for somebody who misses 8 % of his offers at random: 0.08^5, about 1 in 300,000 offers. He
// is let go when he answers, is paused or logs out, or nothing was offered for kNoOffers.
class RefusingPhones {
 public:
  static constexpr uint32_t kMissesInARow = 5;
  static constexpr Duration kMissSpan = std::chrono::seconds(45);
  static constexpr Duration kNoOffers = std::chrono::minutes(15);

  void on(const calls::Change& change, std::vector<Finding>& out);
  void tick(Time now, const calls::Tracker& tracker, std::vector<Finding>& out);
  bool open() const { return standing_ > 0; }
  // One for the PBX: members who stand, of those who were offered calls.
  void readings(std::vector<Reading>& out) const;

  template <class A>
  void fields(A& a) {
    a("members", members_), a("standing", standing_), a("callers", callers_), a("offers", offers_), a("told", told_),
        a("started", started_);
  }

 private:
  struct Member {
    uint32_t misses = 0, refused = 0;  // in a row; refused: within a second
    Time first{}, last{};
    std::optional<Time> answered;
    std::string queue;
    bool stands = false;
    template <class A>
    void fields(A& a) {
      a("misses", misses), a("refused", refused), a("first", first), a("last", last), a("answered", answered),
          a("queue", queue), a("stands", stands);
    }
  };
  void missed(const calls::OfferMissed& miss, Time at, std::vector<Finding>& out);
  void stand(const std::string& agent, Member& member, Time at, std::vector<Finding>& out);
  void let_go(const std::string& agent, Member& member, Time at, std::vector<Finding>& out);
  void tell(Time at, std::vector<Finding>& out);

  std::map<std::string, Member> members_;  // by device
  std::set<std::string> callers_;          // whom standing members let wait; 1,024 at most
  uint32_t standing_ = 0, offers_ = 0;
  Time told_{}, started_{};
};

}  // namespace hf::detect
