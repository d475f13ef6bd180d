// One or more queue_log files read as history, oldest first. See capture.hpp.
#pragma once

#include <deque>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "hal/pbx/asterisk/queue_log_map.hpp"
#include "hal/pbx/capture.hpp"
#include "hal/pbx/input_file.hpp"

namespace hf::pbx {

class QueueLogCapture final : public CaptureReader {
 public:
  // `files` in the order in which they were written; `address` is what describe() names.
  static Result<std::unique_ptr<CaptureReader>> open(std::vector<std::filesystem::path> files, std::string address);

  bool next(Batch& out) override;
  Description describe() const override;
  CaptureCounts counts() const override { return {bytes_, lines_, mapper_.unknown(), mapper_.malformed()}; }
  const std::vector<std::string>& warnings() const override { return warnings_; }

 private:
  explicit QueueLogCapture(std::string address) : address_(std::move(address)) {}
  bool next_line(std::string& line);
  void end_file();
  void take(const std::string& line, std::vector<CallEvent>& events);
  void warn(std::string text);

  std::string address_;
  std::deque<std::filesystem::path> files_;
  std::unique_ptr<InputFile> file_;
  QueueLogMapper mapper_;
  std::vector<std::string> warnings_;
  uint64_t bytes_ = 0, lines_ = 0, line_in_file_ = 0;
  Time now_{};
  bool up_ = false, done_ = false;
};

}  // namespace hf::pbx
