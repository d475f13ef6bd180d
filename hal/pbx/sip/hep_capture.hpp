// A recording of SIP as HEPv3 frames, one behind the other ("sip.hep", by the recorder), read as history. See capture.hpp.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "hal/pbx/capture.hpp"
#include "hal/pbx/input_file.hpp"
#include "hal/pbx/sip/hep_frame.hpp"
#include "hal/pbx/sip/sip_feed.hpp"
#include "hal/platform/siphash.hpp"

namespace hf::pbx {

class HepCapture final : public CaptureReader {
 public:
  static constexpr std::string_view kMagic = "HEP3";

  // As InputFile's. `pbx`: addresses of the PBX; empty = learnt.
  static Result<std::unique_ptr<CaptureReader>> open(const std::filesystem::path& path, const SipKey& site_key,
                                                     std::vector<Endpoint> pbx = {});

  bool next(Batch& out) override;
  Description describe() const override;
  CaptureCounts counts() const override;
  const std::vector<std::string>& warnings() const override { return warnings_; }

 private:
  HepCapture(std::unique_ptr<InputFile> file, const SipKey& key, std::vector<Endpoint> pbx)
      : file_(std::move(file)), feed_(key, std::move(pbx)) {}
  bool next_frame();
  void take(std::string_view bytes);
  void end();

  std::unique_ptr<InputFile> file_;
  HepStream frames_;
  SipFeed feed_;
  std::vector<CallEvent> events_;
  std::vector<std::string> warnings_;
  Time now_{};
  uint64_t bytes_ = 0, unread_ = 0;
  bool up_ = false, done_ = false;
};

}  // namespace hf::pbx
