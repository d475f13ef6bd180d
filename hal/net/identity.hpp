// A certificate and its key on disk: NAME.crt beside NAME.key, both 0600.
#pragma once

#include <filesystem>

#include "hal/net/certificate.hpp"

namespace hf::net {

struct IdentityFiles {
  std::filesystem::path certificate, key;
};
// "<folder>/<name>.crt" and "<folder>/<name>.key".
IdentityFiles identity_files(const std::filesystem::path& folder, std::string_view name);

// Reads both. denied when others may read the key; invalid_input when either is unreadable or they do not belong
// together.
Result<Identity> load_identity(const IdentityFiles& files);

// Checks that they belong together, then writes the key and the certificate, each whole or not at all.
Status save_identity(const Identity& identity, const IdentityFiles& files);

// What is there, or, when there is no certificate, a new self-signed server identity, saved. A certificate that is
// broken or has lost its key is an error: replacing a certificate people have compared fingerprints with is a person's
// decision.
Result<Identity> load_or_make_server(const IdentityFiles& files, const Subject& subject, Time now);

// The same for a CA, valid ten years.
Result<Identity> load_or_make_ca(const IdentityFiles& files, const std::string& common_name, Time now);

}  // namespace hf::net
