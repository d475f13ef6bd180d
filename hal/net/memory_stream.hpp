// A ByteStream whose other side is the test: feed() what the peer says, look at what was written.
#pragma once

#include <condition_variable>
#include <mutex>

#include "hal/net/byte_stream.hpp"

namespace hf::net {

class MemoryStream final : public ByteStream {
 public:
  Result<size_t> read(std::span<char> out, std::chrono::milliseconds within) override;
  Status write(std::string_view bytes, std::chrono::milliseconds within) override;
  void close() override;
  std::string peer() const override { return "memory"; }

  // The peer's side, from any thread.
  void feed(std::string_view bytes);
  void end();            // the peer closes after what was fed
  void refuse_writes();  // every later write fails with io
  std::string written() const;
  // Waits until `text` has been written at or after `from`; the place behind it, or npos when the time is over.
  size_t wait_written(std::string_view text, size_t from, std::chrono::milliseconds within) const;

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::string incoming_, outgoing_;
  bool ended_ = false, closed_ = false, refusing_ = false;
};

}  // namespace hf::net
