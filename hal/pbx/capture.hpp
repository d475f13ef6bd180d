// Recorded history as batches of events: what every reader of a recording gives. Which files it reads, and how one is
// opened, tells hal/pbx/recorded/open_capture.hpp.
#pragma once

#include <string>
#include <vector>

#include "hal/pbx/pbx_source.hpp"

namespace hf::pbx {

struct Batch {  // the events of one received chunk, or of one line
  Time at{};
  std::vector<CallEvent> events;  // never empty
};

struct CaptureCounts {
  uint64_t bytes = 0, messages = 0, unknown = 0, malformed = 0;
};

class CaptureReader {
 public:
  virtual ~CaptureReader() = default;
  // The next batch; false at the end. A capture that is cut or damaged is read as far as it goes, and warnings() tells
  // where it ended.
  [[nodiscard]] virtual bool next(Batch& out) = 0;
  virtual Description describe() const = 0;
  virtual CaptureCounts counts() const = 0;
  // What was odd, each with file and place; grows while reading.
  virtual const std::vector<std::string>& warnings() const = 0;
};

}  // namespace hf::pbx
