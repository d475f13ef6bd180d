// A recorded Event Socket stream, plain or JSON. See capture.hpp for the files.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "hal/pbx/freeswitch/esl_map.hpp"
#include "hal/pbx/stream_capture.hpp"

namespace hf::pbx {

// What the whole stream tells about itself, found in a first pass: SourceUp must say at the start what can be known.
struct EslSurvey {
  std::string product;
  bool channel_events = false, dialplan_events = false, agent_state = false;
  std::optional<Time> first_time;
};

class EslCapture final : public StreamCapture {
 public:
  static Result<std::unique_ptr<CaptureReader>> open(const StreamFiles& files, const SipKey& site_key);

  Description describe() const override;
  CaptureCounts counts() const override;

 private:
  struct Question {
    uint64_t offset = 0;  // of the stream when it was asked
    std::string text;     // without "api "
  };

  EslCapture(std::unique_ptr<InputFile> stream, EslSurvey survey, const SipKey& key)
      : StreamCapture(std::move(stream)), survey_(std::move(survey)), mapper_(key) {}
  Status read_questions(const std::filesystem::path& path);
  void take_bytes(std::string_view bytes) override;
  bool pending() const override { return framer_.pending(); }
  void forget() override;
  void take_frame(const EslFrame& frame, std::vector<CallEvent>& events);
  void take_answer(const EslFrame& frame, std::vector<CallEvent>& events);

  EslSurvey survey_;
  EslFramer framer_;
  EslMapper mapper_;
  std::deque<Question> questions_;  // those not answered yet, in the order they were asked
  uint64_t frames_ = 0;
};

// Fails only when the file cannot be opened; a damaged stream is surveyed as far as it goes.
Result<EslSurvey> survey_esl(const std::filesystem::path& path);

}  // namespace hf::pbx
