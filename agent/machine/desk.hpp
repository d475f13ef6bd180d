// What the page asks of the machine. In: an admin's visit and a request of the device service. Out: its answer, and how the machine is. The service is asked on
// `worker` (one thread; it takes seconds); everything else happens on `home`, the caller's.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "agent/machine/interfaces.hpp"
#include "agent/updates/device.hpp"
#include "agent/updates/window.hpp"
#include "hal/platform/clock.hpp"
#include "hal/platform/executor.hpp"

namespace hf::machine {

struct DeskParts {
  updates::Device& device;
  const Clock& clock;
  Executor& home;
  Executor& worker;
  TimeZone zone;                                // of the window
  std::string window = "02:00-04:00";           // the same in which updates start the box anew
  Path diagnostics = device::kDiagnosticsTold;
  std::function<Network()> see = [] { return see_network({}); };  // on the worker
};

// Who asks, and which of the machine's addresses he reached it by.
struct Visit {
  std::string actor, own_address;
};

template <class T>
using Done = std::function<void(Result<T>)>;

// Whether somebody who came by `own` came by a way that the setting leaves open: its address, or another interface.
bool reached_by(const std::string& own, const Setting& trial, const Network& network);

// Each `done` is called on `home`, exactly once, possibly before the call returns. Errors: denied, here too where there is no device service; busy when too much
// waits; else the service's own.
class Desk {
 public:
  explicit Desk(DeskParts parts);

  bool present() const { return parts_.device.present(); }
  void look(const Visit& visit, const Done<View>& done);
  // A network setting is remembered with the token that confirms it; a confirmation is passed on only when it came by a way that the new setting leaves open.
  void ask(const Visit& visit, device::Request request, const Done<device::Fields>& done);
  // Now or in the window, and when: `later` is no time. invalid_input.
  void shut_down(const Visit& visit, bool power_off, updates::Restart when, const Done<updates::Window>& done);

 private:
  struct Held {  // of the setting on trial, since its answer came
    std::string interface, address, token;
  };
  // `slow` on the worker, then `then` at home with what it gave.
  template <class T>
  void at_worker(std::function<Result<T>()> slow, const Done<T>& then);
  View finish(View view);
  Result<View> see(const Visit& visit) const;
  Status may_confirm(const Visit& visit) const;

  DeskParts parts_;
  const updates::DailyWindow window_;
  std::optional<Held> held_;
};

}  // namespace hf::machine
