// Versions that HQ offers: told of, fetched in the box's window at a bounded rate, and installed by themselves only where the site's settings say so. HQ only offers; all that
// happens is the site's doing. In: the desk, the way to HQ. Works on `worker` (one thread of its own).
#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "agent/sync/offers.hpp"
#include "agent/updates/desk.hpp"

namespace hf::app {

struct OfferParts {
  updates::Desk& desk;
  sync::Ask ask;
  const Clock& clock;
  Executor& worker;
  bool install = false;                // by themselves
  uint64_t bytes_per_second = 500'000;
};

class OfferKeeper {
 public:
  explicit OfferKeeper(OfferParts parts) : parts_(std::move(parts)) {}
  // About once a second, from one thread.
  void tick();
  std::string problem() const;  // empty = none

 private:
  void work();
  void note(std::string problem);
  void tell(const updates::Overview& now);
  void fetch(const updates::Overview& now);
  void install(const updates::Overview& now);

  OfferParts parts_;
  std::optional<sync::Offer> offer_;
  SteadyTime tell_at_{};
  mutable std::mutex mutex_;  // of what follows
  std::string problem_;
  bool working_ = false;
};

}  // namespace hf::app
