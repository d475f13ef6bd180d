// Reads a file that may be gzipped or plain, as one stream of bytes.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "hal/platform/files.hpp"

namespace hf {

class GzReader {
 public:
  // Errors as read_file's.
  static Result<GzReader> open(const Path& path);

  // Up to out.size() bytes of the content, 0 at its end. corrupt when the compressed data is damaged or cut off.
  Result<size_t> read(std::span<char> out);

 private:
  struct Close {
    void operator()(void* file) const;
  };
  GzReader(Path path, void* file) : path_(std::move(path)), file_(file) {}
  Path path_;
  std::unique_ptr<void, Close> file_;
};

// The whole content, refused with invalid_input when it unpacks to more than `limit` bytes.
Result<std::string> read_gz_file(const Path& path, size_t limit);

}  // namespace hf
