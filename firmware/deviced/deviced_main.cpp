// holdfast-deviced: the one privileged program. Started by systemd, asked over its socket, does nothing by itself but what it was asked to do later.
#include <fmt/format.h>
#include <pwd.h>

#include <cstdio>
#include <optional>
#include <span>

#include "firmware/deviced/bus_machine.hpp"
#include "firmware/deviced/server.hpp"
#include "hal/platform/log.hpp"
#include "hal/platform/process.hpp"
#include "hal/platform/random.hpp"
#include "hal/platform/supervisor.hpp"

namespace {

using namespace hf;

constexpr auto kUnwatched = std::chrono::seconds(60);
constexpr const char* kBoard = "/usr/lib/holdfast/board.conf";
// Who may ask beside root: the agent (health check and console run as the same user or as root).
constexpr const char* kMayAsk[] = {"holdfast"};

std::vector<uid_t> users_that_may_ask() {
  std::vector<uid_t> users;
  for (const char* name : kMayAsk)
    if (const passwd* user = ::getpwnam(name)) users.push_back(user->pw_uid);
  return users;
}

Result<Descriptor> listener() {
  auto handed = handed_sockets();
  if (!handed) return fail(std::move(handed.error()));
  if (handed->size() != 1) return fail(ErrorKind::invalid_input, "to be started by holdfast-deviced.socket: one socket is needed");
  return Descriptor(handed->front().fd);
}

Status run() {
  net::Interrupt stop;
  const Signals signals([&stop](int) { stop.trigger(); });
  auto socket = listener();
  if (!socket) return fail(std::move(socket.error()));
  const deviced::Places places;
  if (auto made = make_folder(places.state, 0700); !made) return made;
  auto audit = deviced::AuditFile::open(places.state / "audit.log");
  if (!audit) return fail(std::move(audit.error()).context("audit log"));
  auto board_setting = deviced::read_board(kBoard);
  if (!board_setting) return fail(std::move(board_setting.error()));
  deviced::BusMachine machine;
  deviced::BoardDevices board(*board_setting, system_clock());
  deviced::Service service(places, users_that_may_ask(), machine, board, system_clock(), system_random(), std::move(*audit));
  deviced::Server server(std::move(*socket), service, system_clock());
  (void)notify_systemd("READY=1");
  service.apply_kept();
  const auto limit = watchdog_limit();
  const auto every = limit ? std::chrono::duration_cast<std::chrono::milliseconds>(*limit / 4) : std::chrono::milliseconds(kUnwatched);
  return server.run(stop, every, [] { (void)notify_systemd("WATCHDOG=1"); });
}

}  // namespace

int main(int count, char**) {
  if (count != 1) {
    fmt::print(stderr, "holdfast-deviced takes no arguments; systemd starts it\n");
    return 2;
  }
  hf::set_log_level(hf::LogLevel::info);
  if (const auto done = run(); !done) {
    fmt::print(stderr, "holdfast-deviced: {}\n", done.error().what);
    return 1;
  }
  return 0;
}
