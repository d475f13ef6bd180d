// HQ's own CA and what it signs: the sites' client certificates and HQ's certificate towards the sites. In: files that
// people carry. Out: files that people carry back. The CA's key never leaves HQ's state folder.
#pragma once

#include <chrono>
#include <string>

#include "hal/net/certificate.hpp"
#include "hal/platform/files.hpp"
#include "hq/store.hpp"

namespace hf::hq {

class Enrolment {
 public:
  // Opens the CA in `folder`, or makes it (ten years).
  static Result<Enrolment> open(const Path& folder, Time now);

  // The certificate (PEM) that the sites pin.
  const std::string& ca_certificate() const { return ca_.certificate; }

  // HQ's certificate for the name that the sites call: kept in the folder, made anew 30 days before its end or when the
  // name changed.
  Result<net::Identity> server_identity(const std::string& name, Time now) const;

  struct Wanted {
    std::string site, label;
    std::string fingerprint;  // of the request's key, as the site's page shows it; colons and case do not matter
    std::chrono::days validity{730};
  };
  // The fingerprint of a request (PKCS#10 PEM) for a person to compare, "AB:CD:..". invalid_input, denied.
  static Result<std::string> fingerprint(const std::string& request);
  // Signs the request and enters its key into the site table. denied when the fingerprint is not the request's: then
  // somebody else's request was carried here. Renewal is the same with the site's new or old key.
  Result<std::string> enrol(Store& store, const std::string& request, const Wanted& wanted, Time now) const;

 private:
  Enrolment(Path folder, net::Identity ca) : folder_(std::move(folder)), ca_(std::move(ca)) {}
  Path folder_;
  net::Identity ca_;
};

}  // namespace hf::hq
