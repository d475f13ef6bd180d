// TLS as this product uses it, decided in one place. There is no switch that turns verification off.
// In: certificates as PEM. Out: contexts that whoever moves the bytes (TlsStream here, the HTTPS server above) builds
// on.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "hal/net/certificate.hpp"

struct ssl_ctx_st;
struct ssl_st;

namespace hf::net {

// TLS 1.3 for our own servers and the HQ link. 1.2 is for what stands at a site (a PBX, a mail server) and only as a
// client.
enum class TlsFloor : uint8_t { tls13, tls12_towards_site };

class TlsContext {
 public:
  // Shows `identity`. With `client_ca` (PEM, not empty) every client must show a certificate for clientAuth from it in
  // the handshake. invalid_input: unreadable certificate, key or CA, or a key that does not belong to the certificate.
  static Result<TlsContext> server(const Identity& identity, const std::optional<std::string>& client_ca);

  // Trusts what is in `pinned_ca` (PEM: a CA, or the very certificate of the server) and nothing else: the system's CAs
  // are never asked.
  static Result<TlsContext> client(const std::string& pinned_ca, const Identity* identity,
                                   TlsFloor floor = TlsFloor::tls13);

  ssl_ctx_st* get() const { return context_.get(); }
  // One more reference, for an owner that frees it itself.
  ssl_ctx_st* share() const;

 private:
  explicit TlsContext(std::shared_ptr<ssl_ctx_st> context) : context_(std::move(context)) {}
  std::shared_ptr<ssl_ctx_st> context_;
};

// To be called before a client's handshake: only a certificate for exactly this host name or address will do.
Status expect_host(ssl_st* connection, const std::string& host);

// Hex SHA-256 of the public key of the peer's certificate; nullopt when there is none or its chain was not verified.
std::optional<std::string> verified_peer_key(ssl_st* connection);

// Why a handshake failed, in words with a remedy, if the reason was the peer's certificate; else `otherwise`.
Error handshake_error(ssl_st* connection, const std::string& peer, std::string otherwise);

}  // namespace hf::net
