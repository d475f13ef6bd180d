// Versions of this box, as its admin sees them: bundles come in, are inspected, installed, and told as good only when the new version runs and was found good.
// In: what the page asks, what the device service says. Out: an overview, and what came of each attempt. Asking and hashing happen on `worker` (one thread), never on
// the caller's.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "agent/updates/course.hpp"
#include "agent/updates/device.hpp"
#include "agent/updates/shelf.hpp"
#include "agent/updates/window.hpp"
#include "hal/platform/executor.hpp"

namespace hf::updates {

struct DeskPlaces {
  Path folder = "/var/lib/holdfast-updates";  // where bundles lie that were brought; the device service reads it
  Path usb = "/run/holdfast-usb";
  Path record, health;                        // updates.json; health.json, as the health check leaves it
};

struct DeskParts {
  DeskPlaces places;
  Shelf::Limits limits;
  std::string window = "02:00-04:00";
  TimeZone zone;
  Device& device;
  const Clock& clock;
  Executor& worker;
  std::function<void(const Attempt&)> on_end;  // of an attempt; on the worker, with the desk locked: it must not ask the desk; may be empty
};

class Desk final : public Updates {
 public:
  explicit Desk(DeskParts parts);

  // About once a second, from any thread: lets the worker look when it is time.
  void tick();

  Overview overview() override;
  Result<Transfer> begin_upload(const std::string& name, uint64_t size, const std::string& sha256, const std::string& who) override;
  Result<Transfer> append(uint64_t offset, std::string_view bytes) override;
  Status discard(std::string_view id) override;
  Status inspect(std::string_view id, const std::string& who) override;
  Status install(std::string_view id, Restart restart, const std::string& who) override;
  Status restart(Restart when, const std::string& who) override;

  // For what HQ offers: a shelf of its own, filled and followed as uploads are.
  // A version other than that which lies on it takes its place.
  Result<Transfer> begin_offer(const std::string& name, const std::string& version, uint64_t size, const std::string& sha256);
  Result<Transfer> append_offer(uint64_t offset, std::string_view bytes);

 private:
  struct Judged {
    Bundle bundle;
    uint64_t size = 0;
  };
  struct Asked {  // what waits for the worker
    std::set<std::string, std::less<>> inspections;
    std::optional<Path> install;
    bool cancel_restart = false;
    std::string who;
  };

  // Each with the lock held.
  Status usable() const;
  Shelf* shelf_of(std::string_view id);
  Result<Path> path_of(std::string_view id);
  std::optional<Bundle> found(std::string_view id);
  void add_shelf(const Shelf& shelf, const std::string& id, std::vector<Bundle>& bundles);
  void add_stick(std::vector<Bundle>& bundles) const;
  Bundle with_verdict(Bundle bundle) const;
  Result<Transfer> appended(Shelf& shelf, uint64_t offset, std::string_view bytes);
  void keep();
  void look_soon();
  std::chrono::seconds pause() const;
  void take(Result<device::Fields> status);
  void after_end();

  // On the worker, without the lock; each takes it for as long as it needs.
  void work();
  void check_transfer(Shelf& shelf, const std::string& id);
  void carry_out_inspections();
  void carry_out_install();
  void ask_for_restart();

  DeskParts parts_;
  const DailyWindow window_;
  mutable std::mutex mutex_;
  Shelf upload_, offer_;
  Course course_;
  Seen seen_;
  std::map<std::string, Judged, std::less<>> judged_;
  Asked asked_;
  std::string problem_;        // of the device service
  std::string folder_problem_, record_problem_;  // of our own
  std::optional<Window> restart_;
  std::string offered_;        // HQ's version, while it is being fetched
  SteadyTime due_{};
  Keeper keeper_{};
  bool scheduled_ = false, again_ = false;
};

}  // namespace hf::updates
