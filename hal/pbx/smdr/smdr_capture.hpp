// A file of printed call records read as history: each call at the time at which it was over, by the PBX's clock. See capture.hpp.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "hal/pbx/capture.hpp"
#include "hal/pbx/input_file.hpp"
#include "hal/pbx/smdr/smdr_calls.hpp"
#include "hal/pbx/smdr/smdr_records.hpp"

namespace hf::pbx {

class SmdrCapture final : public CaptureReader {
 public:
  // Plain or gzipped. `zone`: of the PBX's wall clock. Errors as InputFile's.
  static Result<std::unique_ptr<CaptureReader>> open(const std::filesystem::path& path, SmdrTemplate how, const TimeZone& zone, const SipKey& site_key);

  bool next(Batch& out) override;
  Description describe() const override;
  CaptureCounts counts() const override { return {file_->position(), lines_, 0, malformed_}; }
  const std::vector<std::string>& warnings() const override { return warnings_; }

 private:
  SmdrCapture(std::unique_ptr<InputFile> file, SmdrTemplate how, const TimeZone& zone, const SipKey& key) : file_(std::move(file)), how_(std::move(how)), zone_(zone), key_(key) {}
  void take(const std::string& line, std::vector<CallEvent>& events);
  void end(std::vector<CallEvent>& events);
  void warn(std::string text);

  std::unique_ptr<InputFile> file_;
  SmdrTemplate how_;
  SmdrRecords records_{how_};
  TimeZone zone_;
  SipKey key_;
  SmdrCalls calls_;
  std::vector<std::string> warnings_;
  uint64_t lines_ = 0, malformed_ = 0;
  Time now_{};
  bool up_ = false, done_ = false;
};

}  // namespace hf::pbx
