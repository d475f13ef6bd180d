#include "hal/pbx/chunk_queue.hpp"

namespace hf::pbx {

namespace {

size_t cost(const Chunk& chunk) { return chunk.bytes.size() + sizeof(Chunk); }

}  // namespace

bool ChunkQueue::push(Chunk chunk) {
  const std::lock_guard lock(mutex_);
  if (closed_ || bytes_ + cost(chunk) > max_bytes_) return false;
  bytes_ += cost(chunk);
  chunks_.push_back(std::move(chunk));
  changed_.notify_one();
  return true;
}

void ChunkQueue::close(Error reason, Time at) {
  const std::lock_guard lock(mutex_);
  if (!closed_) closed_ = std::move(reason), closed_at_ = at;
  changed_.notify_one();
}

std::optional<Time> ChunkQueue::closed_at() const {
  const std::lock_guard lock(mutex_);
  return closed_ ? std::optional<Time>(closed_at_) : std::nullopt;
}

Result<std::optional<Chunk>> ChunkQueue::pop(std::chrono::milliseconds within) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, within, [this] { return closed_ || !chunks_.empty(); });
  if (chunks_.empty()) {
    if (closed_) return fail(*closed_);
    return std::nullopt;
  }
  Chunk chunk = std::move(chunks_.front());
  chunks_.pop_front();
  bytes_ -= cost(chunk);
  return chunk;
}

}  // namespace hf::pbx
