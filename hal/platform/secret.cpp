#include "hal/platform/secret.hpp"

#include <cstring>
#include <utility>

#include "hal/platform/files.hpp"

namespace hf {

Secret::Secret(std::string_view bytes) : bytes_(new char[bytes.size()]), size_(bytes.size()) {
  bytes.copy(bytes_.get(), size_);
}

Secret::~Secret() { wipe(); }

Secret::Secret(Secret&& other) noexcept : bytes_(std::move(other.bytes_)), size_(std::exchange(other.size_, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this == &other) return *this;
  wipe();
  bytes_ = std::move(other.bytes_);
  size_ = std::exchange(other.size_, 0);
  return *this;
}

void Secret::wipe() {
  if (bytes_) ::explicit_bzero(bytes_.get(), size_);
}

void wipe(std::string& text) {
  ::explicit_bzero(text.data(), text.size());
  text.clear();
}

Result<Secret> read_secret(const std::filesystem::path& path) {
  auto text = read_secret_file(path);
  if (!text) return fail(std::move(text.error()));
  Secret secret(*text);
  const bool usable = text->find_first_of(std::string_view("\0\r\n", 3)) == std::string::npos;
  wipe(*text);
  if (!usable) return fail(ErrorKind::invalid_input, path.string() + ": the secret must be one line of text");
  return secret;
}

}  // namespace hf
