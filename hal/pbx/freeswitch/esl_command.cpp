#include "hal/pbx/freeswitch/esl_command.hpp"

namespace hf::pbx {

namespace {

// CUSTOM comes last: everything behind it is taken as a subclass, and without one nothing is delivered [1.10.12].
constexpr std::string_view kEvents =
    "CHANNEL_CREATE CHANNEL_PROGRESS CHANNEL_ANSWER CHANNEL_EXECUTE CHANNEL_BRIDGE CHANNEL_UNBRIDGE CHANNEL_HOLD "
    "CHANNEL_UNHOLD CHANNEL_HANGUP_COMPLETE PLAYBACK_START PLAYBACK_STOP BACKGROUND_JOB HEARTBEAT "
    "RELOADXML SHUTDOWN CUSTOM callcenter::info holdfast::survey";

Status harmless(std::string_view what, std::string_view value) {
  if (value.find_first_of(std::string_view("\r\n\0", 3)) == value.npos) return {};
  return fail(ErrorKind::invalid_input, std::string(what) + " for the PBX holds a line end or NUL");
}

}  // namespace

std::string question_text(EslQuestion question, std::string_view queue) {
  switch (question) {
    case EslQuestion::status:
      return "status";
    case EslQuestion::queues:
      return "callcenter_config queue list";
    case EslQuestion::members:
      return "callcenter_config queue list members " + std::string(queue);
    case EslQuestion::agents:
      return "callcenter_config agent list";
    case EslQuestion::tiers:
      return "callcenter_config tier list";
    case EslQuestion::channels:
      return "show channels as json";
  }
  return {};
}

Result<std::string> render_login(std::string_view user, const Secret& secret) {
  if (auto good = harmless("user", user); !good) return fail(good.error());
  if (auto good = harmless("secret", secret.reveal()); !good) return fail(good.error());
  std::string out;
  out.reserve(16 + user.size() + secret.reveal().size());  // no copy of the secret is left behind by growing
  if (user.empty())
    out += "auth ";
  else
    out += "userauth ", out.append(user), out += ':';
  return out.append(secret.reveal()).append("\n\n");
}

std::string render_subscription(EslFormat format) {
  return (format == EslFormat::json ? "event json " : "event plain ") + std::string(kEvents) + "\n\n";
}

Result<std::string> render_question(EslQuestion question, std::string_view queue, std::string_view job) {
  if (auto good = harmless("queue", queue); !good) return fail(good.error());
  return "bgapi " + question_text(question, queue) + "\nJob-UUID: " + std::string(job) + "\n\n";
}

}  // namespace hf::pbx
