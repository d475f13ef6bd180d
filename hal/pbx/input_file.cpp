#include "hal/pbx/input_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace hf::pbx {

namespace {

constexpr size_t kMaxLine = 64 * 1024;
constexpr size_t kReadAhead = 64 * 1024;

}  // namespace

Result<std::unique_ptr<InputFile>> InputFile::open(const Path& path) {
  auto reader = GzReader::open(path);
  if (!reader) return fail(std::move(reader.error()));
  return std::unique_ptr<InputFile>(new InputFile(std::move(*reader), path.string()));
}

Result<size_t> InputFile::read(std::span<char> out) {
  if (used_ < buffer_.size()) {  // what line() has read ahead comes first
    const size_t n = std::min(out.size(), buffer_.size() - used_);
    std::memcpy(out.data(), buffer_.data() + used_, n);
    used_ += n, position_ += n;
    return n;
  }
  auto got = reader_.read(out);
  if (!got) return fail(got.error().kind, fmt::format("{} after byte {} of its content", got.error().what, position_));
  position_ += *got;
  return got;
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
