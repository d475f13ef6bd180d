// A file that grows, as a stream of bytes: whole lines, each with its end, across rotation. For sources that else read a port or a serial line.
#pragma once

#include <memory>

#include "hal/net/byte_stream.hpp"
#include "hal/net/interrupt.hpp"
#include "hal/pbx/log_tail.hpp"

namespace hf::pbx {

class TailStream final : public net::ByteStream {
 public:
  // Both must outlive the stream. `stop` ends a wait.
  TailStream(LogTail& tail, std::string name, std::shared_ptr<net::Interrupt> stop) : tail_(tail), name_(std::move(name)), stop_(std::move(stop)) {}

  // timed_out: no whole line yet, or no file. denied, io, invalid_input: what the path is now; it may be read again.
  Result<size_t> read(std::span<char> out, std::chrono::milliseconds within) override;
  Status write(std::string_view, std::chrono::milliseconds) override { return fail(ErrorKind::unsupported, name_ + ": is only read"); }
  void close() override { stop_->trigger(); }
  std::string peer() const override { return name_; }
  // All of the lines given out has been read: the tail's place is behind it.
  bool whole() const { return rest_.empty(); }

 private:
  LogTail& tail_;
  const std::string name_;
  const std::shared_ptr<net::Interrupt> stop_;
  std::string rest_;
};

}  // namespace hf::pbx
