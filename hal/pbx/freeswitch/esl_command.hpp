// Everything the agent can say to a FreeSWITCH. No other command can be expressed: the driver is read-only by
// construction.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "hal/platform/result.hpp"
#include "hal/platform/secret.hpp"

namespace hf::pbx {

enum class EslFormat : uint8_t { plain, json };
enum class EslQuestion : uint8_t { status, queues, members, agents, tiers, channels };

// The question as it is asked and as a background job's event repeats it: "callcenter_config queue list". `queue` is
// for members alone.
std::string question_text(EslQuestion question, std::string_view queue = {});

// The requests as they go out. invalid_input when a value holds CR, LF or NUL: such a value could begin a command of
// its own. A `user` ("name@domain") logs in as a directory user, without one with the socket's own password.
Result<std::string> render_login(std::string_view user, const Secret& secret);
// The events that bear on waiting; about a third of all bytes.
std::string render_subscription(EslFormat format);
// Asked in the background: the answer is an event that says what was asked and when, and no question holds up events.
Result<std::string> render_question(EslQuestion question, std::string_view queue, std::string_view job);

}  // namespace hf::pbx
