#include "hal/net/certificate.hpp"

#include <openssl/pem.h>

#include <algorithm>

#include "hal/net/openssl.hpp"
#include "hal/net/tcp_stream.hpp"

namespace hf::net {

namespace {

struct Extension {
  int id;
  std::string value;  // in the language of x509v3_config(5)
};
using Extensions = std::vector<Extension>;

std::string take_text(BIO* bio) {
  char* data = nullptr;
  const long size = ::BIO_get_mem_data(bio, &data);
  return size > 0 ? std::string(data, static_cast<size_t>(size)) : std::string();
}

// Letters, digits, '-' and '.' only: the extension language gives commas and colons a meaning.
bool is_dns_name(const std::string& name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  };
  return !name.empty() && name.size() <= 253 && name.front() != '.' && name.front() != '-' &&
         std::ranges::all_of(name, allowed);
}

Result<std::string> alternative_names(const std::vector<std::string>& names) {
  std::string value;
  for (const std::string& name : names) {
    const bool address = is_address(name);
    if (!address && !is_dns_name(name))
      return fail(ErrorKind::invalid_input, "\"" + name + "\" is neither a host name nor an address");
    value += std::string(value.empty() ? "" : ",") + (address ? "IP:" : "DNS:") + name;
  }
  return value;
}

bool set_common_name(X509_NAME* name, const std::string& text) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  return ::X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8, bytes, static_cast<int>(text.size()), -1,
                                      0) == 1;
}

// 127 random bits: CA/Browser baseline asks for at least 64, RFC 5280 for a positive number of at most 20 bytes.
bool set_serial(X509* certificate) {
  const BignumPtr number(::BN_new());
  return number && ::BN_rand(number.get(), 127, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1 &&
         ::BN_to_ASN1_INTEGER(number.get(), ::X509_get_serialNumber(certificate)) != nullptr;
}

bool set_validity(X509* certificate, const Validity& validity) {
  const auto from = std::chrono::floor<std::chrono::seconds>(validity.from);
  const auto until = from + validity.days;
  return ::ASN1_TIME_set(::X509_getm_notBefore(certificate), from.time_since_epoch().count()) != nullptr &&
         ::ASN1_TIME_set(::X509_getm_notAfter(certificate), until.time_since_epoch().count()) != nullptr;
}

bool add_extensions(X509* certificate, X509* issuer, const Extensions& extensions) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  ::X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  for (const Extension& e : extensions) {
    X509_EXTENSION* made = ::X509V3_EXT_conf_nid(nullptr, &context, e.id, e.value.c_str());
    const bool added = made != nullptr && ::X509_add_ext(certificate, made, -1) == 1;
    ::X509_EXTENSION_free(made);
    if (!added) return false;
  }
  return true;
}

struct Issuer {
  X509* certificate;  // null: the certificate signs itself
  EVP_PKEY* key;
};

Result<std::string> build(const std::string& common_name, EVP_PKEY* subject_key, const Issuer& issuer,
                          const Validity& validity, const Extensions& extensions) {
  const CertificatePtr certificate(::X509_new());
  X509* x = certificate.get();
  const bool filled = x != nullptr && ::X509_set_version(x, X509_VERSION_3) == 1 && set_serial(x) &&
                      set_validity(x, validity) && set_common_name(::X509_get_subject_name(x), common_name) &&
                      ::X509_set_pubkey(x, subject_key) == 1;
  if (!filled) return openssl_failure(ErrorKind::invalid_input, "making a certificate for \"" + common_name + "\"");
  X509* signer = issuer.certificate != nullptr ? issuer.certificate : x;
  const bool is_signed = ::X509_set_issuer_name(x, ::X509_get_subject_name(signer)) == 1 &&
                         add_extensions(x, signer, extensions) && ::X509_sign(x, issuer.key, ::EVP_sha256()) > 0;
  const BioPtr out(::BIO_new(::BIO_s_mem()));
  if (!is_signed || !out || ::PEM_write_bio_X509(out.get(), x) != 1) {
    return openssl_failure(ErrorKind::internal, "signing a certificate for \"" + common_name + "\"");
  }
  return take_text(out.get());
}

