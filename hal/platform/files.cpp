#include "hal/platform/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <system_error>
#include <utility>

namespace hf {

namespace {

constexpr size_t kMaxSecretFile = 4096;

struct RegularFile {
  Descriptor fd;
  mode_t mode = 0;
};

Result<RegularFile> open_regular(const Path& path) {
  // O_NONBLOCK: opening a FIFO must fail below, not wait for a writer.
  Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat about{};
  if (fd.get() < 0 || ::fstat(fd.get(), &about) != 0) return fail(file_error(path, errno));
  if (!S_ISREG(about.st_mode)) return fail(ErrorKind::invalid_input, path.string() + ": not a regular file");
  return RegularFile{std::move(fd), about.st_mode};
}

Result<std::string> read_all(int fd, const Path& path, size_t limit) {
  std::string bytes;
  while (bytes.size() <= limit) {
    const size_t old = bytes.size();
    bytes.resize(old + std::min<size_t>(limit + 1 - old, 64 << 10));
    const ssize_t n = ::read(fd, bytes.data() + old, bytes.size() - old);
    if (n < 0 && errno != EINTR) return fail(file_error(path, errno));
    bytes.resize(old + static_cast<size_t>(std::max<ssize_t>(n, 0)));
    if (n == 0) return bytes;
  }
  return fail(ErrorKind::invalid_input, path.string() + ": larger than " + std::to_string(limit) + " bytes");
}

Status write_all(int fd, std::string_view bytes, const Path& path) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail(file_error(path, errno));
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  return {};
}

Status write_new(const Path& path, std::string_view bytes, mode_t mode) {
  const Descriptor fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode));
  if (fd.get() < 0) return fail(file_error(path, errno));
  if (auto written = write_all(fd.get(), bytes, path); !written) return written;
  if (::fsync(fd.get()) != 0) return fail(file_error(path, errno));
  return {};
}

// A name of its own for each writer: two threads that replace one file must not rename each other's halves.
Path name_beside(const Path& path) {
  static std::atomic<unsigned> counter = 0;
  return path.parent_path() /
         ("." + path.filename().string() + "." + std::to_string(::getpid()) + "." + std::to_string(counter++) + ".new");
}

std::string holder_of(int fd) {
  std::array<char, 32> text{};
  const ssize_t n = ::pread(fd, text.data(), text.size() - 1, 0);
  const std::string pid = n > 0 ? std::string(text.data(), static_cast<size_t>(n)) : "";
  const bool digits = !pid.empty() && pid.find_first_not_of("0123456789") == std::string::npos;
  return digits ? "process " + pid : "another process";
}

}  // namespace

ErrorKind kind_of_errno(int error_number) {
  switch (error_number) {
    case ENOENT:
      return ErrorKind::not_found;
    case EACCES:
    case EPERM:
    case EROFS:
      return ErrorKind::denied;
    case ENAMETOOLONG:
    case EINVAL:
    case ENOTDIR:
    case EISDIR:
      return ErrorKind::invalid_input;
    default:
      return ErrorKind::io;
  }
}

Error file_error(const Path& path, int error_number) {
  return {kind_of_errno(error_number), path.string() + ": " + std::generic_category().message(error_number)};
}

Result<std::string> read_file(const Path& path, size_t limit) {
  auto file = open_regular(path);
  if (!file) return fail(std::move(file.error()));
  return read_all(file->fd.get(), path, limit);
}

Status write_file(const Path& path, std::string_view bytes, mode_t mode) {
  const Path fresh = name_beside(path);
  auto written = write_new(fresh, bytes, mode);
  if (written && ::rename(fresh.c_str(), path.c_str()) != 0) written = fail(file_error(path, errno));
  if (!written) {
    ::unlink(fresh.c_str());
    return fail(std::move(written.error()).context("writing " + path.string()));
  }
  return sync_folder(path.parent_path());
}

namespace {
Status sync_path(const Path& path, int kind) {
  const Descriptor fd(::open(path.c_str(), O_RDONLY | kind | O_CLOEXEC));
  if (fd.get() < 0 || ::fsync(fd.get()) != 0) return fail(file_error(path, errno));
  return {};
}
}  // namespace

Status sync_file(const Path& path) { return sync_path(path, 0); }
Status sync_folder(const Path& folder) { return sync_path(folder.empty() ? Path(".") : folder, O_DIRECTORY); }

Result<std::string> read_secret_file(const Path& path) {
  auto file = open_regular(path);
  if (!file) return fail(std::move(file.error()).context("the secret"));
  if ((file->mode & 077) != 0) {
    return fail(ErrorKind::denied, fmt::format("{0}: others may read this secret (mode {1:04o}). Remedy: chmod 600 {0}",
                                               path.string(), file->mode & 07777));
  }
  auto secret = read_all(file->fd.get(), path, kMaxSecretFile);
  if (!secret) return secret;
  if (secret->ends_with('\n')) secret->pop_back();
  if (secret->ends_with('\r')) secret->pop_back();
  if (secret->empty()) return fail(ErrorKind::invalid_input, path.string() + ": the secret is empty");
  return secret;
}

Status make_folder(const Path& path, mode_t mode) {
  if (::mkdir(path.c_str(), mode) == 0) return {};
  if (errno == ENOENT && path.has_parent_path() && path.parent_path() != path) {
    if (auto above = make_folder(path.parent_path(), mode); !above) return above;
    if (::mkdir(path.c_str(), mode) == 0) return {};
  }
  const int failure = errno;
  std::error_code none;
  if (failure == EEXIST && std::filesystem::is_directory(path, none)) return {};
  return fail(file_error(path, failure == EEXIST ? ENOTDIR : failure));
}

Result<FolderLock> FolderLock::take(const Path& folder) {
  const Path path = folder / "lock";
  Descriptor fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (fd.get() < 0) return fail(file_error(path, errno));
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return fail(file_error(path, errno));
    return fail(ErrorKind::busy,
                folder.string() + ": in use by " + holder_of(fd.get()) + "; stop it or choose another folder");
  }
  const std::string pid = std::to_string(::getpid());
  if (::ftruncate(fd.get(), 0) != 0) return fail(file_error(path, errno));
  if (auto written = write_all(fd.get(), pid, path); !written) return fail(std::move(written.error()));
  return FolderLock(std::move(fd));
}

}  // namespace hf
