#include "hal/net/memory_stream.hpp"

#include <algorithm>

namespace hf::net {

Result<size_t> MemoryStream::read(std::span<char> out, std::chrono::milliseconds within) {
  std::unique_lock lock(mutex_);
  const bool ready = changed_.wait_for(lock, within, [this] { return closed_ || ended_ || !incoming_.empty(); });
  if (closed_) return fail(ErrorKind::closed, "memory: closed by us");
  if (!ready) return fail(ErrorKind::timed_out, "memory: no answer in time");
  if (incoming_.empty()) return fail(ErrorKind::closed, "memory: the other side closed the connection");
  const size_t n = std::min(out.size(), incoming_.size());
  std::copy_n(incoming_.begin(), n, out.begin());
  incoming_.erase(0, n);
  return n;
}

Status MemoryStream::write(std::string_view bytes, std::chrono::milliseconds) {
  const std::lock_guard lock(mutex_);
  if (closed_) return fail(ErrorKind::closed, "memory: closed by us");
  if (refusing_) return fail(ErrorKind::io, "memory: writes are refused");
  outgoing_ += bytes;
  changed_.notify_all();
  return {};
}

void MemoryStream::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  changed_.notify_all();
}

void MemoryStream::feed(std::string_view bytes) {
  const std::lock_guard lock(mutex_);
  incoming_ += bytes;
  changed_.notify_all();
}

void MemoryStream::end() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  changed_.notify_all();
}

void MemoryStream::refuse_writes() {
  const std::lock_guard lock(mutex_);
  refusing_ = true;
}

std::string MemoryStream::written() const {
  const std::lock_guard lock(mutex_);
  return outgoing_;
}

size_t MemoryStream::wait_written(std::string_view text, size_t from, std::chrono::milliseconds within) const {
  std::unique_lock lock(mutex_);
  size_t at = std::string::npos;
  changed_.wait_for(lock, within, [&] { return (at = outgoing_.find(text, from)) != std::string::npos; });
  return at == std::string::npos ? at : at + text.size();
}

}  // namespace hf::net
