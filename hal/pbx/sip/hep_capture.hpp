// A recording of SIP as HEPv3 frames, one behind the other ("sip.hep", by the recorder), read as history. See capture.hpp.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "hal/pbx/input_file.hpp"
#include "hal/pbx/sip/feed_capture.hpp"
#include "hal/pbx/sip/hep_frame.hpp"

namespace hf::pbx {

class HepCapture final : public FeedCapture {
 public:
  static constexpr std::string_view kMagic = "HEP3";

  // As InputFile's. `pbx`: addresses of the PBX; empty = learnt.
  static Result<std::unique_ptr<CaptureReader>> open(const std::filesystem::path& path, const SipKey& site_key,
                                                     std::vector<Endpoint> pbx = {});

  CaptureCounts counts() const override;

 private:
  HepCapture(std::unique_ptr<InputFile> file, const SipKey& key, std::vector<Endpoint> pbx)
      : FeedCapture("hep_capture", "SIP (HEP)", file->name(), key, std::move(pbx)), file_(std::move(file)) {}
  bool next_frame() override;
  void end(bool held_sip) override;
  void take_frame(std::string_view bytes);

  std::unique_ptr<InputFile> file_;
  HepStream frames_;
  uint64_t bytes_ = 0, unread_ = 0;
};

}  // namespace hf::pbx
