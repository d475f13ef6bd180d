// Everything the agent can say to an Asterisk Manager. No other action can be expressed: the driver is read-only by
// construction.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "hal/platform/result.hpp"

namespace hf::pbx {

enum class AmiAction : uint8_t { challenge, login, ping, queue_status, core_show_channels, core_status, core_settings };
enum class AmiParameter : uint8_t { action_id, auth_type, username, key, events };

struct AmiArgument {
  AmiParameter name;
  std::string_view value;
};

// The action's name on the wire: "QueueStatus".
std::string_view action_name(AmiAction action);

// The request as it goes out. invalid_input names the parameter when a value holds CR, LF or NUL: such a value could
// begin an action of its own.
Result<std::string> render_action(AmiAction action, std::span<const AmiArgument> arguments);

}  // namespace hf::pbx
