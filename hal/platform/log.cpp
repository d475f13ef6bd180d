#include "hal/platform/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdlib>
#include <mutex>

#include "hal/platform/utf8.hpp"

namespace hf {

namespace {

constexpr size_t kMaxLine = 2000, kMaxSources = 256;
constexpr double kBurst = 20, kPerSecond = 1;

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::error:
      return spdlog::level::err;
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::debug:
      return spdlog::level::debug;
  }
  return spdlog::level::err;
}

std::shared_ptr<spdlog::logger> make_logger() {
  auto logger = std::make_shared<spdlog::logger>("holdfast", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  const bool journal = std::getenv("JOURNAL_STREAM") != nullptr;  // systemd.exec(5): standard error goes to the journal
  logger->set_pattern(journal ? "%l %v" : "%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
  logger->set_level(spdlog::level::warn);
  logger->flush_on(spdlog::level::debug);
  return logger;
}

struct Log {
  std::shared_ptr<spdlog::logger> logger = make_logger();
  std::mutex mutex;
  LogGate gate;
};

Log& process_log() {
  static Log log;
  return log;
}

}  // namespace

std::optional<LogLevel> parse_log_level(std::string_view name) {
  if (name == "error") return LogLevel::error;
  if (name == "warning") return LogLevel::warning;
  if (name == "info") return LogLevel::info;
  if (name == "debug") return LogLevel::debug;
  return std::nullopt;
}

void set_log_level(LogLevel level) { process_log().logger->set_level(spdlog_level(level)); }

void log(LogLevel level, std::string_view source, std::string_view message) {
  Log& out = process_log();
  const auto to = spdlog_level(level);
  if (!out.logger->should_log(to)) return;
  const std::string from = escape_for_log(source);
  LogGate::Verdict verdict;
  {
    const std::lock_guard lock(out.mutex);
    verdict = out.gate.ask(from, system_clock().steady());
  }
  if (!verdict.pass) return;
  if (verdict.held_back > 0) out.logger->log(to, "{}: {} lines left out, too many at once", from, verdict.held_back);
  out.logger->log(to, "{}: {}", from, escape_for_log(message));
}

std::string escape_for_log(std::string_view text) {
  const bool cut = text.size() > kMaxLine;
  std::string out;
  for (std::string_view rest = text.substr(0, kMaxLine); !rest.empty();) {
    const size_t length = utf8_length(rest);
    const auto first = static_cast<unsigned char>(rest.front());
    const bool c1_control = length == 2 && first == 0xc2 && static_cast<unsigned char>(rest[1]) < 0xa0;
    if (length == 0 || first < 0x20 || first == 0x7f || c1_control) {
      for (const char c : rest.substr(0, std::max<size_t>(length, 1)))
        out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      out += rest.substr(0, length);
    }
    rest.remove_prefix(std::max<size_t>(length, 1));
  }
  return cut ? out + "..." : out;
}

LogGate::Verdict LogGate::ask(std::string_view source, SteadyTime now) {
  auto it = sources_.find(source);
  if (it == sources_.end()) {
    const std::string_view name = sources_.size() < kMaxSources ? source : "others";
    it = sources_.try_emplace(std::string(name), Allowance{kBurst, now, 0}).first;
  }
  Allowance& a = it->second;
  a.lines = std::min(kBurst, a.lines + kPerSecond * std::chrono::duration<double>(now - a.at).count());
  a.at = now;
  if (a.lines < 1) return {false, ++a.held_back};
  a.lines -= 1;
  return {true, std::exchange(a.held_back, 0)};
}

}  // namespace hf
