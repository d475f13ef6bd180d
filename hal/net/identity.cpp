#include "hal/net/identity.hpp"

#include "hal/net/openssl.hpp"
#include "hal/platform/files.hpp"

namespace hf::net {

namespace {

constexpr size_t kMaxPem = 64 << 10;
constexpr std::chrono::days kCaDays{3652};

Status check_pair(const Identity& identity) {
  auto certificate = parse_certificate(identity.certificate);
  if (!certificate) return fail(std::move(certificate.error()));
  auto key = parse_key(identity.key.reveal());
  if (!key) return fail(std::move(key.error()));
  if (::X509_check_private_key(certificate->get(), key->get()) != 1) {
    return openssl_failure(ErrorKind::invalid_input, "the key does not belong to the certificate");
  }
  return {};
}

bool is_there(const std::filesystem::path& path) {
  std::error_code none;
  return std::filesystem::exists(path, none);
}

template <class Make>
Result<Identity> load_or_make(const IdentityFiles& files, Make make) {
  // The certificate is written last: a key alone is what a power cut at first boot leaves, and nobody has seen it yet.
  if (is_there(files.certificate)) return load_identity(files);
  Result<Identity> made = make();
  if (!made) return made;
  if (auto saved = save_identity(*made, files); !saved) return fail(std::move(saved.error()));
  return made;
}

}  // namespace

IdentityFiles identity_files(const std::filesystem::path& folder, std::string_view name) {
  return {folder / (std::string(name) + ".crt"), folder / (std::string(name) + ".key")};
}

Result<Identity> load_identity(const IdentityFiles& files) {
  auto certificate = read_file(files.certificate, kMaxPem);
  if (!certificate) return fail(std::move(certificate.error()));
  auto key = read_secret_file(files.key);
  if (!key) return fail(std::move(key.error()));
  Identity identity{std::move(*certificate), Secret(*key)};
  wipe(*key);
  const std::string both = files.certificate.string() + " and " + files.key.string();
  if (auto pair = check_pair(identity); !pair) return fail(std::move(pair.error()).context(both));
  return identity;
}

Status save_identity(const Identity& identity, const IdentityFiles& files) {
  if (auto pair = check_pair(identity); !pair) return pair;
  if (auto key = write_file(files.key, identity.key.reveal(), 0600); !key) return key;
  return write_file(files.certificate, identity.certificate, 0600);
}

Result<Identity> load_or_make_server(const IdentityFiles& files, const Subject& subject, Time now) {
  return load_or_make(files, [&] { return make_self_signed_server(subject, valid_from(now)); });
}

Result<Identity> load_or_make_ca(const IdentityFiles& files, const std::string& common_name, Time now) {
  return load_or_make(files, [&] { return make_ca(common_name, valid_from(now, kCaDays)); });
}

}  // namespace hf::net
