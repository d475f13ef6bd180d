// The way to HQ: HTTPS with the site's certificate, HQ's CA pinned, its name always checked. In: batches. Out: HQ's
// answers.
#pragma once

#include <memory>
#include <string>

#include "agent/http/https_client.hpp"
#include "agent/sync/transport.hpp"
#include "hal/net/certificate.hpp"

namespace hf::sync {

class HttpsTransport final : public Transport {
 public:
  // `url`: "https://hq.example:8445". invalid_input: the URL; what TlsContext::client() gives for certificates and key.
  static Result<std::unique_ptr<HttpsTransport>> make(std::string_view url, const std::string& hq_ca,
                                                      const net::Identity& identity);

  Result<TransportReply> post(const std::string& body) override;  // within 30 s
  // Anything else of the wire: versions that HQ offers. As post().
  Result<TransportReply> ask(http::Method method, std::string_view target, const std::string& content_type, const std::string& body);
  void cancel() override { client_.stop(); }

 private:
  HttpsTransport(net::HostPort server, net::TlsContext tls) : client_(std::move(server), std::move(tls), kMaxAnswer) {}
  static constexpr size_t kMaxAnswer = 256 * 1024;
  http::HttpsClient client_;
};

// "https://HOST:PORT" and nothing behind it (one '/' is fine); without a port 443. invalid_input says what is wrong.
Result<net::HostPort> hq_address(std::string_view url);

}  // namespace hf::sync
