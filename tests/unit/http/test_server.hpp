// An HTTPS server on loopback with a port of the system's choice, and a raw TLS client that can misbehave.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>

#include "agent/http/https_server.hpp"
#include "hal/net/certificate.hpp"
#include "hal/net/tls_stream.hpp"
#include "hal/platform/clock.hpp"

namespace hf::http {

using namespace std::chrono_literals;

inline const net::Identity& test_ca() {
  static const net::Identity ca = net::make_ca("Test CA", net::valid_from(system_clock().now())).value();
  return ca;
}

inline net::Identity test_identity(net::Purpose purpose, const net::Identity& ca = test_ca(),
                                   std::vector<std::string> names = {"127.0.0.1"}) {
  net::Identity made;
  made.key = net::make_key().value();
  made.certificate = net::issue(ca, net::make_request(made.key, "x").value(), purpose, {"x", std::move(names)},
                                net::valid_from(system_clock().now()))
                         .value();
  return made;
}

inline ServerOptions test_options() {
  ServerOptions options;
  options.listen = {{"127.0.0.1", 0}};
  options.identity = test_identity(net::Purpose::server);
  options.limits.shutdown = 200ms;
  return options;
}

// Says what it was asked, so that tests see what the server made of their bytes.
inline void echo(Request request, const Reply& reply) {
  Response response;
  response.body = request.path + "|" + request.body;
  reply(std::move(response));
}

inline std::unique_ptr<HttpsServer> start(ServerOptions options, Handler handler = echo) {
  auto server = HttpsServer::start(std::move(options), std::move(handler));
  EXPECT_TRUE(server) << server.error().what;
  return std::move(server.value());
}

// A client that sends exactly the bytes it is told to.
class RawClient {
 public:
  explicit RawClient(const HttpsServer& server, const net::Identity* identity = nullptr) {
    const auto tls = net::TlsContext::client(test_ca().certificate, identity).value();
    auto stream = net::connect_tls({"127.0.0.1", server.port()}, tls, 5s);
    if (stream) stream_ = std::move(*stream);
  }
  bool connected() const { return stream_ != nullptr; }
  bool send(std::string_view bytes) { return connected() && stream_->write(bytes, 5s).has_value(); }
  // All that comes until `text` is among it or the connection ends.
  std::string read_until(std::string_view text) {
    std::string got;
    std::array<char, 4096> buffer;
    while (connected() && got.find(text) == std::string::npos) {
      const auto n = stream_->read(buffer, 5s);
      if (!n && n.error().kind == ErrorKind::timed_out) return got + "[the server neither answered nor closed]";
      if (!n) break;
      got.append(buffer.data(), *n);
    }
    return got;
  }
  // Whether the server has not closed the connection after `time`; what it sends meanwhile is dropped.
  bool stays_open(std::chrono::milliseconds time) {
    std::array<char, 4096> buffer;
    if (!connected()) return false;
    const auto n = stream_->read(buffer, time);
    return n ? *n > 0 : n.error().kind == ErrorKind::timed_out;
  }
  std::string read_all() { return read_until("\xff never \xff"); }
  void close() { stream_.reset(); }

 private:
  std::unique_ptr<net::ByteStream> stream_;
};

// The answer of a fresh server connection to `bytes`.
inline std::string ask(const HttpsServer& server, std::string_view bytes) {
  RawClient client(server);
  if (!client.send(bytes)) return "[not connected]";
  return client.read_all();
}

inline std::string status_of(const std::string& answer) { return answer.substr(0, 12); }

}  // namespace hf::http
