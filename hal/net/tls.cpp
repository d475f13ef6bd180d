#include "hal/net/tls.hpp"

#include <openssl/pem.h>

#include "hal/net/openssl.hpp"
#include "hal/net/tcp_stream.hpp"

namespace hf::net {

namespace {

// Key exchange and 1.3 suites: Mozilla's "modern" set. For 1.2 towards a site: forward secrecy and AEAD only.
constexpr char kGroups[] = "X25519:P-256:P-384";
constexpr char kSuites12[] = "ECDHE+AESGCM:ECDHE+CHACHA20";

Status set_policy(SSL_CTX* context, int floor) {
  const bool set = ::SSL_CTX_set_min_proto_version(context, floor) == 1 &&
                   ::SSL_CTX_set1_groups_list(context, kGroups) == 1 &&
                   ::SSL_CTX_set_cipher_list(context, kSuites12) == 1;
  if (!set) return openssl_failure(ErrorKind::internal, "setting the TLS policy");
  ::SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET);
  // No resumption: a resumed session would skip the checks of the certificate. Early data is off by default.
  ::SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  if (::SSL_CTX_set_num_tickets(context, 0) != 1) return openssl_failure(ErrorKind::internal, "turning off tickets");
  return {};
}

Result<std::vector<CertificatePtr>> parse_all(const std::string& pem) {
  const BioPtr in = reading(pem);
  std::vector<CertificatePtr> all;
  while (X509* x = ::PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr)) all.emplace_back(x);
  const auto why = ERR_GET_REASON(::ERR_peek_last_error());
  if (all.empty() || why != PEM_R_NO_START_LINE)
    return openssl_failure(ErrorKind::invalid_input, "not certificates in PEM form");
  ::ERR_clear_error();
  return all;
}

Status use_identity(SSL_CTX* context, const Identity& identity) {
  auto chain = parse_all(identity.certificate);
  if (!chain) return fail(std::move(chain.error()).context("the certificate"));
  auto key = parse_key(identity.key.reveal());
  if (!key) return fail(std::move(key.error()).context("the private key"));
  if (::SSL_CTX_use_certificate(context, chain->front().get()) != 1)
    return openssl_failure(ErrorKind::invalid_input, "the certificate");
  if (::SSL_CTX_use_PrivateKey(context, key->get()) != 1 || ::SSL_CTX_check_private_key(context) != 1) {
    return openssl_failure(ErrorKind::invalid_input, "the private key does not belong to the certificate");
  }
  for (size_t i = 1; i < chain->size(); ++i) {
    if (::SSL_CTX_add1_chain_cert(context, (*chain)[i].get()) != 1)
      return openssl_failure(ErrorKind::invalid_input, "the chain");
  }
  return {};
}

Status trust(SSL_CTX* context, const std::string& ca) {
  auto all = parse_all(ca);
  if (!all) return fail(std::move(all.error()).context("the trusted CA"));
  X509_STORE* store = ::SSL_CTX_get_cert_store(context);
  for (const CertificatePtr& x : *all) {
    if (::X509_STORE_add_cert(store, x.get()) != 1) return openssl_failure(ErrorKind::invalid_input, "the trusted CA");
  }
  return {};
}

Status require_client_certificate(SSL_CTX* context, const std::string& ca) {
  if (auto trusted = trust(context, ca); !trusted) return trusted;
  ::SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  ::SSL_CTX_set_verify_depth(context, 2);
  return {};
}

Result<ContextPtr> new_context(const SSL_METHOD* method, int floor) {
  ContextPtr context(::SSL_CTX_new(method));
  if (!context) return openssl_failure(ErrorKind::internal, "TLS");
  if (auto set = set_policy(context.get(), floor); !set) return fail(std::move(set.error()));
  return context;
}

const char* remedy(long result) {
  switch (result) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "; renew it, and check both clocks";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "; check both clocks";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return "; use the name the certificate was made for, or a certificate for this name";
    case X509_V_ERR_INVALID_PURPOSE:
      return "; it was made for another use";
    default:
      return "; it is not from the CA that is trusted here";
  }
}

}  // namespace

Result<TlsContext> TlsContext::server(const Identity& identity, const std::optional<std::string>& client_ca) {
  auto context = new_context(::TLS_server_method(), TLS1_3_VERSION);
  if (!context) return fail(std::move(context.error()));
  if (auto used = use_identity(context->get(), identity); !used) return fail(std::move(used.error()));
  if (client_ca) {
    if (auto set = require_client_certificate(context->get(), *client_ca); !set) return fail(std::move(set.error()));
  }
  return TlsContext(std::shared_ptr<ssl_ctx_st>(std::move(*context)));
}

Result<TlsContext> TlsContext::client(const std::string& pinned_ca, const Identity* identity, TlsFloor floor) {
  auto context =
      new_context(::TLS_client_method(), floor == TlsFloor::tls12_towards_site ? TLS1_2_VERSION : TLS1_3_VERSION);
  if (!context) return fail(std::move(context.error()));
  SSL_CTX* c = context->get();
  if (auto trusted = trust(c, pinned_ca); !trusted) return fail(std::move(trusted.error()));
  ::SSL_CTX_set_verify(c, SSL_VERIFY_PEER, nullptr);
  // A pinned end certificate counts as an anchor too, so that a self-signed server can be trusted by itself.
  ::X509_VERIFY_PARAM_set_flags(::SSL_CTX_get0_param(c), X509_V_FLAG_PARTIAL_CHAIN);
  if (identity != nullptr) {
    if (auto used = use_identity(c, *identity); !used) return fail(std::move(used.error()));
  }
  return TlsContext(std::shared_ptr<ssl_ctx_st>(std::move(*context)));
}

ssl_ctx_st* TlsContext::share() const {
  ::SSL_CTX_up_ref(context_.get());
  return context_.get();
}

Status expect_host(ssl_st* connection, const std::string& host) {
  if (host.empty()) return fail(ErrorKind::invalid_input, "a TLS connection needs the name of its peer");
  X509_VERIFY_PARAM* param = ::SSL_get0_param(connection);
  ::X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  if (is_address(host)) {
    if (::X509_VERIFY_PARAM_set1_ip_asc(param, host.c_str()) != 1) return openssl_failure(ErrorKind::internal, host);
    return {};
  }
  // SNI is for names only (RFC 6066, 3).
  const bool set = ::X509_VERIFY_PARAM_set1_host(param, host.data(), host.size()) == 1 &&
                   ::SSL_ctrl(connection, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                              const_cast<char*>(host.c_str())) == 1;
  if (!set) {
    return openssl_failure(ErrorKind::invalid_input, host);
  }
  return {};
}

std::optional<std::string> verified_peer_key(ssl_st* connection) {
  const X509* certificate = ::SSL_get0_peer_certificate(connection);
  if (certificate == nullptr || ::SSL_get_verify_result(connection) != X509_V_OK) return std::nullopt;
  if ((::SSL_get_verify_mode(connection) & SSL_VERIFY_PEER) == 0) return std::nullopt;
  auto key = key_fingerprint(::X509_get0_pubkey(certificate));
  return key ? std::optional(std::move(*key)) : std::nullopt;
}

Error handshake_error(ssl_st* connection, const std::string& peer, std::string otherwise) {
  const long result = ::SSL_get_verify_result(connection);
  ::ERR_clear_error();
  if (result == X509_V_OK) return {ErrorKind::io, peer + ": " + std::move(otherwise)};
  return {ErrorKind::denied,
          peer + ": its certificate is refused: " + ::X509_verify_cert_error_string(result) + remedy(result)};
}

}  // namespace hf::net
