#include "hal/pbx/asterisk/ami_capture.hpp"

#include <utility>

#include "hal/pbx/asterisk/ami_survey.hpp"

namespace hf::pbx {

Result<std::unique_ptr<CaptureReader>> AmiCapture::open(const StreamFiles& files, const SipKey& site_key) {
  auto survey = survey_ami(files.stream);
  if (!survey) return fail(std::move(survey.error()));
  auto stream = InputFile::open(files.stream);
  if (!stream) return fail(std::move(stream.error()));
  const auto first_time = survey->first_time;
  std::unique_ptr<AmiCapture> capture(new AmiCapture(std::move(*stream), std::move(*survey), site_key));
  const auto opened = capture->open_companions(
      files, first_time,
      "neither an ami.times file (\"unix-seconds offset length\" a line) beside it nor Timestamp keys in it "
      "(timestampevents=yes in manager.conf)");
  if (!opened) return fail(opened.error());
  return capture;
}

void AmiCapture::take_bytes(std::string_view bytes) {
  // A connection begins with a chunk of its own: without ami.conns the banner in front of one tells of a reconnect.
  if (at_chunk_start() && bytes.starts_with(kAmiBanner)) lost(now(), "connection lost");
  std::vector<CallEvent> events;
  std::string_view message;
  while (framer_.next(bytes, message)) {
    take_message(message, events);
    if (own_times()) emit(std::exchange(events, {}));
  }
  emit(std::move(events));
}

void AmiCapture::take_message(std::string_view message, std::vector<CallEvent>& events) {
  ++messages_;
  if (message.starts_with(kAmiBanner)) {
    if (up_) emit(std::exchange(events, {})), lost(now(), "connection lost");
    return;
  }
  if (own_times())
    if (const auto at = ami_timestamp(message)) forward(*at);
  const bool is_event = !ami_first_value(message, "Event").empty();
  if (!up_ && (is_event || message.find("Authentication accepted") != message.npos)) {
    up_ = true;
    events.push_back(
        {now(), {}, SourceUp{survey_.product, survey_.channel_events, survey_.dialplan_events, survey_.agent_state}});
  }
  mapper_.map(message, now(), events);
}

Description AmiCapture::describe() const {
  Description d;
  d.kind = "replay", d.address = stream().name();
  d.agent_state = survey_.agent_state, d.pre_queue = d.hold_times = survey_.channel_events, d.resumable = true;
  return d;
}

CaptureCounts AmiCapture::counts() const {
  return {stream().position(), messages_, mapper_.unknown(), framer_.malformed()};
}

}  // namespace hf::pbx