Extensions end_extensions(Purpose purpose) {
  return {{NID_basic_constraints, "critical,CA:FALSE"},
          {NID_key_usage, "critical,digitalSignature"},
          {NID_ext_key_usage, purpose == Purpose::server ? "serverAuth" : "clientAuth"},
          {NID_subject_key_identifier, "hash"}};
}

// A key of our own and the certificate it signs for itself.
Result<Identity> make_self_signed(const std::string& common_name, const Validity& validity,
                                  const Extensions& extensions) {
  auto key = make_key();
  if (!key) return fail(std::move(key.error()));
  auto parsed = parse_key(key->reveal());
  if (!parsed) return fail(std::move(parsed.error()));
  auto certificate = build(common_name, parsed->get(), {nullptr, parsed->get()}, validity, extensions);
  if (!certificate) return fail(std::move(certificate.error()));
  return Identity{std::move(*certificate), std::move(*key)};
}

}  // namespace

Validity valid_from(Time now, std::chrono::days days) { return {now - std::chrono::hours(1), days}; }

Result<Secret> make_key() {
  const KeyPtr key(::EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  const BioPtr out(::BIO_new(::BIO_s_secmem()));
  if (!key || !out ||
      ::PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return openssl_failure(ErrorKind::internal, "making a key");
  }
  char* data = nullptr;
  const long size = ::BIO_get_mem_data(out.get(), &data);
  return Secret({data, static_cast<size_t>(size)});
}

Result<Identity> make_self_signed_server(const Subject& subject, const Validity& validity) {
  if (subject.names.empty())
    return fail(ErrorKind::invalid_input, "a server certificate needs at least one name or address");
  auto names = alternative_names(subject.names);
  if (!names) return fail(std::move(names.error()));
  Extensions extensions = end_extensions(Purpose::server);
  extensions.push_back({NID_subject_alt_name, *names});
  return make_self_signed(subject.common_name, validity, extensions);
}

Result<Identity> make_ca(const std::string& common_name, const Validity& validity) {
  return make_self_signed(common_name, validity,
                          {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                           {NID_key_usage, "critical,keyCertSign,cRLSign"},
                           {NID_subject_key_identifier, "hash"}});
}

Result<std::string> make_request(const Secret& key, const std::string& common_name) {
  auto parsed = parse_key(key.reveal());
  if (!parsed) return fail(std::move(parsed.error()));
  const RequestPtr request(::X509_REQ_new());
  const BioPtr out(::BIO_new(::BIO_s_mem()));
  const bool made = request && out && set_common_name(::X509_REQ_get_subject_name(request.get()), common_name) &&
                    ::X509_REQ_set_pubkey(request.get(), parsed->get()) == 1 &&
                    ::X509_REQ_sign(request.get(), parsed->get(), ::EVP_sha256()) > 0 &&
                    ::PEM_write_bio_X509_REQ(out.get(), request.get()) == 1;
  if (!made) return openssl_failure(ErrorKind::internal, "making a certificate request");
  return take_text(out.get());
}

Result<std::string> issue(const Identity& ca, std::string_view request, Purpose purpose, const Subject& subject,
                          const Validity& validity) {
  auto asked = checked_request(request);
  if (!asked) return fail(std::move(asked.error()));
  auto certificate = parse_certificate(ca.certificate);
  if (!certificate) return fail(std::move(certificate.error()).context("the CA"));
  auto key = parse_key(ca.key.reveal());
  if (!key) return fail(std::move(key.error()).context("the CA's key"));
  auto names = alternative_names(subject.names);
  if (!names) return fail(std::move(names.error()));
  if (purpose == Purpose::server && names->empty())
    return fail(ErrorKind::invalid_input, "a server certificate needs at least one name");
  Extensions extensions = end_extensions(purpose);
  extensions.push_back({NID_authority_key_identifier, "keyid:always"});
  if (!names->empty()) extensions.push_back({NID_subject_alt_name, *names});
  return build(subject.common_name, ::X509_REQ_get0_pubkey(asked->get()), {certificate->get(), key->get()}, validity,
               extensions);
}

}  // namespace hf::net
