#include "agent/app/identity.hpp"

#include <cstring>

#include "hal/platform/hex.hpp"

namespace hf::app {

Result<SipKey> load_or_make_key(const Path& file, Random& random) {
  auto text = read_secret_file(file);
  SipKey key{};
  if (!text && text.error().kind == ErrorKind::not_found) {
    random.fill(std::as_writable_bytes(std::span(key)));
    if (auto written = write_file(file, to_hex(key), 0600); !written) return fail(std::move(written.error()));
    return key;
  }
  if (!text) return fail(std::move(text.error()));
  const auto bytes = from_hex(*text);
  if (!bytes || bytes->size() != key.size()) return fail(ErrorKind::corrupt, file.string() + ": not 32 hex digits; move it away and a new key is made");
  std::memcpy(key.data(), bytes->data(), key.size());
  return key;
}

}  // namespace hf::app
