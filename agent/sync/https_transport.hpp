// The real way to HQ: one POST of a batch over mutual TLS. In: HQ's address, its CA, this site's identity. Out: answers, or why there is none.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "agent/http/https_client.hpp"
#include "agent/sync/transport.hpp"
#include "hal/net/certificate.hpp"

namespace hf::sync {

class HttpsTransport final : public Transport {
 public:
  // `url`: "https://hq.example:8445", a port is needed, a path is not taken. invalid_input: the address, the CA or the identity.
  static Result<std::unique_ptr<HttpsTransport>> make(std::string_view url, const std::string& pinned_ca, const net::Identity& identity);

  Result<TransportReply> post(const std::string& body) override;
  void cancel() override { client_.stop(); }

 private:
  HttpsTransport(net::HostPort server, net::TlsContext tls) : client_(std::move(server), std::move(tls)) {}
  http::HttpsClient client_;
};

}  // namespace hf::sync
