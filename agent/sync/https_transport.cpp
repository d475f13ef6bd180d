#include "agent/sync/https_transport.hpp"

namespace hf::sync {

namespace {

constexpr std::string_view kScheme = "https://", kPath = "/wire/v1/batch";
constexpr auto kWithin = std::chrono::seconds(30);

Result<net::HostPort> server_of(std::string_view url) {
  if (!url.starts_with(kScheme)) return fail(ErrorKind::invalid_input, "HQ's address must begin with https://");
  url.remove_prefix(kScheme.size());
  if (url.ends_with('/')) url.remove_suffix(1);
  return net::parse_host_port(url);
}

}  // namespace

Result<std::unique_ptr<HttpsTransport>> HttpsTransport::make(std::string_view url, const std::string& pinned_ca, const net::Identity& identity) {
  auto server = server_of(url);
  if (!server) return fail(std::move(server.error()));
  auto tls = net::TlsContext::client(pinned_ca, &identity);
  if (!tls) return fail(std::move(tls.error()));
  return std::unique_ptr<HttpsTransport>(new HttpsTransport(std::move(*server), std::move(*tls)));
}

Result<TransportReply> HttpsTransport::post(const std::string& body) {
  auto answer = client_.request(http::Method::post, kPath, {{"Content-Type", "application/zstd"}}, body, kWithin);
  if (!answer) return fail(std::move(answer.error()));
  return TransportReply{answer->status, std::move(answer->body)};
}

}  // namespace hf::sync
