// Which end of a SIP message is the PBX, and who is at the other end. In: who sends calls to whom, and registrations
// that the PBX has accepted. Out: the side of the PBX, and a name for the far end that stays the same. Pure; bounded.
// Told addresses decide. Else it is learnt: who accepts registrations is a PBX; else the end that deals with more
// different ends; else the one that was called first.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "hal/pbx/sip/packet_address.hpp"
#include "hal/platform/time.hpp"

namespace hf::pbx {

enum class PbxSide : uint8_t { neither, from, to, both };

class SipPlaces {
 public:
  static constexpr size_t kMaxEnds = 8'192;     // beyond it no new end is learnt
  static constexpr size_t kMaxPeers = 32;       // counted of one end
  static constexpr size_t kMaxPhones = 20'000;  // the registration seen longest ago makes room

  // `told`: the PBX's addresses; port 0 = any.
  explicit SipPlaces(std::vector<Endpoint> told) : told_(std::move(told)) {}

  // A call is offered from one end to the other: which is the PBX?
  PbxSide call(const Endpoint& from, const Endpoint& to);
  // The PBX `from` has accepted the registration of `user` at `to`; not `kept`: it has taken it back.
  void registered(const Endpoint& from, const Endpoint& to, std::string_view user, bool kept, Time at);
  // "SIP/1007" of a registered phone, else "SIP/192.0.2.7" (with the port where the PBX has the same address).
  std::string device(const Endpoint& far, const Endpoint& pbx) const;
  bool is_phone(const Endpoint& far) const { return phones_.contains(far); }
  // An end that is no registered phone has begun a call.
  void brought_call(const Endpoint& far, const Endpoint& pbx);
  bool brings_calls(const Endpoint& far, const Endpoint& pbx) const {
    return !is_phone(far) && bringers_.contains(end_of(far, pbx));
  }
  size_t phones() const { return phones_.size(); }

 private:
  struct Phone {
    std::string user;
    Time seen{};
  };
  static Endpoint end_of(const Endpoint& one, const Endpoint& other);
  bool told(const Endpoint& end) const;
  size_t weight(const Endpoint& end) const;
  void meet(const Endpoint& one, const Endpoint& other);

  std::vector<Endpoint> told_;
  std::map<Endpoint, std::set<Endpoint>> peers_;
  std::set<Endpoint> registrars_, bringers_, taken_;  // taken_: once believed to be the PBX
  std::map<Endpoint, Phone> phones_;
};

}  // namespace hf::pbx
