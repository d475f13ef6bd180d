// Where a version is on its way into the box: from the first written byte to "found good", over any number of restarts. Pure: the device service's answers come in,
// the stage and what came of each attempt go out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/updates/updates.hpp"
#include "hal/device/message.hpp"

namespace hf::updates {

inline constexpr size_t kMaxAttempts = 50;

// What the device service says of the slots (UpdateStatus).
struct Seen {
  std::string version, compatible, operation, last_error, step;
  std::string other_version;    // in the slot that does not run; empty = nothing known
  uint8_t percent = 0;
  bool confirmed = false;       // the running version was found good since it started
  bool other_bootable = false;  // the boot loader would still start it
};
Seen read_seen(const device::Fields& status);

// What the health check left of a version that it found bad.
struct Failure {
  std::string version, why;
  Time at{};
};
// Of health.json; nothing in it, or what cannot be read, is no failure.
Failure read_failure(std::string_view health_json);

struct Course {
  std::vector<Attempt> attempts;  // oldest first; only the last may be under way
  Stage stage{};
  Restart wanted{};               // when the version is written
  bool heard = false;             // RAUC was seen at it, since this program began

  Attempt* under_way();
  // A version begins its way. None is under way.
  void begin(Attempt attempt, Restart restart);
  void end(Outcome outcome, Reason reason, std::string detail, Time now);
  // Takes in what was seen. True when stage or attempts changed and must be kept.
  bool follow(const Seen& seen, const Failure& failure, Time now);

 private:
  void while_installing(const Seen& seen, Time now);
  void after_installing(const Seen& seen, const Failure& failure, Time now);
};

// The file that it is kept in. corrupt: not ours; unsupported: of a newer program.
std::string write_course(const Course& course);
Result<Course> read_course(std::string_view json);

}  // namespace hf::updates
