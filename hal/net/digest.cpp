#include "hal/net/digest.hpp"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cerrno>
#include <climits>
#include <exception>
#include <memory>
#include <vector>

#include "hal/platform/hex.hpp"

namespace hf::net {

namespace {
constexpr size_t kPiece = 256 << 10;
}

Sha256 sha256(std::string_view bytes) {
  Sha256 out;
  if (EVP_Digest(bytes.data(), bytes.size(), out.data(), nullptr, EVP_sha256(), nullptr) != 1) std::terminate();
  return out;
}

Result<Sha256> sha256_of_file(const Path& file) {
  const Descriptor fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) return fail(file_error(file, errno));
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> sum(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  if (!sum || EVP_DigestInit_ex(sum.get(), EVP_sha256(), nullptr) != 1) std::terminate();
  std::vector<char> piece(kPiece);
  while (true) {
    const ssize_t got = ::read(fd.get(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(file_error(file, errno));
    if (got == 0) break;
    if (EVP_DigestUpdate(sum.get(), piece.data(), static_cast<size_t>(got)) != 1) std::terminate();
  }
  Sha256 out;
  if (EVP_DigestFinal_ex(sum.get(), out.data(), nullptr) != 1) std::terminate();
  return out;
}

Sha256 hmac_sha256(std::string_view key, std::string_view bytes) {
  // OpenSSL takes the key's length as an int, and RFC 2104 hashes keys longer than a block anyway.
  if (key.size() > INT_MAX) {
    const Sha256 shorter = sha256(key);
    return hmac_sha256({reinterpret_cast<const char*>(shorter.data()), shorter.size()}, bytes);
  }
  Sha256 out;
  unsigned length = 0;
  // OpenSSL reads a null key as "keep the previous one": an empty key needs an address.
  const char* key_bytes = key.empty() ? "" : key.data();
  if (HMAC(EVP_sha256(), key_bytes, static_cast<int>(key.size()), reinterpret_cast<const uint8_t*>(bytes.data()),
           bytes.size(), out.data(), &length) == nullptr ||
      length != out.size()) {
    std::terminate();
  }
  return out;
}

Result<std::string> md5_hex(std::string_view bytes) {
  std::array<uint8_t, 16> out;
  if (EVP_Digest(bytes.data(), bytes.size(), out.data(), nullptr, EVP_md5(), nullptr) != 1) {
    return fail(ErrorKind::unsupported, "this system's OpenSSL policy forbids MD5, which the AMI login needs");
  }
  return to_hex(out);
}

bool equal_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace hf::net
