// Today's minutes of every queue and line, merged for the live page. In: closed minutes. Out: sums since local midnight and of the last hour.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "agent/app/engine.hpp"
#include "agent/store/store.hpp"
#include "hal/platform/time_zone.hpp"

namespace hf::app {

class DayBook final : public Outlet {
 public:
  using Key = std::pair<metrics::Scope, std::string>;
  struct Today {
    metrics::Minute day;       // all minutes since local midnight
    metrics::Minute last_hour;
  };

  explicit DayBook(TimeZone zone) : zone_(zone) {}
  void set_zone(TimeZone zone) { zone_ = zone; }
  // What the store holds of today; called once, before the first take().
  Status read(store::Store& store, Time now);

  Status take(const CoreOutput& output, uint64_t sequence) override;

  // By queue and line; merged anew only after something changed.
  const std::map<Key, Today>& today(Time now);
  Time day_start(Time now) const { return zone_.day_start(now); }

 private:
  struct Kept {
    std::map<Time, metrics::Minute> minutes;  // the newest: they may still be revised
    metrics::Minute settled;                  // the sum of the older ones of `day`
    Time day{};
    std::optional<Time> settled_through;      // the newest of them: what comes again from a replayed tail is in the sum already
  };
  void keep(const metrics::Minute& minute);
  void settle(Kept& kept, Time newest) const;

  TimeZone zone_;
  std::map<Key, Kept> kept_;
  std::map<Key, Today> merged_;
  Time merged_at_{};
  bool stale_ = true;
};

}  // namespace hf::app
