#include "hal/platform/gz_reader.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <climits>

namespace hf {

namespace {

gzFile handle(void* file) { return static_cast<gzFile>(file); }

}  // namespace

void GzReader::Close::operator()(void* file) const { ::gzclose(handle(file)); }

Result<GzReader> GzReader::open(const Path& path) {
  Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat about{};
  if (fd.get() < 0 || ::fstat(fd.get(), &about) != 0) return fail(file_error(path, errno));
  if (!S_ISREG(about.st_mode)) return fail(ErrorKind::invalid_input, path.string() + ": not a regular file");
  gzFile file = ::gzdopen(fd.get(), "rb");
  if (file == nullptr) return fail(ErrorKind::io, path.string() + ": out of memory");
  fd.release();  // gzclose closes it from here on
  return GzReader(path, file);
}

Result<size_t> GzReader::read(std::span<char> out) {
  const auto room = static_cast<unsigned>(std::min<size_t>(out.size(), INT_MAX));
  const int n = ::gzread(handle(file_.get()), out.data(), room);
  int status = Z_OK;
  ::gzerror(handle(file_.get()), &status);
  // A stream that stops in the middle gives its last bytes first, then Z_BUF_ERROR.
  if (n > 0) return static_cast<size_t>(n);
  if (status == Z_OK || status == Z_STREAM_END) return size_t{0};
  if (status == Z_ERRNO) return fail(file_error(path_, errno));
  const bool cut = status == Z_BUF_ERROR;
  return fail(ErrorKind::corrupt,
              path_.string() + (cut ? ": the compressed data is cut off" : ": the compressed data is damaged"));
}

Result<std::string> read_gz_file(const Path& path, size_t limit) {
  auto reader = GzReader::open(path);
  if (!reader) return fail(std::move(reader.error()));
  std::string bytes;
  while (bytes.size() <= limit) {
    const size_t old = bytes.size();
    bytes.resize(old + std::min<size_t>(limit + 1 - old, 64 << 10));
    const auto n = reader->read(std::span(bytes).subspan(old));
    if (!n) return fail(n.error());
    bytes.resize(old + *n);
    if (*n == 0) return bytes;
  }
  return fail(ErrorKind::invalid_input, path.string() + ": unpacks to more than " + std::to_string(limit) + " bytes");
}

}  // namespace hf
