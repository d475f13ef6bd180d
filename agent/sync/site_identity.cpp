#include "agent/sync/site_identity.hpp"

#include <fmt/format.h>

#include "hal/net/identity.hpp"
#include "hal/platform/secret.hpp"

namespace hf::sync {
namespace {

bool is_there(const Path& file) {
  std::error_code none;
  return std::filesystem::exists(file, none);
}

Result<Secret> load_or_make_key(const Path& key_file) {
  if (is_there(key_file)) {
    auto text = read_secret_file(key_file);
    if (!text) return fail(std::move(text.error()));
    Secret key(*text);
    wipe(*text);
    return key;
  }
  auto key = net::make_key();
  if (!key) return fail(std::move(key.error()));
  if (auto written = write_file(key_file, key->reveal(), 0600); !written) return fail(std::move(written.error()));
  return key;
}

}  // namespace

Result<SiteRequest> site_request(const Path& key_file, const std::string& site) {
  auto key = load_or_make_key(key_file);
  if (!key) return fail(std::move(key.error()).context("the key towards HQ"));
  auto pem = net::make_request(*key, site);
  if (!pem) return fail(std::move(pem.error()).context(key_file.string()));
  auto fingerprint = net::request_key_fingerprint(*pem);
  if (!fingerprint) return fail(std::move(fingerprint.error()));
  return SiteRequest{std::move(*pem), net::fingerprint_for_people(*fingerprint)};
}

Result<net::Identity> load_site_identity(const Path& certificate_file, const Path& key_file) {
  for (const auto& file : {certificate_file, key_file})
    if (!is_there(file))
      return fail(ErrorKind::not_found,
                  fmt::format("{}: not there; this box is not enrolled at HQ: make a request and have HQ sign it",
                              file.string()));
  return net::load_identity({certificate_file, key_file});
}

Result<CertificateHealth> certificate_health(const std::string& certificate, Time now) {
  auto facts = net::describe_certificate(certificate);
  if (!facts) return fail(std::move(facts.error()));
  CertificateHealth health{facts->not_after, std::nullopt};
  const auto life = facts->not_after - facts->not_before;
  const auto days = std::chrono::duration_cast<std::chrono::days>(facts->not_after - now).count();
  if (now >= facts->not_after)
    health.problem = "the certificate towards HQ has ended: have HQ sign a new request; until then data waits here";
  else if (now < facts->not_before)
    health.problem = "the certificate towards HQ is not valid yet: check this box's clock";
  else if (now >= facts->not_before + life * 2 / 3)
    health.problem = fmt::format("the certificate towards HQ ends in {} days: have HQ sign a new request", days);
  return health;
}

}  // namespace hf::sync
