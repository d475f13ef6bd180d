// Who calls from outside? In: what is seen of devices and dialplan contexts. Out: whether a channel that begins a call
// brings a customer. The site model's trunks settle it where they are given; else it is learnt: members' devices and
// what a queue rings are phones; a device that carries callers of several numbers, or whose calls join queues, is a
// trunk.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "hal/pbx/call_event.hpp"
#include "hal/platform/shortlex.hpp"

namespace hf::calls {

enum class Origin : uint8_t { unknown, outside, inside };

class Devices {
 public:
  void set_trunks(const std::vector<std::string>& trunks);
  // `device` belongs to a member of a queue; `guessed`: it only looks like a phone. A guess teaches nothing about
  // contexts, and is given up when the device begins calls of several numbers, or a call that joins a queue, where no
  // phones are.
  // True when it was known as a phone before.
  bool add_phone(const std::string& device, bool guessed = false);
  bool is_phone(const std::string& device) const;
  bool is_trunk(const std::string& device) const;
  // Dialled in a context that only phones use, and no trunk.
  bool looks_like_phone(const std::string& device, const std::string& context) const;
  // A channel of `device` exists in `context`: contexts used by phones alone are learnt from it.
  void saw_channel(const std::string& device, const std::string& context);
  // `device` began a call for `caller`; `device` began a call that joined a queue. True when `device` becomes known as
  // a trunk by it.
  [[nodiscard]] bool began_call(const std::string& device, const std::string& context, pbx::CallerKey caller);
  [[nodiscard]] bool joined_queue(const std::string& device, const std::string& context);
  Origin origin(const std::string& device, const std::string& context, const std::string& dialled) const;

  template <class A>
  void fields(A& a) {
    a("devices", devices_), a("contexts", contexts_), a("trunks_told", trunks_told_);
  }

 private:
  struct Device {
    bool phone = false, guessed = false, trunk = false, told = false;
    pbx::CallerKey caller = 0;  // of its first call
    template <class A>
    void fields(A& a) {
      a("phone", phone), a("guessed", guessed), a("trunk", trunk), a("told", told), a("caller", caller);
    }
  };
  struct Context {
    bool phones = false, trunks = false;
    template <class A>
    void fields(A& a) {
      a("phones", phones), a("trunks", trunks);
    }
  };
  bool of_phones(const std::string& context) const;
  bool make_trunk(Device& device, const std::string& context);

  IdMap<Device> devices_;
  std::map<std::string, Context> contexts_;
  bool trunks_told_ = false;
};

// Channels that the PBX makes for itself (Local, recorders, announcers): neither a phone nor a trunk.
bool is_artificial(std::string_view device);

}  // namespace hf::calls
