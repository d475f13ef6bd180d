// The HTTPS server of agent and HQ: TLS 1.3, HTTP/1.1, one thread of its own. In: requests from anyone. Out: calls of
// the handler with requests that are whole, within limits and read in one way only. Asio and OpenSSL stay behind it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/http/http_types.hpp"
#include "hal/net/certificate.hpp"
#include "hal/net/tcp_stream.hpp"

namespace hf::http {

// What one peer may cost us. Every wait has a deadline, every buffer a size, and both hold before anybody has logged
// in.
struct ServerLimits {
  using ms = std::chrono::milliseconds;
  size_t max_head = 8192;
  size_t small_body = 4096;   // a body the handler's body_limit was not asked about
  size_t max_body = 1 << 20;  // whatever body_limit allows
  ms handshake{5'000};
  ms head{10'000};  // from a request's first byte to the end of its head
  ms idle{60'000};  // between two requests
  ms body{10'000};  // plus the time the announced bytes take at the rate below
  size_t body_bytes_per_second = 16 << 10;
  ms answer{60'000};     // for the handler to reply; then 503
  ms write{20'000};      // for each 64 KiB
  ms shutdown{2'000};    // for the farewell, and for requests in work when the server stops
  ms heartbeat{15'000};  // between comments on a silent event stream: finds clients that are gone
  size_t connections = 256, connections_per_address = 48;
};

// How large a body the request with this head may have; called on the server's thread before the body is read. Only
// asked when it announces more than small_body. nullptr: never more than small_body.
using BodyLimit = std::function<size_t(const Request& head)>;

struct ServerOptions {
  std::vector<net::HostPort> listen;    // literal addresses; port 0 lets the system choose
  std::vector<net::HostPort> redirect;  // plain HTTP that answers everything with 308 to the first https port
  // Sockets that already listen (systemd opened them), in place of `listen` and `redirect`. Ours to close from start() on.
  std::vector<int> listen_fds, redirect_fds;
  net::Identity identity;
  std::optional<std::string> client_ca;  // PEM: mutual TLS, every client needs a certificate from it
  BodyLimit body_limit;
  ServerLimits limits;
};

class HttpsServer {
 public:
  // Binds and serves. busy: an address is in use; denied: a port below 1024 without the right; invalid_input:
  // certificate, CA or address. The error names the address and the remedy.
  static Result<std::unique_ptr<HttpsServer>> start(ServerOptions options, Handler handler);
  ~HttpsServer();  // stop()
  HttpsServer(const HttpsServer&) = delete;
  HttpsServer& operator=(const HttpsServer&) = delete;

  // The port of listen[i]; of redirect[i].
  uint16_t port(size_t i = 0) const;
  uint16_t redirect_port(size_t i = 0) const;

  // New connections get this certificate, open ones go on with theirs. invalid_input leaves the old one in place.
  Status replace_identity(const net::Identity& identity);

  size_t connections() const;  // open now
  // Waits, at most `within`, until so many are open; false when it did not come to that.
  [[nodiscard]] bool await_connections(size_t count, std::chrono::milliseconds within) const;

  // Takes no more connections, lets requests in work finish within limits.shutdown, then closes. Not from the handler's
  // thread.
  void stop();

 private:
  struct Core;
  explicit HttpsServer(std::unique_ptr<Core> core);
  std::unique_ptr<Core> core_;
};

}  // namespace hf::http
