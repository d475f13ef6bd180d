// The text of one message on the device service's socket: lines, each a key, a blank and a value; the first says what it is and in which version.
//   holdfast-device 1
//   request set_hostname
//   actor admin@192.0.2.7
//   name berlin-1
// One message is one packet (SOCK_SEQPACKET), so there is no frame to lose. Keys: a-z, 0-9, '_' and '.', each once. Values: printable UTF-8, one line.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hal/platform/result.hpp"

namespace hf::device {

inline constexpr size_t kMaxMessage = 16 * 1024, kMaxFields = 200;

using Fields = std::vector<std::pair<std::string, std::string>>;

// invalid_input names the line; unsupported: another version.
Result<Fields> parse_fields(std::string_view message);
// Signs that a value may not hold become blanks; what is over the limits is left out from the end.
std::string write_fields(const Fields& fields);

// The value of a key; nullopt when it is not there.
std::optional<std::string_view> find(const Fields& fields, std::string_view key);

}  // namespace hf::device
