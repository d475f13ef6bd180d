#include <algorithm>
#include <ctime>

#include "hal/net/certificate.hpp"
#include "hal/net/openssl.hpp"

namespace hf::net {

namespace {

Time to_time(const ASN1_TIME* time) {
  std::tm parts{};
  if (::ASN1_TIME_to_tm(time, &parts) != 1) return {};
  const std::chrono::year_month_day day{std::chrono::year(parts.tm_year + 1900),
                                        std::chrono::month(static_cast<unsigned>(parts.tm_mon) + 1),
                                        std::chrono::day(static_cast<unsigned>(parts.tm_mday))};
  return std::chrono::sys_days(day) + std::chrono::hours(parts.tm_hour) + std::chrono::minutes(parts.tm_min) +
         std::chrono::seconds(parts.tm_sec);
}

std::string one_line(const X509_NAME* name) {
  const BioPtr out(::BIO_new(::BIO_s_mem()));
  if (!out || ::X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253) < 0) return {};
  char* data = nullptr;
  const long size = ::BIO_get_mem_data(out.get(), &data);
  return std::string(data, static_cast<size_t>(std::max(size, 0L)));
}

}  // namespace

Result<CertificateFacts> describe_certificate(std::string_view pem) {
  auto certificate = parse_certificate(pem);
  if (!certificate) return fail(std::move(certificate.error()));
  X509* x = certificate->get();
  auto whole = certificate_fingerprint(x);
  if (!whole) return fail(std::move(whole.error()));
  auto key = key_fingerprint(::X509_get0_pubkey(x));
  if (!key) return fail(std::move(key.error()));
  return CertificateFacts{
      one_line(::X509_get_subject_name(x)), std::move(*whole),      std::move(*key), to_time(::X509_get0_notBefore(x)),
      to_time(::X509_get0_notAfter(x)),     ::X509_check_ca(x) == 1};
}

Result<RequestPtr> checked_request(std::string_view pem) {
  auto request = parse_request(pem);
  if (!request) return request;
  EVP_PKEY* key = ::X509_REQ_get0_pubkey(request->get());
  if (key == nullptr || ::X509_REQ_verify(request->get(), key) != 1) {
    return openssl_failure(ErrorKind::denied, "the certificate request is not signed by its own key");
  }
  if (::EVP_PKEY_get_security_bits(key) < 112)
    return fail(ErrorKind::denied, "the key of the certificate request is too weak");
  return request;
}

Result<std::string> request_key_fingerprint(std::string_view pem) {
  auto request = checked_request(pem);
  if (!request) return fail(std::move(request.error()));
  return key_fingerprint(::X509_REQ_get0_pubkey(request->get()));
}

std::string fingerprint_for_people(std::string_view hex) {
  std::string text;
  for (size_t i = 0; i < hex.size(); ++i) {
    if (i > 0 && i % 2 == 0) text += ':';
    text += hex[i] >= 'a' && hex[i] <= 'f' ? static_cast<char>(hex[i] - 'a' + 'A') : hex[i];
  }
  return text;
}

}  // namespace hf::net
