#include "hal/pbx/freeswitch/esl_capture.hpp"

#include <fmt/format.h>

#include <utility>

#include "hal/pbx/json_members.hpp"
#include "hal/pbx/pbx_text.hpp"

namespace hf::pbx {

namespace {

constexpr size_t kMaxQuestions = 500'000;

// Events of a recording without times tell their own.
std::optional<Time> event_time(const EslFrame& frame) {
  EslFields fields;
  if (frame.content == EslContent::event_plain)
    fields.split_plain(frame.body);
  else if (frame.content == EslContent::event_json)
    fields.split_json(frame.body);
  else
    return {};
  const auto micros = to_number<int64_t>(fields[EslKey::event_date_timestamp]);
  return micros && *micros > 0 ? std::optional(Time(Duration(*micros))) : std::nullopt;
}

void look_at(const EslFrame& frame, EslSurvey& survey) {
  const bool json = frame.content == EslContent::event_json;
  if (frame.content == EslContent::api_response && survey.product.empty() && frame.body.starts_with("FreeSWITCH"))
    survey.product = esl_product(frame.body);
  if (!json && frame.content != EslContent::event_plain) return;
  if (!survey.first_time) survey.first_time = event_time(frame);
  const std::string_view name = esl_event_name(frame.body, json);
  survey.channel_events = survey.channel_events || name == "CHANNEL_CREATE";
  survey.dialplan_events = survey.dialplan_events || name == "CHANNEL_EXECUTE";
  survey.agent_state =
      survey.agent_state || (name == "CUSTOM" && frame.body.find("agent-state-change") != frame.body.npos);
  if (!survey.product.empty() || name != "HEARTBEAT") return;
  EslFields fields;
  json ? fields.split_json(frame.body) : fields.split_plain(frame.body);
  survey.product = esl_product(fields[EslKey::freeswitch_version]);
}

}  // namespace

Result<EslSurvey> survey_esl(const std::filesystem::path& path) {
  auto file = InputFile::open(path);
  if (!file) return fail(std::move(file.error()));
  EslSurvey survey;
  EslFramer framer;
  std::string buffer(64 * 1024, '\0');
  for (;;) {
    const auto got = (*file)->read(buffer);
    if (!got || *got == 0) break;  // damage is told by the pass that follows
    std::string_view rest(buffer.data(), *got);
    for (EslFrame frame; framer.next(rest, frame);) look_at(frame, survey);
  }
  if (survey.product.empty()) survey.product = "FreeSWITCH";
  return survey;
}

Result<std::unique_ptr<CaptureReader>> EslCapture::open(const StreamFiles& files, const SipKey& site_key) {
  auto survey = survey_esl(files.stream);
  if (!survey) return fail(std::move(survey.error()));
  auto stream = InputFile::open(files.stream);
  if (!stream) return fail(std::move(stream.error()));
  const auto first_time = survey->first_time;
  std::unique_ptr<EslCapture> capture(new EslCapture(std::move(*stream), std::move(*survey), site_key));
  const auto opened = capture->open_companions(
      files, first_time,
      "neither an .idx file (\"unix-milliseconds offset length\" a line) beside it nor Event-Date-Timestamp in it");
  if (!opened) return fail(opened.error());
  if (!files.sent.empty())
    if (auto read = capture->read_questions(files.sent); !read) return fail(std::move(read.error()));
  return capture;
}

// {"t": ms, "offset": n, "cmd": "api callcenter_config queue list"}. An answer to "api" does not say what was asked,
// but answers come in the order of the questions.
Status EslCapture::read_questions(const std::filesystem::path& path) {
  auto file = InputFile::open(path);
  if (!file) return fail(std::move(file.error()));
  std::string line;
  while (questions_.size() < kMaxQuestions) {
    const auto more = (*file)->line(line);
    if (!more) warn(more.error().what);
    if (!more || !*more) break;
    std::string offset, command;
    JsonMembers members(line);
    for (std::string_view key, value; members.next(key, value);) {
      if (key == "offset") offset = json_text(value);
      if (key == "cmd" || key == "bytes") command = json_text(value);
    }
    while (command.ends_with('\n')) command.pop_back();
    if (command.starts_with("api ")) questions_.push_back({to_number<uint64_t>(offset).value_or(0), command.substr(4)});
  }
  return {};
}

void EslCapture::forget() {
  framer_.reset();
  mapper_.reset();
  while (!questions_.empty() && questions_.front().offset <= stream().position()) questions_.pop_front();
}

void EslCapture::take_bytes(std::string_view bytes) {
  std::vector<CallEvent> events;
  for (EslFrame frame; framer_.next(bytes, frame);) {
    take_frame(frame, events);
    if (own_times()) emit(std::exchange(events, {}));
  }
  emit(std::move(events));
}

void EslCapture::take_frame(const EslFrame& frame, std::vector<CallEvent>& events) {
  ++frames_;
  if (frame.content == EslContent::auth_request) {  // the first word of a connection
    if (up_) emit(std::exchange(events, {})), lost(now(), "connection lost");
    return;
  }
  if (own_times())
    if (const auto at = event_time(frame)) forward(*at);
  const bool event = frame.content == EslContent::event_plain || frame.content == EslContent::event_json;
  if (!up_ && (event || esl_header(frame.headers, "Reply-Text").starts_with("+OK event listener enabled"))) {
    up_ = true;
    events.push_back(
        {now(), {}, SourceUp{survey_.product, survey_.channel_events, survey_.dialplan_events, survey_.agent_state}});
  }
  if (frame.content == EslContent::api_response) return take_answer(frame, events);
  mapper_.map(frame, now(), events);
}

void EslCapture::take_answer(const EslFrame& frame, std::vector<CallEvent>& events) {
  if (questions_.empty()) return;
  const Question question = std::move(questions_.front());
  questions_.pop_front();
  if (up_) mapper_.answer(question.text, frame.body, now(), events);
}

Description EslCapture::describe() const {
  Description d;
  d.kind = "replay", d.address = stream().name();
  d.agent_state = survey_.agent_state, d.pre_queue = d.hold_times = survey_.channel_events, d.resumable = true;
  return d;
}

CaptureCounts EslCapture::counts() const {
  return {stream().position(), frames_, mapper_.unknown(), framer_.malformed()};
}

}  // namespace hf::pbx
