// One TLS connection: handshake, requests, answers, farewell. Lives on the server's thread; owned by the server until
// it ends.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "agent/http/https_server.hpp"
#include "hal/net/tls.hpp"

namespace boost::asio {
class io_context;  // NOLINT(readability-identifier-naming): the name is Asio's
}

namespace hf::http {

// What all connections of a server share.
struct Service {
  ServerLimits limits;
  Handler handler;
  BodyLimit body_limit;
  bool mutual_tls = false;
};

// A TCP connection that was accepted and belongs to nobody yet.
struct Accepted {
  int fd = -1;
  bool v6 = false;
  std::string address;  // of the peer
};

class ServerConnection {
 public:
  virtual ~ServerConnection() = default;
  virtual void finish() = 0;  // at once when idle, else after the request in work
  virtual void abort() = 0;   // at once
};

// Takes over `accepted` and serves it; `ended` is called once, last. Keeps `io` alive as long as replies may come.
std::shared_ptr<ServerConnection> serve_tls(const std::shared_ptr<boost::asio::io_context>& io, Accepted accepted,
                                            const net::TlsContext& tls, std::shared_ptr<const Service> service,
                                            std::function<void()> ended);

// Plain HTTP: reads one request head and answers 308 to the same place at https and `port`.
std::shared_ptr<ServerConnection> serve_redirect(const std::shared_ptr<boost::asio::io_context>& io,
                                                 const Accepted& accepted, uint16_t port,
                                                 std::shared_ptr<const Service> service, std::function<void()> ended);

}  // namespace hf::http
