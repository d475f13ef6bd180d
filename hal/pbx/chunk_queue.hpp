// Between the thread that reads a PBX and the one that understands it: a bounded row of received chunks. The PBX never
// waits for the agent: while the agent is busy the row grows, and when it is full the connection is given up and the
// gap is told.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>

#include "hal/platform/result.hpp"
#include "hal/platform/time.hpp"

namespace hf::pbx {

struct Chunk {
  Time at{};  // when it was received
  std::string bytes;
};

class ChunkQueue {
 public:
  explicit ChunkQueue(size_t max_bytes) : max_bytes_(max_bytes) {}

  // False when the row is full (the chunk is not taken) or closed.
  [[nodiscard]] bool push(Chunk chunk);
  // No more will come, for this reason; the first reason stays. What is in the row can still be taken.
  void close(Error reason, Time at);

  std::optional<Time> closed_at() const;

  // The oldest chunk; waits for one. nullopt when the time is over. The reason of close() once the row is empty.
  Result<std::optional<Chunk>> pop(std::chrono::milliseconds within);

 private:
  const size_t max_bytes_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Chunk> chunks_;
  size_t bytes_ = 0;
  std::optional<Error> closed_;
  Time closed_at_{};
};

}  // namespace hf::pbx
