#include "agent/sync/https_transport.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace hf::sync {
namespace {

constexpr std::chrono::milliseconds kWithin{30'000};
constexpr std::string_view kScheme = "https://";

// In TLS 1.3 a server's no to the client's certificate comes after the client's handshake, as an alert on the first
// read.
bool own_certificate_refused(const Error& error) {
  constexpr std::array<std::string_view, 6> kAlerts{"alert unknown ca",          "alert bad certificate",
                                                    "alert certificate expired", "alert certificate revoked",
                                                    "alert certificate unknown", "certificate required"};
  return std::ranges::any_of(kAlerts,
                             [&error](std::string_view alert) { return error.what.find(alert) != std::string::npos; });
}

}  // namespace

Result<net::HostPort> hq_address(std::string_view url) {
  const std::string whole(url);
  if (!url.starts_with(kScheme))
    return fail(ErrorKind::invalid_input, fmt::format("hq.url \"{}\": must begin with https://", whole));
  url.remove_prefix(kScheme.size());
  if (url.ends_with('/')) url.remove_suffix(1);
  if (url.empty() || url.find('/') != std::string_view::npos)
    return fail(ErrorKind::invalid_input,
                fmt::format("hq.url \"{}\": must be https://HOST:PORT without a path", whole));
  const bool has_port = url.rfind(':') != std::string_view::npos && !url.ends_with(']');
  return net::parse_host_port(has_port ? std::string(url) : std::string(url) + ":443");
}

Result<std::unique_ptr<HttpsTransport>> HttpsTransport::make(std::string_view url, const std::string& hq_ca,
                                                             const net::Identity& identity) {
  auto server = hq_address(url);
  if (!server) return fail(std::move(server.error()));
  auto tls = net::TlsContext::client(hq_ca, &identity);
  if (!tls) return fail(std::move(tls.error()).context("the certificates for HQ"));
  return std::unique_ptr<HttpsTransport>(new HttpsTransport(std::move(*server), std::move(*tls)));
}

Result<TransportReply> HttpsTransport::post(const std::string& body) { return ask(http::Method::post, "/wire/v1/batch", "application/zstd", body); }

Result<TransportReply> HttpsTransport::ask(http::Method method, std::string_view target, const std::string& content_type, const std::string& body) {
  std::vector<http::Header> headers;
  if (!content_type.empty()) headers.push_back({"Content-Type", content_type});
  auto response = client_.request(method, target, headers, body, kWithin);
  if (!response && response.error().kind != ErrorKind::denied && own_certificate_refused(response.error()))
    return fail(ErrorKind::denied,
                "HQ refuses this box's certificate: enrol it at this HQ (" + response.error().what + ")");
  if (!response) return fail(std::move(response.error()).context("HQ"));
  return TransportReply{response->status, std::move(response->body)};
}

}  // namespace hf::sync
