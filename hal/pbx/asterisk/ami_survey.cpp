// The first pass over a recorded AMI stream.
#include "hal/pbx/asterisk/ami_survey.hpp"

#include "hal/pbx/pbx_text.hpp"

namespace hf::pbx {

namespace {

void look_at_event(std::string_view message, std::string_view event, AmiSurvey& survey) {
  survey.channel_events = survey.channel_events || event == "Newchannel";
  survey.dialplan_events = survey.dialplan_events || event == "Newexten";
  survey.agent_state = survey.agent_state || event.starts_with("QueueMember");
  if (!survey.first_time) survey.first_time = ami_timestamp(message);
}

void look_at(std::string_view message, AmiSurvey& survey) {
  if (const std::string_view event = ami_first_value(message, "Event"); !event.empty())
    return look_at_event(message, event, survey);
  if (!survey.product.empty() || ami_first_value(message, "Response").empty()) return;
  AmiFields fields;
  fields.split(message);
  if (fields.has(AmiKey::asteriskversion)) survey.product = "Asterisk " + clean_text(fields[AmiKey::asteriskversion]);
}

}  // namespace

// Event, Privilege, Timestamp: the third key where the PBX writes one, and never on answers (16 and 22).
std::optional<Time> ami_timestamp(std::string_view message) {
  for (int line = 0; line < 3 && !message.empty(); ++line) {
    const size_t end = message.find('\n');
    std::string_view key, value;
    if (split_ami_line(message.substr(0, end), key, value) && key == "Timestamp") return to_time(value);
    message = end == message.npos ? std::string_view{} : message.substr(end + 1);
  }
  return {};
}

Result<AmiSurvey> survey_ami(const std::filesystem::path& path) {
  auto file = InputFile::open(path);
  if (!file) return fail(std::move(file.error()));
  AmiSurvey survey;
  AmiFramer framer;
  std::string buffer(64 * 1024, '\0');
  for (;;) {
    const auto got = (*file)->read(buffer);
    if (!got || *got == 0) break;  // damage is told by the pass that follows
    std::string_view rest(buffer.data(), *got), message;
    while (framer.next(rest, message)) look_at(message, survey);
  }
  if (survey.product.empty()) survey.product = "Asterisk";
  return survey;
}

}  // namespace hf::pbx
