// write_diagnostics FOLDER: how this box is, as one text file in that folder. Exit codes: 0 written, 1 not, 2 wrong use.
#include <fmt/format.h>
#include <sys/utsname.h>

#include <cstdio>

#include "firmware/diagnostics/journal_log.hpp"
#include "hal/board/survey.hpp"
#include "hal/device/client.hpp"
#include "hal/platform/clock.hpp"
#include "hal/platform/release.hpp"

namespace {

using namespace hf;
using diagnostics::Section;

constexpr auto kPatience = std::chrono::seconds(30);
constexpr const char* kState = "/var/lib/holdfast";
constexpr size_t kMaxFile = size_t{1} << 20, kEntries = 5000;

Section asked(const char* name, const device::Request& request) { return diagnostics::device_section(name, device::ask(device::kSocket, {"diagnostics", request}, kPatience)); }

Section system_section() {
  utsname about{};
  ::uname(&about);
  const auto up = std::chrono::duration_cast<std::chrono::minutes>(system_clock().steady().time_since_epoch());
  return {"system", {fmt::format("image {}", image_version()), fmt::format("kernel {} {}", about.release, about.machine), fmt::format("up {} minutes", up.count())}};
}

Status write_into(const Path& folder) {
  const Path state = kState;
  const std::vector<Section> sections{system_section(),
                                      diagnostics::health_section(read_file(state / "health.json", kMaxFile)),
                                      diagnostics::sources_section(read_file(state / "status.json", kMaxFile)),
                                      asked("device", device::GetStatus{}),
                                      asked("updates", device::UpdateStatus{}),
                                      asked("watchdog, button, disks", device::BoardState{}),
                                      diagnostics::board_section(board::survey({.state = state})),
                                      diagnostics::log_section(diagnostics::newest_entries(kEntries))};
  const Time now = system_clock().now();
  return write_file(folder / diagnostics::report_name(now), diagnostics::write_report(sections, now));
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    fmt::print(stderr, "write_diagnostics FOLDER: how this box is, as one text file in that folder\n");
    return 2;
  }
  if (const auto done = write_into(arguments[1]); !done) {
    fmt::print(stderr, "write_diagnostics: {}\n", done.error().what);
    return 1;
  }
  return 0;
}
