#include "hal/pbx/tail_stream.hpp"

#include <algorithm>
#include <cstring>

namespace hf::pbx {

namespace {
constexpr std::chrono::milliseconds kLook{250};
}

Result<size_t> TailStream::read(std::span<char> out, std::chrono::milliseconds within) {
  if (rest_.empty()) {
    auto line = tail_.next();
    const bool turning = !line && line.error().kind == ErrorKind::not_found;  // between a rotation and the new file
    if (!line && !turning) return fail(std::move(line.error()));
    if (turning || !*line) {
      if (stop_->wait_for(std::min(within, kLook))) return fail(ErrorKind::closed, name_ + ": stopped");
      return fail(ErrorKind::timed_out, name_ + ": nothing new");
    }
    rest_ = std::move(**line) + '\n';
  }
  const size_t size = std::min(out.size(), rest_.size());
  std::memcpy(out.data(), rest_.data(), size);
  rest_.erase(0, size);
  return size;
}

}  // namespace hf::pbx
