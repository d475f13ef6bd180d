// The lower of the two hardware seams: bytes that come and go. TCP, TLS and memory are behind it.
// One thread reads and writes; close() alone may come from another one.
#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "hal/platform/result.hpp"

namespace hf::net {

class ByteStream {
 public:
  virtual ~ByteStream() = default;

  // Waits for at least one byte and returns how many were put into `out` (never 0, `out` must not be empty).
  // timed_out: nothing came, and the stream can still be used. closed: the peer ended it, or close() was called. io: it
  // broke.
  virtual Result<size_t> read(std::span<char> out, std::chrono::milliseconds within) = 0;

  // Writes all of `bytes` or fails. After timed_out a part may have gone out: the stream is then good for nothing but
  // close().
  virtual Status write(std::string_view bytes, std::chrono::milliseconds within) = 0;

  // Ends the stream, from any thread, any number of times. A blocked read or write returns `closed` at once.
  virtual void close() = 0;

  // "192.0.2.7:5038", for messages.
  virtual std::string peer() const = 0;
};

}  // namespace hf::net
