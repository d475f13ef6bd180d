#include "hal/pbx/input_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace hf::pbx {

namespace {

constexpr size_t kMaxLine = 64 * 1024;
constexpr size_t kReadAhead = 64 * 1024;

ErrorKind kind_of(int error_number) {
  if (error_number == ENOENT || error_number == ENOTDIR) return ErrorKind::not_found;
  return error_number == EACCES ? ErrorKind::denied : ErrorKind::io;
}

}  // namespace

Result<std::unique_ptr<InputFile>> InputFile::open(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return fail(kind_of(errno), fmt::format("{}: {}", path.string(), std::strerror(errno)));
  gzFile file = gzdopen(fd, "rb");  // reads plain files as they are
  if (file == nullptr) {
    ::close(fd);
    return fail(ErrorKind::io, path.string() + ": no memory to read it");
  }
  gzbuffer(file, 128 * 1024);
  return std::unique_ptr<InputFile>(new InputFile(file, path.string()));
}

InputFile::~InputFile() { gzclose_r(file_); }

Result<size_t> InputFile::read(std::span<char> out) {
  if (used_ < buffer_.size()) {  // what line() has read ahead comes first
    const size_t n = std::min(out.size(), buffer_.size() - used_);
    std::memcpy(out.data(), buffer_.data() + used_, n);
    used_ += n, position_ += n;
    return n;
  }
  if (cut_) return fail(ErrorKind::corrupt, fmt::format("{}: the gzip stream is cut off after byte {} of its content", name_, position_));
  const auto wanted = static_cast<unsigned>(std::min<size_t>(out.size(), 1 << 30));
  const int got = gzread(file_, out.data(), wanted);
  if (got < 0) return fail(ErrorKind::corrupt, fmt::format("{}: the gzip stream is damaged after byte {} of its content", name_, position_));
  int error = Z_OK;
  gzerror(file_, &error);
  cut_ = error == Z_BUF_ERROR;
  position_ += static_cast<uint64_t>(got);
  if (got == 0 && cut_) return read(out);
  return static_cast<size_t>(got);
}

Status InputFile::fill() {
  std::string more(kReadAhead, '\0');
  const uint64_t before = position_;
  auto got = read(more);
  if (!got) return fail(std::move(got.error()));
  position_ = before;  // counted when given out
  more.resize(*got);
  buffer_ = std::move(more);
  used_ = 0;
  return {};
}

Result<bool> InputFile::line(std::string& out) {
  out.clear();
  bool any = false;
  for (;;) {
    if (used_ == buffer_.size()) {
      if (auto filled = fill(); !filled) {
        if (any) return true;
        return fail(std::move(filled.error()));
      }
      if (buffer_.empty()) return any;
    }
    const size_t end = buffer_.find('\n', used_);
    const std::string_view piece = std::string_view(buffer_).substr(used_, end - used_);
    out.append(piece.substr(0, kMaxLine - std::min(out.size(), kMaxLine)));
    any = true;
    const size_t taken = piece.size() + (end == buffer_.npos ? 0 : 1);
    used_ += taken, position_ += taken;
    if (end == buffer_.npos) continue;
    if (out.ends_with('\r')) out.pop_back();
    return true;
  }
}

}  // namespace hf::pbx
