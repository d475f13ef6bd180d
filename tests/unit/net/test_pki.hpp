// Certificates for the tests of this folder, made once: a CA, a rival CA, and end certificates right and wrong.
#pragma once

#include "hal/net/certificate.hpp"
#include "hal/platform/clock.hpp"

namespace hf::net {

inline Identity test_ca(const std::string& name) {
  return make_ca(name, valid_from(system_clock().now(), std::chrono::days(10))).value();
}

// An end certificate from `ca`; `offset` moves its ten days of validity.
inline Identity test_identity(const Identity& ca, Purpose purpose, std::vector<std::string> names,
                              std::chrono::days offset = {}) {
  Identity made;
  made.key = make_key().value();
  const std::string request = make_request(made.key, "asked for this name").value();
  const Validity validity = valid_from(system_clock().now() + offset, std::chrono::days(10));
  made.certificate = issue(ca, request, purpose, {"test", std::move(names)}, validity).value();
  return made;
}

}  // namespace hf::net
