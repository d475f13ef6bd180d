// The simulator as a source: a PbxSource like any other, for demonstrations and as the embedded default.
// In: options and a pacer. Out: yesterday (from local midnight) up to now as fast as the sink takes it, then life at real or N-fold speed.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>

#include "hal/pbx/pbx_source.hpp"
#include "hal/pbx/simulated/sim_model.hpp"
#include "hal/platform/clock.hpp"

namespace hf::pbx {

// Time passes here, so that a test can make it pass at once.
struct SimPacer {
  virtual ~SimPacer() = default;
  virtual Time now() const = 0;
  virtual void wait(Duration most) = 0;  // returns after `most` or soon after wake(), even one that came before
  virtual void wake() = 0;               // from any thread
};
std::unique_ptr<SimPacer> real_pacer(const Clock& clock);

struct SimulatorOptions {
  SimOptions model;
  bool backfill = true;
  double speed = 1.0;   // simulated seconds per second of life; the back-fill is always as fast as it can be
};

class SimulatorSource final : public PbxSource {
 public:
  // `pacer` outlives the source.
  SimulatorSource(SimulatorOptions options, SimPacer& pacer);

  Description describe() const override;
  // invalid_input when speed is not in (0, 10000]. The cursor names the seed, the scenario, where this simulated PBX began and the last event
  // told. Within ten minutes the same PBX goes on: an interrupted back-fill where it stopped, a life with a gap (SourceDown at the last
  // event, SourceUp and a picture now). After a longer absence, or with another seed or scenario, a new PBX begins now; the past is not told twice.
  Status run(EventSink& sink, Cursor from) override;
  void stop() override;
  SourceHealth health() const override;

 private:
  struct Life {  // one simulated PBX
    Time start{}, live{}, told{};
    double rate = 1.0;
    Time wall{};       // the pacer's time at `live`
    std::unique_ptr<SimModel> model;
  };
  Life begin(EventSink& sink, const Cursor& from);
  Life fresh(Time now, bool backfill) const;
  void resume(EventSink& sink, Life& life, Time now);
  Time simulated_now(const Life& life) const;
  void pump(EventSink& sink, Life& life, Time limit);
  void push(EventSink& sink, Life& life, std::vector<CallEvent> events);
  Cursor cursor(const Life& life) const;
  void tell(Health state, std::string what);

  SimulatorOptions options_;
  SimPacer& pacer_;
  std::atomic<bool> stopping_{false};
  mutable std::mutex mutex_;
  SourceHealth health_;
};

}  // namespace hf::pbx
