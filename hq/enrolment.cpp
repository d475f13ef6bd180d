#include "hq/enrolment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "agent/wire/label_rules.hpp"
#include "hal/net/identity.hpp"

namespace hf::hq {
namespace {

constexpr auto kRenewBefore = std::chrono::days(30);

// Hex digits alone, in lower case.
std::string plain(std::string_view fingerprint) {
  std::string out;
  for (const char c : fingerprint)
    if (c != ':' && c != ' ') out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

bool still_good(const net::Identity& identity, const std::string& name, const std::string& named, Time now) {
  const auto facts = net::describe_certificate(identity.certificate);
  return facts && facts->not_after - kRenewBefore > now && facts->not_before <= now && named == name;
}

}  // namespace

Result<Enrolment> Enrolment::open(const Path& folder, Time now) {
  auto ca = net::load_or_make_ca(net::identity_files(folder, "ca"), "Holdfast HQ", now);
  if (!ca) return fail(std::move(ca.error()).context("HQ's CA"));
  return Enrolment(folder, std::move(*ca));
}

Result<net::Identity> Enrolment::server_identity(const std::string& name, Time now) const {
  const auto files = net::identity_files(folder_, "ingest");
  const Path name_file = folder_ / "ingest.name";
  const auto named = read_file(name_file, 4096);
  std::error_code none;
  if (named && std::filesystem::exists(files.certificate, none)) {
    auto identity = net::load_identity(files);
    if (!identity) return fail(std::move(identity.error()).context("HQ's certificate towards the sites"));
    if (still_good(*identity, name, *named, now)) return identity;
  }
  auto key = net::make_key();
  if (!key) return fail(std::move(key.error()));
  auto request = net::make_request(*key, name);
  if (!request) return fail(std::move(request.error()));
  auto certificate = net::issue(ca_, *request, net::Purpose::server, {name, {name}}, net::valid_from(now));
  if (!certificate) return fail(std::move(certificate.error()).context("HQ's certificate towards the sites"));
  net::Identity identity{std::move(*certificate), std::move(*key)};
  if (auto saved = net::save_identity(identity, files); !saved) return fail(std::move(saved.error()));
  if (auto saved = write_file(name_file, name); !saved) return fail(std::move(saved.error()));
  return identity;
}

Result<std::string> Enrolment::fingerprint(const std::string& request) {
  auto key = net::request_key_fingerprint(request);
  if (!key) return fail(std::move(key.error()).context("the request"));
  return net::fingerprint_for_people(*key);
}

Result<std::string> Enrolment::enrol(Store& store, const std::string& request, const Wanted& wanted, Time now) const {
  if (auto good = wire::check_site(wanted.site); !good) return fail(std::move(good.error()));
  auto key = net::request_key_fingerprint(request);
  if (!key) return fail(std::move(key.error()).context("the request"));
  if (plain(wanted.fingerprint) != *key)
    return fail(
        ErrorKind::denied,
        fmt::format("this request's fingerprint is {}, not the one given: it is not the request that the site shows",
                    net::fingerprint_for_people(*key)));
  auto certificate =
      net::issue(ca_, request, net::Purpose::client, {wanted.site, {}}, net::valid_from(now, wanted.validity));
  if (!certificate) return fail(std::move(certificate.error()).context("the request"));
  const std::string& label = wanted.label.empty() ? wanted.site : wanted.label;
  if (auto entered = store.enrol(wanted.site, label, *key, now); !entered) return fail(std::move(entered.error()));
  return certificate;
}

}  // namespace hf::hq
