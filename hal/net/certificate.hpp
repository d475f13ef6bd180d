// Keys, certificates and the small CA that HQ enrols its sites with. All as PEM text; P-256 keys, ECDSA with SHA-256.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hal/platform/result.hpp"
#include "hal/platform/secret.hpp"
#include "hal/platform/time.hpp"

namespace hf::net {

// A certificate (with its chain, if any, behind it) and the private key to it.
struct Identity {
  std::string certificate;
  Secret key;
  Identity copy() const { return {certificate, key.copy()}; }
};

enum class Purpose : uint8_t { client, server };

// Whom a certificate is for. `names` are DNS names and literal IP addresses; a server needs at least one.
struct Subject {
  std::string common_name;
  std::vector<std::string> names;
};

struct Validity {
  Time from;
  std::chrono::days days;
};

// A server certificate of our own: long enough not to be a chore, short enough for browsers (825 days), and made valid
// an hour early so that a clock a little behind still takes it.
constexpr std::chrono::days kServerDays{825};
Validity valid_from(Time now, std::chrono::days days = kServerDays);

// A new P-256 key, PKCS#8 PEM.
Result<Secret> make_key();

// Signed by its own key, for serverAuth only, not a CA. invalid_input: no name, or one that is neither a DNS name nor
// an address.
Result<Identity> make_self_signed_server(const Subject& subject, const Validity& validity);

// A CA that may sign end certificates only (path length 0).
Result<Identity> make_ca(const std::string& common_name, const Validity& validity);

// A request to sign `key`, PKCS#10 PEM.
Result<std::string> make_request(const Secret& key, const std::string& common_name);

// A certificate for the request's key. The request proves possession of the key by its signature (denied when it does
// not); everything else in it is ignored: names, purpose and validity are the CA's to say.
Result<std::string> issue(const Identity& ca, std::string_view request, Purpose purpose, const Subject& subject,
                          const Validity& validity);

struct CertificateFacts {
  std::string subject;          // "CN=holdfast"
  std::string fingerprint;      // hex SHA-256 of the certificate: what a browser shows
  std::string key_fingerprint;  // hex SHA-256 of the public key (SPKI): the identity in mutual TLS, kept over renewals
  Time not_before{}, not_after{};
  bool ca = false;
};

// Of the first certificate in the text.
Result<CertificateFacts> describe_certificate(std::string_view pem);

// The key fingerprint a request's certificate will have, after checking its signature.
Result<std::string> request_key_fingerprint(std::string_view request);

// "AB:CD:..": how people compare fingerprints.
std::string fingerprint_for_people(std::string_view hex);

}  // namespace hf::net
