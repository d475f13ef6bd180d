// A blocking HTTPS client for one server: the way to HQ. TLS as hal/net decides it (pinned CA, host name always
// checked).
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "agent/http/http_types.hpp"
#include "hal/net/interrupt.hpp"
#include "hal/net/tcp_stream.hpp"
#include "hal/net/tls.hpp"

namespace hf::http {

class HttpsClient {
 public:
  // `max_response`: bytes of body accepted; more is an error.
  HttpsClient(net::HostPort server, net::TlsContext tls, size_t max_response = 1 << 20);
  ~HttpsClient();

  // One request and its answer within `within`, over the open connection if there is one. `target` is path and query,
  // already encoded; Host and Content-Length are added. Any status is an answer, not an error. Errors: what connecting
  // gives (denied: a certificate refused, not_found, timed_out, io), closed, corrupt (not HTTP, or too large),
  // invalid_input (a header with a line end). A request that is not GET or HEAD is never sent twice: after `closed` or
  // `timed_out` it may or may not have been done. One call at a time; further threads wait.
  Result<Response> request(Method method, std::string_view target, const std::vector<Header>& headers,
                           std::string_view body, std::chrono::milliseconds within);

  // From any thread: the call in work and all later ones return `closed`.
  void stop();

 private:
  Result<Response> exchange(const std::string& head, std::string_view body, Method method,
                            std::chrono::steady_clock::time_point until);
  Result<Response> receive(Method method, std::chrono::steady_clock::time_point until);
  Status connect(std::chrono::steady_clock::time_point until);
  bool still_open();

  const net::HostPort server_;
  const net::TlsContext tls_;
  const size_t max_response_;
  const std::shared_ptr<net::Interrupt> stop_ = std::make_shared<net::Interrupt>();
  std::mutex mutex_;
  std::unique_ptr<net::ByteStream> stream_;
};

}  // namespace hf::http
