#include "hal/platform/supervisor.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace hf {

namespace {

constexpr int64_t kMaxSockets = 16;

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

std::optional<int64_t> number(std::string_view text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

}  // namespace

Result<std::vector<HandedSocket>> handed_sockets(int first) {
  std::vector<HandedSocket> sockets;
  const auto pid = number(environment("LISTEN_PID"));
  if (!pid || *pid != ::getpid()) return sockets;  // meant for the process that started us
  const auto count = number(environment("LISTEN_FDS"));
  if (!count || *count < 0 || *count > kMaxSockets) return fail(ErrorKind::invalid_input, "LISTEN_FDS is not a number from 0 to 16");
  std::string_view names = environment("LISTEN_FDNAMES");
  sockets.reserve(static_cast<size_t>(*count));
  for (int i = 0; i < static_cast<int>(*count); ++i) {
    const std::string_view name = names.substr(0, names.find(':'));
    names.remove_prefix(std::min(name.size() + 1, names.size()));
    const int copy = ::fcntl(first + i, F_SETFD, FD_CLOEXEC) == 0 ? ::fcntl(first + i, F_DUPFD_CLOEXEC, first + static_cast<int>(*count)) : -1;
    if (copy < 0) return fail(ErrorKind::invalid_input, "LISTEN_FDS promises a socket that is not there");
    sockets.push_back({copy, std::string(name)});
  }
  return sockets;
}

std::optional<std::chrono::microseconds> watchdog_limit() {
  const auto limit = number(environment("WATCHDOG_USEC"));
  const auto pid = number(environment("WATCHDOG_PID"));
  if (!limit || *limit <= 0 || (pid && *pid != ::getpid())) return std::nullopt;
  return std::chrono::microseconds(*limit);
}

}  // namespace hf
