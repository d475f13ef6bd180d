// Waits for peers that call us: classic PBXs and senders of packets of their own accord.
#pragma once

#include <memory>

#include "hal/net/byte_stream.hpp"
#include "hal/net/interrupt.hpp"
#include "hal/net/tcp_stream.hpp"

namespace hf::net {

class Socket;

class Listener {
 public:
  // `at.host` is a literal address; port 0 takes a free one. invalid_input: no such address; busy: somebody else has the port; denied; io.
  // `stop`, when given, ends every wait of the listener and of its streams.
  static Result<Listener> open(const HostPort& at, std::shared_ptr<Interrupt> stop = nullptr);
  ~Listener();
  Listener(Listener&&) noexcept;
  Listener& operator=(Listener&&) noexcept;

  // The next peer. timed_out: nobody called. closed: stopped.
  Result<std::unique_ptr<ByteStream>> accept(std::chrono::milliseconds within);
  uint16_t port() const { return port_; }

 private:
  Listener(std::unique_ptr<Socket> socket, std::shared_ptr<Interrupt> stop, uint16_t port);
  std::unique_ptr<Socket> socket_;
  std::shared_ptr<Interrupt> stop_;
  uint16_t port_ = 0;
};

}  // namespace hf::net
