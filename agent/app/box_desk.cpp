#include "agent/app/box_desk.hpp"

#include <fmt/format.h>

#include "hal/platform/log.hpp"

namespace hf::app {

namespace {
constexpr size_t kMaxLabel = 100;
constexpr auto kToldFor = std::chrono::hours(24);
}

std::string label_code(const Path& desk) {
  auto label = read_file(desk / "claim", kMaxLabel);
  if (!label) return {};
  while (!label->empty() && label->back() == '\n') label->pop_back();
  return *label;
}

Status begin_at_the_box(const Path& state, access::Access& access) {
  std::error_code error;
  const Path word = state / "forget-users";
  if (!std::filesystem::exists(word, error)) return {};
  if (auto forgotten = access.forget_users(); !forgotten) return forgotten;
  std::filesystem::remove(word, error);
  if (error) return fail(file_error(word, error.value()));
  log_warning("access", "all users were forgotten, as asked for at the box");
  return sync_folder(state);
}

void show_at_the_box(const Greeting& greeting, const Path& desk) {
  std::error_code none;
  if (!std::filesystem::is_directory(desk, none)) return;
  const std::string text = fmt::format("address {}\nfingerprint {}\ncode {}\n", greeting.address, greeting.fingerprint, greeting.setup_code.value_or("-"));
  if (auto written = write_file(desk / "greeting", text, 0600); !written) log_warning("console", "{}", written.error().what);
}

RunsWord::RunsWord(Path desk) : file_(desk / "agent-runs") {
  std::error_code none;
  if (!std::filesystem::is_directory(desk, none)) return;
  was_there_ = std::filesystem::exists(file_, none);
  if (was_there_) log_warning("agent", "the agent before this one stood still or broke off");
  if (auto written = write_file(file_, "", 0600); !written) log_warning("agent", "{}", written.error().what);
}

RunsWord::~RunsWord() {
  std::error_code none;
  std::filesystem::remove(file_, none);
}

std::vector<web::Problem> restart_problems(bool restarted, Time started, Time now) {
  if (!restarted || now - started > kToldFor) return {};
  return {{"agent_restarted", web::Severity::warning, started, "the agent stood still or broke off and was started anew"}};
}

}  // namespace hf::app
