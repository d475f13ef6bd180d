// What the page (and HQ's offers) can do with versions of a sealed box. Plain values and one interface; Desk is it, tests have a fake.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hal/platform/result.hpp"
#include "hal/platform/time.hpp"

namespace hf::updates {

inline constexpr size_t kPage = 1 << 20;  // bytes of a bundle in one piece of an upload

// Who brings new versions to this machine: nobody knows yet, the package manager, or the box itself.
enum class Keeper : uint8_t { unknown, packages, box };
enum class Origin : uint8_t { upload, usb, hq };
enum class Verdict : uint8_t { unchecked, checking, good, refused };
// Why a bundle is refused or a version was not kept. The page has words for each.
enum class Reason : uint8_t { none, damaged, signature, other_hardware, downgrade, same, too_old, no_space, health, never_up, interrupted, replaced, name, other };
enum class Stage : uint8_t { idle, installing, installed, trial };
enum class Outcome : uint8_t { under_way, good, failed, given_back, interrupted };
enum class Restart : uint8_t { later, now, window };

std::string_view to_string(Keeper keeper);
std::string_view to_string(Origin origin);
std::string_view to_string(Verdict verdict);
std::string_view to_string(Reason reason);
std::string_view to_string(Stage stage);
std::string_view to_string(Outcome outcome);

struct Bundle {
  std::string id;  // "upload", "hq", "usb.NAME"
  std::string name, version, compatible;
  std::string detail;  // the box's own words, English; empty where the reason says all
  uint64_t size = 0;
  Origin origin{};
  Verdict verdict{};
  Reason reason{};
};

// A bundle that is being brought in pieces.
struct Transfer {
  std::string name, sha256, who;
  uint64_t size = 0, offset = 0;  // offset: bytes that are kept; the next piece begins there
  Time began{};
};

struct Window {
  Time from{}, to{};
};

// One version on its way into the box, and what came of it.
struct Attempt {
  std::string version, from, who, detail;
  Time began{};
  std::optional<Time> ended;
  Origin origin{};
  Outcome outcome{};
  Reason reason{};
};

struct Overview {
  std::string problem;              // why the device service cannot be asked; empty = it can
  std::string version, compatible;  // of what runs
  std::string step;                 // of the installing, as RAUC tells it
  std::string window;               // when the box may start anew by itself: "02:00-04:00", local time
  std::vector<Bundle> bundles;
  std::vector<Attempt> history;     // newest first; the first may be under way
  std::optional<Transfer> upload;
  std::optional<Window> restart;    // asked for
  std::optional<Window> next_window;
  uint64_t max_size = 0;
  Keeper keeper{};
  Stage stage{};
  uint8_t percent = 0;
  bool confirmed = false;           // what runs was found good since its start
};

// All from any thread. Errors: not_found; invalid_input names what is wrong; denied: not in this state; busy: later.
class Updates {
 public:
  virtual ~Updates() = default;
  virtual Overview overview() = 0;

  // Begins an upload, or goes on with one of the same size and digest: the answer's offset says where. denied: another one is under way.
  virtual Result<Transfer> begin_upload(const std::string& name, uint64_t size, const std::string& sha256, const std::string& who) = 0;
  // At most kPage bytes, kept on disk when it returns. denied: it begins elsewhere than at the offset.
  virtual Result<Transfer> append(uint64_t offset, std::string_view bytes) = 0;
  // An upload under way or a bundle that was brought; not what lies on a stick.
  virtual Status discard(std::string_view id) = 0;

  virtual Status inspect(std::string_view id, const std::string& who) = 0;
  // denied: not inspected and good, or another one is under way.
  virtual Status install(std::string_view id, Restart restart, const std::string& who) = 0;
  // denied: nothing waits for a restart.
  virtual Status restart(Restart when, const std::string& who) = 0;
};

}  // namespace hf::updates
