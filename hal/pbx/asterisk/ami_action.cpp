#include "hal/pbx/asterisk/ami_action.hpp"

namespace hf::pbx {

namespace {

std::string_view parameter_name(AmiParameter parameter) {
  switch (parameter) {
    case AmiParameter::action_id:
      return "ActionID";
    case AmiParameter::auth_type:
      return "AuthType";
    case AmiParameter::username:
      return "Username";
    case AmiParameter::key:
      return "Key";
    case AmiParameter::events:
      return "Events";
  }
  return {};
}

void append_line(std::string& out, std::string_view key, std::string_view value) {
  out.append(key), out += ": ", out.append(value), out += "\r\n";
}

}  // namespace

std::string_view action_name(AmiAction action) {
  switch (action) {
    case AmiAction::challenge:
      return "Challenge";
    case AmiAction::login:
      return "Login";
    case AmiAction::ping:
      return "Ping";
    case AmiAction::queue_status:
      return "QueueStatus";
    case AmiAction::core_show_channels:
      return "CoreShowChannels";
    case AmiAction::core_status:
      return "CoreStatus";
    case AmiAction::core_settings:
      return "CoreSettings";
  }
  return {};
}

Result<std::string> render_action(AmiAction action, std::span<const AmiArgument> arguments) {
  std::string out;
  append_line(out, "Action", action_name(action));
  for (const AmiArgument& a : arguments) {
    if (a.value.find_first_of(std::string_view("\r\n\0", 3)) != a.value.npos)
      return fail(ErrorKind::invalid_input,
                  std::string(parameter_name(a.name)) + " for the PBX holds a line end or NUL");
    append_line(out, parameter_name(a.name), a.value);
  }
  return out + "\r\n";
}

}  // namespace hf::pbx
