// The site's key and certificate towards HQ. In: the files that the settings name. Out: a request for HQ's admin to
// sign, and what is wrong with the certificate that came back. The key is made here and never leaves.
#pragma once

#include <optional>
#include <string>

#include "hal/net/certificate.hpp"
#include "hal/platform/files.hpp"
#include "hal/platform/time.hpp"

namespace hf::sync {

struct SiteRequest {
  std::string pem;          // PKCS#10, to be carried to HQ
  std::string fingerprint;  // "AB:CD:..": shown by the site, compared at HQ
};

// The request for the key in `key_file`; the key is made (mode 0600) when there is no such file. denied when others may
// read it. `site` is only a note inside the request: HQ gives the name.
Result<SiteRequest> site_request(const Path& key_file, const std::string& site);

// Certificate and key as HttpsTransport::make() takes them. not_found names the missing file and says to enrol;
// invalid_input when the two do not belong together.
Result<net::Identity> load_site_identity(const Path& certificate_file, const Path& key_file);

struct CertificateHealth {
  Time ends{};
  std::optional<std::string>
      problem;  // with its remedy, from two thirds of its life on; sending goes on while HQ takes it
};
// `certificate`: PEM. invalid_input when it is none.
Result<CertificateHealth> certificate_health(const std::string& certificate, Time now);

}  // namespace hf::sync
