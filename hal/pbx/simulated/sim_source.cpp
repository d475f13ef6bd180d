#include "hal/pbx/simulated/sim_source.hpp"

#include <algorithm>
#include <charconv>
#include <condition_variable>
#include <optional>

namespace hf::pbx {

namespace {

using std::chrono::days;
using std::chrono::floor;

constexpr size_t kBatch = 1024;                       // events committed together
constexpr Duration kContinues = std::chrono::minutes(10);
constexpr Duration kOldest = std::chrono::hours(72);  // re-running a longer past would delay the start
constexpr Duration kGrain = std::chrono::milliseconds(50);
constexpr Duration kLongestSleep = std::chrono::seconds(1);

class RealPacer final : public SimPacer {
 public:
  explicit RealPacer(const Clock& clock) : clock_(clock) {}
  Time now() const override { return clock_.now(); }
  void wait(Duration most) override {
    std::unique_lock lock(mutex_);
    woken_.wait_for(lock, most, [this] { return wake_; });
    wake_ = false;
  }
  void wake() override {
    const std::lock_guard lock(mutex_);
    wake_ = true;
    woken_.notify_all();
  }

 private:
  const Clock& clock_;
  std::mutex mutex_;
  std::condition_variable woken_;
  bool wake_ = false;
};

// "sim1 SEED SCENARIO START LIVE TOLD", times in microseconds.
struct Parsed {
  uint64_t seed = 0;
  std::string_view scenario;
  int64_t start = 0, live = 0, told = 0;
};

std::string_view word(std::string_view& rest) {
  const size_t blank = rest.find(' ');
  const std::string_view out = rest.substr(0, blank);
  rest = blank == rest.npos ? std::string_view{} : rest.substr(blank + 1);
  return out;
}

template <class T>
bool number(std::string_view text, T& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

std::optional<Parsed> parse(std::string_view cursor) {
  Parsed p;
  if (word(cursor) != "sim1" || !number(word(cursor), p.seed)) return std::nullopt;
  p.scenario = word(cursor);
  if (!number(word(cursor), p.start) || !number(word(cursor), p.live) || !number(cursor, p.told)) return std::nullopt;
  if (p.start < 0 || p.start > p.live || p.told < p.start) return std::nullopt;
  return p;
}

}  // namespace

std::unique_ptr<SimPacer> real_pacer(const Clock& clock) { return std::make_unique<RealPacer>(clock); }

SimulatorSource::SimulatorSource(SimulatorOptions options, SimPacer& pacer) : options_(std::move(options)), pacer_(pacer) {}

Description SimulatorSource::describe() const {
  return {.kind = "simulator", .address = std::string(name_of(options_.model.scenario)), .live = true, .agent_state = true, .pre_queue = true,
          .hold_times = true, .abandons = true, .resumable = false};
}

SimulatorSource::Life SimulatorSource::fresh(Time now, bool backfill) const {
  Life life;
  life.live = now;
  life.wall = pacer_.now();
  const Duration offset = options_.model.utc_offset;
  life.start = backfill ? Time(floor<days>(now + offset) - days(1)) - offset : now;
  return life;
}

// Which PBX the cursor speaks of, brought to where its telling goes on.
SimulatorSource::Life SimulatorSource::begin(EventSink& sink, const Cursor& from) {
  const Time now = pacer_.now();
  const std::optional<Parsed> was = parse(from);
  if (!was) {
    Life life = fresh(now, options_.backfill);
    life.model = std::make_unique<SimModel>(options_.model, life.start, life.live);
    return life;
  }
  Life life;
  life.start = Time(Duration(was->start)), life.live = Time(Duration(was->live)), life.told = Time(Duration(was->told));
  const bool same = was->seed == options_.model.seed && was->scenario == name_of(options_.model.scenario);
  life.wall = life.live;
  const Time here = simulated_now(life);
  const Duration away = here - std::max(life.told, life.live);
  if (same && life.told < life.live && away < kContinues) {  // stopped in the back-fill
    life.model = std::make_unique<SimModel>(options_.model, life.start, life.live);
    while (life.model->next(life.told)) continue;
    return life;
  }
  const Time told = life.told;
  const bool continues = same && away >= Duration{} && away < kContinues && here - life.start < kOldest;
  if (!continues) life = fresh(std::max(now, told + Duration(1000)), false);
  life.told = told;
  resume(sink, life, continues ? std::max(here, told + Duration(1000)) : life.live);
  return life;
}

// A gap: the last thing told was at life.told, and nothing until `now` was seen.
void SimulatorSource::resume(EventSink& sink, Life& life, Time now) {
  std::vector<CallEvent> gap;
  gap.push_back({life.told + Duration(1), std::nullopt, SourceDown{"the agent was not running"}});
  life.model = std::make_unique<SimModel>(options_.model, life.start, life.live);
  if (life.start < now) {
    while (life.model->next(now)) continue;
    life.model->reconnect(now);
  }
  push(sink, life, std::move(gap));
}

Time SimulatorSource::simulated_now(const Life& life) const {
  return life.live + from_seconds(seconds(pacer_.now() - life.wall) * options_.speed);
}

Cursor SimulatorSource::cursor(const Life& life) const {
  const auto text = [](Time t) { return std::to_string(t.time_since_epoch().count()); };
  return "sim1 " + std::to_string(options_.model.seed) + ' ' + std::string(name_of(options_.model.scenario)) + ' ' + text(life.start) + ' ' +
         text(life.live) + ' ' + text(life.told);
}

void SimulatorSource::push(EventSink& sink, Life& life, std::vector<CallEvent> events) {
  if (events.empty()) return;
  life.told = events.back().at;
  {
    const std::lock_guard lock(mutex_);
    health_.events += events.size();
    health_.last_event = life.told;
  }
  sink.on(std::move(events), cursor(life));
}

void SimulatorSource::pump(EventSink& sink, Life& life, Time limit) {
  std::vector<CallEvent> batch;
  while (!stopping_) {
    std::optional<CallEvent> event = life.model->next(limit);
    if (event) batch.push_back(std::move(*event));
    if (event && batch.size() < kBatch) continue;
    push(sink, life, std::exchange(batch, {}));
    if (!event) return;
  }
}

Status SimulatorSource::run(EventSink& sink, Cursor from) {
  if (!(options_.speed > 0 && options_.speed <= 10'000))
    return fail(ErrorKind::invalid_input, "simulator: speed must be above 0 and at most 10000");
  tell(Health::connecting, "simulating the time up to now");
  Life life = begin(sink, from);
  if (life.start < life.live && life.told < life.live) {
    pump(sink, life, life.live);
    if (stopping_) return {};
    life.model->show_picture(life.live);
  }
  tell(Health::healthy, "simulating scenario " + std::string(name_of(options_.model.scenario)));
  while (!stopping_) {
    const Time now = simulated_now(life);
    pump(sink, life, now);
    const Duration sleep = from_seconds(std::max(seconds(life.model->next_at() - now), 0.0) / options_.speed);
    pacer_.wait(std::clamp(sleep, kGrain, kLongestSleep));
  }
  tell(Health::healthy, "stopped");
  return {};
}

void SimulatorSource::stop() {
  stopping_ = true;
  pacer_.wake();
}

void SimulatorSource::tell(Health state, std::string what) {
  const std::lock_guard lock(mutex_);
  health_.state = state;
  health_.what = std::move(what);
  health_.since = pacer_.now();
}

SourceHealth SimulatorSource::health() const {
  const std::lock_guard lock(mutex_);
  return health_;
}

}  // namespace hf::pbx
