#include <fmt/format.h>

#include <cstdio>
#include <span>

#include "agent/app/erasure.hpp"
#include "agent/app/identity.hpp"
#include "agent/tool/command.hpp"
#include "hal/pbx/pbx_text.hpp"
#include "hal/platform/random.hpp"

namespace hf::app {

namespace {

int refuse(std::string_view what, int code) {
  fmt::print(stderr, "holdfast erase: {}\n", what);
  return code;
}

}  // namespace

int run_erase(const EraseCommand& command) {
  const Path state(command.state_dir);
  std::error_code none;
  if (!std::filesystem::is_directory(state / "journal", none))
    return refuse(fmt::format("{}: no agent keeps its journal there", state.string()), 2);
  if (command.caller.empty() && command.agent_name.empty()) return refuse("name whom to erase: --caller NUMBER or --agent-name NAME", 2);
  Person person;
  person.agent_name = command.agent_name;
  if (!command.caller.empty()) {
    auto key = load_or_make_key(state / "callers.key", system_random());
    if (!key) return refuse(key.error().what, 2);
    person.caller = pbx::caller_key(*key, command.caller);
    if (person.caller == 0) return refuse("--caller: a number has digits", 2);
    system_random().fill(std::as_writable_bytes(std::span(&person.in_its_place, 1)));
  }
  const auto erased = erase_person(state, person, system_clock(), system_random());
  if (!erased) return refuse(erased.error().what, erased.error().kind == ErrorKind::busy ? 1 : 2);
  fmt::print("{} journal entries changed; calls and agents are made anew at the agent's next start\n", *erased);
  return 0;
}

}  // namespace hf::app
