// The device service's socket. In: packets of whoever may connect. Out: one answer each. At most 8 connections, one thread, everything with a limit.
#pragma once

#include <functional>
#include <vector>

#include "firmware/deviced/service.hpp"
#include "hal/net/interrupt.hpp"
#include "hal/platform/descriptor.hpp"

namespace hf::deviced {

// Makes and listens on a packet socket at `path`, for tests and for a start without systemd.
Result<Descriptor> listen_at(const Path& path);

class Server {
 public:
  Server(Descriptor listener, Service& service, Clock& clock) : listener_(std::move(listener)), service_(service), clock_(clock) {}

  // Until `stop` is triggered. `alive` is called at least every `every`: the watchdog's beat, given from the loop itself.
  Status run(const net::Interrupt& stop, std::chrono::milliseconds every, const std::function<void()>& alive);

 private:
  struct Connection {
    Descriptor fd;
    Peer peer;
    SteadyTime since;
  };
  void accept();
  // False when the connection is over.
  bool serve(const Connection& connection);
  std::chrono::milliseconds patience(std::chrono::milliseconds every) const;

  Descriptor listener_;
  Service& service_;
  Clock& clock_;
  std::vector<Connection> connections_;
};

}  // namespace hf::deviced
