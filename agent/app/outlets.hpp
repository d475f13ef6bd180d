// Where the core's output goes: the store for the pages, the outbox for HQ. (The webhook's outlet is in news_outlet.hpp.)
#pragma once

#include <string>

#include "agent/app/engine.hpp"
#include "agent/store/store.hpp"
#include "agent/sync/outgoing.hpp"

namespace hf::app {

class StoreOutlet final : public Outlet {
 public:
  // Empties the store when it belongs to another journal or core, so that the engine rebuilds it.
  static Result<StoreOutlet> open(store::Store& store, uint64_t epoch, uint64_t last_sequence);

  Status take(const CoreOutput& output, uint64_t sequence) override;
  uint64_t taken() const override { return mark_.sequence; }

 private:
  StoreOutlet(store::Store& store, store::Applied mark) : store_(&store), mark_(std::move(mark)) {}
  store::Store* store_;
  store::Applied mark_;
};

// Lines and queues that carry a label, which IT approves by typing it.
std::vector<sync::ApprovedLabel> approved_labels(const calls::SiteModel& model);

class OutboxOutlet final : public Outlet {
 public:
  OutboxOutlet(sync::Outgoing& outgoing, uint64_t epoch);
  Status take(const CoreOutput& output, uint64_t sequence) override;

 private:
  sync::Outgoing& outgoing_;
  std::string epoch_;
};

}  // namespace hf::app
