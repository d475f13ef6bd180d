// A recorded AMI stream. See capture.hpp for the files.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "hal/pbx/asterisk/ami_frame.hpp"
#include "hal/pbx/asterisk/ami_map.hpp"
#include "hal/pbx/stream_capture.hpp"

namespace hf::pbx {

// What the whole stream tells about itself, found in a first pass: SourceUp must say at the start what can be known.
struct AmiSurvey {
  std::string product;
  bool channel_events = false, dialplan_events = false, agent_state = false;
  std::optional<Time> first_time;  // the first Timestamp key
};

class AmiCapture final : public StreamCapture {
 public:
  static Result<std::unique_ptr<CaptureReader>> open(const StreamFiles& files, const SipKey& site_key);

  Description describe() const override;
  CaptureCounts counts() const override;

 private:
  AmiCapture(std::unique_ptr<InputFile> stream, AmiSurvey survey, const SipKey& key)
      : StreamCapture(std::move(stream)), survey_(std::move(survey)), mapper_(key) {}
  void take_bytes(std::string_view bytes) override;
  bool pending() const override { return framer_.pending(); }
  void forget() override { framer_.reset(); }
  void take_message(std::string_view message, std::vector<CallEvent>& events);

  AmiSurvey survey_;
  AmiFramer framer_;
  AmiMapper mapper_;
  uint64_t messages_ = 0;
};

}  // namespace hf::pbx
