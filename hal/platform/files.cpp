#include "hal/platform/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace hf {

namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

std::unexpected<Error> fail_errno(const std::filesystem::path& path, std::string_view what, int code) {
  ErrorKind kind = ErrorKind::io;
  if (code == ENOENT || code == ENOTDIR) kind = ErrorKind::not_found;
  if (code == EACCES || code == EPERM || code == EROFS) kind = ErrorKind::denied;
  return fail(kind, fmt::format("{}: {}: {}", path.string(), what, std::generic_category().message(code)));
}

Result<std::string> read_all(int fd, const std::filesystem::path& path, size_t limit) {
  std::string bytes;
  char block[16384];
  for (;;) {
    const ssize_t n = ::read(fd, block, sizeof block);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail_errno(path, "cannot read", errno);
    if (n == 0) return bytes;
    bytes.append(block, static_cast<size_t>(n));
    if (bytes.size() > limit) return fail(ErrorKind::invalid_input, fmt::format("{}: larger than {} bytes", path.string(), limit));
  }
}

Status write_all(int fd, const std::filesystem::path& path, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail_errno(path, "cannot write", errno);
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  if (::fsync(fd) != 0) return fail_errno(path, "cannot write", errno);
  return {};
}

Status write_new(const std::filesystem::path& path, std::string_view bytes) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (file.get() < 0) return fail_errno(path, "cannot create", errno);
  return write_all(file.get(), path, bytes);
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& path, size_t limit) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return fail_errno(path, "cannot open", errno);
  return read_all(file.get(), path, limit);
}

Status write_file(const std::filesystem::path& path, std::string_view bytes) {
  std::filesystem::path beside = path;
  beside += ".part";
  auto written = write_new(beside, bytes);
  if (written && ::rename(beside.c_str(), path.c_str()) != 0) written = fail_errno(path, "cannot replace", errno);
  if (!written) {
    ::unlink(beside.c_str());
    return written;
  }
  return sync_folder(path.parent_path());
}

Status sync_folder(const std::filesystem::path& folder) {
  const std::filesystem::path real = folder.empty() ? std::filesystem::path(".") : folder;
  const Descriptor dir(::open(real.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (dir.get() < 0) return fail_errno(real, "cannot open", errno);
  if (::fsync(dir.get()) != 0) return fail_errno(real, "cannot sync", errno);
  return {};
}

Result<std::string> read_secret_file(const std::filesystem::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) return fail_errno(path, "cannot open the secret", errno);
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) return fail_errno(path, "cannot examine the secret", errno);
  if (!S_ISREG(info.st_mode)) return fail(ErrorKind::invalid_input, path.string() + ": the secret must be a regular file");
  if ((info.st_mode & 077) != 0) {
    return fail(ErrorKind::denied, fmt::format("{0}: others may read this secret (mode {1:04o}). Remedy: chmod 600 {0}", path.string(), info.st_mode & 07777));
  }
  auto secret = read_all(file.get(), path, 4096);
  if (!secret) return secret;
  if (secret->ends_with('\n')) secret->pop_back();
  if (secret->ends_with('\r')) secret->pop_back();
  if (secret->empty()) return fail(ErrorKind::invalid_input, path.string() + ": the secret is empty");
  return secret;
}

}  // namespace hf
