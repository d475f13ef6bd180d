// One log for the process. error = we failed someone, warning = a peer did something odd, info = a person asked for it,
// debug = for us. Control characters are escaped, and each source may write only so much: a peer that misbehaves a
// thousand times a second fills neither the disk nor hides the others. No secrets, no personal data.
#pragma once

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "hal/platform/clock.hpp"

namespace hf {

enum class LogLevel : uint8_t { error, warning, info, debug };

// "error", "warning", "info", "debug"; nullopt for anything else.
std::optional<LogLevel> parse_log_level(std::string_view name);

// Lines up to this level go to standard error, with a UTC stamp (without one under systemd, whose journal has its own).
// Before the first call only errors and warnings are written. From any thread.
void set_log_level(LogLevel level);

// `source` is a short fixed word: the module, or the module and the peer's address where peers must not silence each
// other.
void log(LogLevel level, std::string_view source, std::string_view message);

template <class... Args>
void log_error(std::string_view source, fmt::format_string<Args...> text, Args&&... args) {
  log(LogLevel::error, source, fmt::format(text, std::forward<Args>(args)...));
}
template <class... Args>
void log_warning(std::string_view source, fmt::format_string<Args...> text, Args&&... args) {
  log(LogLevel::warning, source, fmt::format(text, std::forward<Args>(args)...));
}
template <class... Args>
void log_info(std::string_view source, fmt::format_string<Args...> text, Args&&... args) {
  log(LogLevel::info, source, fmt::format(text, std::forward<Args>(args)...));
}

// The text with every control character and every byte that is not UTF-8 as \xHH, cut at 2,000 bytes: what comes from
// outside can neither forge a line nor drive a terminal.
std::string escape_for_log(std::string_view text);

// Lets each source write a burst of 20 lines and then one a second; counts what it held back. At most 256 sources are
// told apart, the rest share one allowance.
class LogGate {
 public:
  struct Verdict {
    bool pass = false;
    uint64_t held_back = 0;  // lines of this source since its last one that passed
  };
  Verdict ask(std::string_view source, SteadyTime now);

 private:
  struct Allowance {
    double lines = 20;
    SteadyTime at{};
    uint64_t held_back = 0;
  };
  std::map<std::string, Allowance, std::less<>> sources_;
};

}  // namespace hf
