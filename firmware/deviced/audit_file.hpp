// Who asked for what, and what came of it: lines in a file of root's, each chained to the one before by its hash. In: a request's facts. Out: a durable line.
//   2026-11-26T20:15:00Z uid=998 pid=412 exe=holdfast-agent actor=admin@192.0.2.7 request=set_zone zone=Europe/Berlin result=done <64 hex signs>
// The hash is SHA-256 over the hash before (64 hex signs, zeros at first) and the line without its own.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hal/platform/files.hpp"
#include "hal/platform/time.hpp"

namespace hf::deviced {

class AuditFile {
 public:
  // Makes it when it is not there. corrupt: a line does not follow from the one before; the file is set aside as NAME.broken and a new one says so.
  static Result<AuditFile> open(const Path& file);

  // One line, on the disk when it returns. Signs that a line may not hold are escaped. At 1 MiB the file becomes NAME.old, and the chain goes on.
  Status add(Time at, std::string_view text);

  // The newest lines, oldest first.
  Result<std::vector<std::string>> newest(size_t count) const;

  // Whether each line follows from the one before; io, corrupt naming the line. Returns the last hash.
  static Result<std::string> verify(std::string_view bytes, std::string_view begin);

 private:
  AuditFile(Path file, std::string last, size_t size) : file_(std::move(file)), last_(std::move(last)), size_(size) {}
  Status turn_over();
  Path file_;
  std::string last_;
  size_t size_;
};

}  // namespace hf::deviced
