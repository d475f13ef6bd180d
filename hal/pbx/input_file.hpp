// A recorded file, plain or gzipped, read from front to end. In: a path. Out: bytes or lines; what is damaged is told
// with its place.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "hal/platform/gz_reader.hpp"

namespace hf::pbx {

class InputFile {
 public:
  // Errors as GzReader's.
  static Result<std::unique_ptr<InputFile>> open(const Path& path);

  // Up to out.size() bytes; 0 at the end. corrupt: a gzip stream that is cut off or damaged; what came before it was
  // good.
  Result<size_t> read(std::span<char> out);
  // The next line without its end; false at the end. A line over 64 KiB is cut to that length.
  Result<bool> line(std::string& out);
  // Bytes given out so far (of the content, not of the gzip file).
  uint64_t position() const { return position_; }
  const std::string& name() const { return name_; }

 private:
  InputFile(GzReader reader, std::string name) : reader_(std::move(reader)), name_(std::move(name)) {}
  Status fill();

  GzReader reader_;
  std::string name_;
  std::string buffer_;  // read ahead for line()
  size_t used_ = 0;     // of buffer_
  uint64_t position_ = 0;
};

}  // namespace hf::pbx
