#include "agent/app/box_desk.hpp"

#include <fmt/format.h>

#include "hal/platform/log.hpp"

namespace hf::app {

namespace {
constexpr size_t kMaxLabel = 100;
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

}  // namespace hf::app
