// OpenSSL's objects with owners. For the sources of this folder only.
#pragma once

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <string_view>

#include "hal/platform/result.hpp"

namespace hf::net {

template <auto free_object>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    free_object(object);
  }
};

using BioPtr = std::unique_ptr<BIO, Freed<::BIO_free_all>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Freed<::EVP_PKEY_free>>;
using CertificatePtr = std::unique_ptr<X509, Freed<::X509_free>>;
using RequestPtr = std::unique_ptr<X509_REQ, Freed<::X509_REQ_free>>;
using BignumPtr = std::unique_ptr<BIGNUM, Freed<::BN_free>>;
using ContextPtr = std::unique_ptr<SSL_CTX, Freed<::SSL_CTX_free>>;
using SslPtr = std::unique_ptr<SSL, Freed<::SSL_free>>;

// "what: the newest reason OpenSSL has"; empties its error queue.
std::unexpected<Error> openssl_failure(ErrorKind kind, std::string what);

// Reading and writing PEM in memory. invalid_input for what is not a certificate, request or unencrypted private key.
BioPtr reading(std::string_view bytes);
Result<CertificatePtr> parse_certificate(std::string_view pem);
Result<RequestPtr> parse_request(std::string_view pem);
Result<KeyPtr> parse_key(std::string_view pem);

// A request whose signature was checked against the key inside it (denied when wrong, or a key below 112 bits of
// strength).
Result<RequestPtr> checked_request(std::string_view pem);

// Hex SHA-256 of the key's SubjectPublicKeyInfo.
Result<std::string> key_fingerprint(EVP_PKEY* key);
// Hex SHA-256 of the certificate as DER.
Result<std::string> certificate_fingerprint(const X509* certificate);

}  // namespace hf::net
