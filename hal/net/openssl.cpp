#include "hal/net/openssl.hpp"

#include <openssl/pem.h>

#include <array>
#include <climits>

#include "hal/net/digest.hpp"
#include "hal/platform/hex.hpp"

namespace hf::net {

namespace {

// Without a callback OpenSSL would ask for a passphrase on the terminal and wait.
int no_passphrase(char*, int, int, void*) { return -1; }

template <class Encode, class Object>
Result<std::string> digest_of_der(Encode encode, Object* object) {
  uint8_t* der = nullptr;
  const int size = encode(object, &der);
  if (size <= 0) return openssl_failure(ErrorKind::internal, "encoding a certificate or key");
  const auto digest = sha256({reinterpret_cast<const char*>(der), static_cast<size_t>(size)});
  ::OPENSSL_free(der);
  return to_hex(digest);
}

}  // namespace

std::unexpected<Error> openssl_failure(ErrorKind kind, std::string what) {
  std::array<char, 256> text{};
  if (const unsigned long code = ::ERR_peek_last_error(); code != 0) {
    ::ERR_error_string_n(code, text.data(), text.size());
    what += ": " + std::string(text.data());
  }
  ::ERR_clear_error();
  return fail(kind, std::move(what));
}

BioPtr reading(std::string_view bytes) {
  if (bytes.size() > INT_MAX) bytes = {};
  return BioPtr(::BIO_new_mem_buf(bytes.data() == nullptr ? "" : bytes.data(), static_cast<int>(bytes.size())));
}

Result<CertificatePtr> parse_certificate(std::string_view pem) {
  CertificatePtr certificate(::PEM_read_bio_X509(reading(pem).get(), nullptr, no_passphrase, nullptr));
  if (!certificate) return openssl_failure(ErrorKind::invalid_input, "not a certificate in PEM form");
  return certificate;
}

Result<RequestPtr> parse_request(std::string_view pem) {
  RequestPtr request(::PEM_read_bio_X509_REQ(reading(pem).get(), nullptr, no_passphrase, nullptr));
  if (!request) return openssl_failure(ErrorKind::invalid_input, "not a certificate request in PEM form");
  return request;
}

Result<KeyPtr> parse_key(std::string_view pem) {
  KeyPtr key(::PEM_read_bio_PrivateKey(reading(pem).get(), nullptr, no_passphrase, nullptr));
  if (!key) return openssl_failure(ErrorKind::invalid_input, "not an unencrypted private key in PEM form");
  return key;
}

Result<std::string> key_fingerprint(EVP_PKEY* key) { return digest_of_der(::i2d_PUBKEY, key); }

Result<std::string> certificate_fingerprint(const X509* certificate) { return digest_of_der(::i2d_X509, certificate); }

}  // namespace hf::net
