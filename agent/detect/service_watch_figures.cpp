// What ServiceWatch says of a queue: its figures, its sentences, its readings.
#include <algorithm>
#include <cmath>
#include <utility>

#include "agent/detect/service_watch.hpp"

namespace hf::detect {
namespace {

constexpr Duration kMinute = std::chrono::minutes(1), kSlot = std::chrono::minutes(10);
constexpr Duration kErlangEvery = std::chrono::minutes(5), kAgain = std::chrono::minutes(30),
                   kLeastSeen = std::chrono::minutes(20);
constexpr uint32_t kFewest = 20, kFewestUsual = 200, kFewestTalks = 10, kFewestLeft = 20, kRemember = 4000;
constexpr double kApart = 0.2, kBeyondUsual = 0.1;

ReadingState state(bool stands, const ShareWatch& watch) {
  if (watch.learning()) return ReadingState::unknown;
  return stands ? ReadingState::standing : watch.doubts() ? ReadingState::watching : ReadingState::quiet;
}

// Those of the run that made the test doubt, and those who still wait.
std::pair<double, uint32_t> cases(const ShareWatch& watch, double open_hits, uint32_t open_cases) {
  const bool run = watch.nats() > 0 || watch.stands();
  return {open_hits + (run ? watch.run_hits() : 0), open_cases + (run ? watch.run_cases() : 0)};
}

double ratio(double part, double whole) { return whole > 0 ? part / whole : 0; }

}  // namespace

void ServiceWatch::Tally::add(const Tally& o) {
  joined += o.joined, answered += o.answered, soon += o.soon, left += o.left, left_soon += o.left_soon;
  timed_out += o.timed_out, at_once += o.at_once, waited_s += o.waited_s, talk_s += o.talk_s, talks += o.talks;
}

void ServiceWatch::Tally::halve() {
  for (uint32_t* n : {&joined, &answered, &soon, &left, &left_soon, &timed_out, &at_once, &talks}) *n /= 2;
  waited_s /= 2, talk_s /= 2;
}

std::optional<ServiceWatch::Tally::Split> ServiceWatch::Tally::split(uint32_t least) const {
  if (gone() < least) return std::nullopt;
  metrics::Minute m;
  m.offered = gone(), m.answered = answered, m.abandoned = left;
  m.answered_within = soon, m.abandoned_within = left_soon;
  const metrics::ServiceLevels levels = metrics::service_levels(m);
  std::optional<Split> out;
  for (const auto& one :
       {levels.ignore_abandons, levels.abandons_negative, levels.abandons_positive, levels.only_handled}) {
    if (!one) continue;
    if (!out) out = {*one, *one};
    out->low = std::min(out->low, *one), out->high = std::max(out->high, *one);
  }
  return out;
}

double ServiceWatch::Queue::patience_s() const {
  Tally all = usual;
  all.add(hour);
  return all.left < kFewestLeft ? 0 : all.waited_s / all.left;
}

void ServiceWatch::look(Queue& queue, const std::string& id, const LoadWatch& load, Time now) {
  (void)queue.now(now);
  queue.hour = {};
  for (const Tally& slot : queue.slots) queue.hour.add(slot);
  if (queue.answered_waits.count() > kRemember)
    for (auto* waits : {&queue.answered_waits, &queue.left_waits})
      for (uint32_t& bin : waits->bins) bin /= 2;
  // The formula is dear; it speaks of an hour, so that five minutes do not matter until it is to be told.
  if (now.time_since_epoch() % kErlangEvery != Duration{} && !standing_.contains(id)) return;
  queue.expected.reset(), queue.at_work = 0;
  const QueueLoad* known = load.queue(id);
  const auto at_work = known ? known->minutes().staff(60) : std::nullopt;
  const Duration ring = static_cast<int64_t>(kSlots - 1) * kSlot + (now.time_since_epoch() % kSlot);
  const Duration seen = std::min(now - queue.since, ring);
  const Tally& talks = queue.hour.talks >= kFewestTalks ? queue.hour : queue.usual;
  if (!at_work || seen < kLeastSeen || talks.talks < kFewestTalks) return;
  queue.at_work = *at_work;
  queue.expected = metrics::erlang_a(queue.hour.joined * 3600.0 / seconds(seen), talks.talk_s / talks.talks,
                                     static_cast<uint32_t>(std::lround(std::max(0.0, *at_work))), queue.patience_s());
}

std::optional<metrics::ErlangA> ServiceWatch::expected(const std::string& queue) const {
  const auto known = queues_.find(queue);
  return known == queues_.end() ? std::nullopt : known->second.expected;
}

void ServiceWatch::say(Queue& queue, Finding finding, const char* sign, Duration every, std::vector<Finding>& out) {
  const auto told = queue.told.find(sign);
  if (told != queue.told.end() && finding.at - told->second < every) return;
  queue.told[sign] = finding.at;
  finding.template_id = sign;
  out.push_back(std::move(finding));
}

// Beside the incident that stands on the queue, in its name.
void ServiceWatch::testify(const std::string& id, Queue& queue, Time now, std::vector<Finding>& out) {
  const auto standing = standing_.find(id);
  if (standing == standing_.end()) {
    if (!queue.told.empty()) queue.told.clear();
    return;
  }
  Finding f;
  f.signal = standing->second, f.kind = FindingKind::evidence, f.queue = id, f.at = now;
  if (queue.left_stands()) {
    const auto [hits, of] = cases(queue.left, queue.left_open.hits, queue.left_open.cases);
    f.sample_size = of;
    f.values = {{"calls", std::round(hits)}, {"of", of}, {"usual_share", queue.left.usual(0.1)}};
    say(queue, f, "abandon_surge", kTellEvery, out);
  }
  if (queue.late_stands()) {
    const auto [hits, of] = cases(queue.late, queue.late_open.hits, queue.late_open.cases);
    f.sample_size = of;
    f.values = {{"answered_share", 1 - ratio(hits, of)},
                {"callers", of},
                {"limit_s", seconds(limits(id).level)},
                {"usual_share", 1 - queue.late.usual(0.3)}};
    say(queue, f, "service_level_collapse", kTellEvery, out);
  }
  const auto split = queue.hour.split(kFewest), usual = queue.usual.split(kFewestUsual);
  if (split && split->high - split->low >= std::max(kApart, usual ? usual->high - usual->low + kBeyondUsual : 0)) {
    f.sample_size = queue.hour.gone();
    f.values = {
        {"low_share", split->low}, {"high_share", split->high}, {"left", queue.hour.left}, {"of", f.sample_size}};
    say(queue, f, "service_level_split", kTellEvery, out);
  }
  if (queue.expected && queue.hour.gone() >= kFewest) {
    f.sample_size = queue.hour.joined;
    f.values = {{"at_work", queue.at_work},
                {"calls", queue.hour.joined},
                {"expected_s", queue.expected->wait_s},
                {"wait_s", queue.hour.waited_s / queue.hour.gone()}};
    say(queue, f, "expected_wait", kAgain, out);
  }
}

void ServiceWatch::readings(std::vector<Reading>& out) const {
  for (const auto& [id, queue] : queues_) {
    const auto share = [&](const char* signal, const ShareWatch& watch, bool stands, bool turned, double prior) {
      Reading r{signal, {}, id, watch.recent(), {}, watch.cases(), state(stands, watch)};
      if (!watch.learning()) r.baseline = watch.usual(prior);
      if (turned)
        for (auto* number : {&r.value, &r.baseline})
          if (*number) *number = 1 - **number;
      out.push_back(std::move(r));
    };
    share("abandon_surge", queue.left, queue.left_stands(), false, 0.1);
    share("service_level_collapse", queue.late, queue.late_stands(), true, 0.3);
    const Tally& hour = queue.hour;
    Reading apart{"service_level_split", {}, id, {}, {}, hour.gone(), ReadingState::unknown};
    if (const auto usual = queue.usual.split(kFewestUsual)) apart.baseline = usual->high - usual->low;
    if (const auto split = hour.split(kFewest)) {
      apart.value = split->high - split->low;
      const bool wide = *apart.value >= std::max(kApart, apart.baseline ? *apart.baseline + kBeyondUsual : 0);
      apart.state = wide ? ReadingState::standing : ReadingState::quiet;
    }
    out.push_back(std::move(apart));
    const auto erlang = [&](const char* signal, double seen, double metrics::ErlangA::*what) {
      Reading r{signal, {}, id, {}, {}, hour.gone(), ReadingState::unknown};
      if (hour.gone() >= kFewest) r.value = ratio(seen, hour.gone());
      if (queue.expected) r.baseline = (*queue.expected).*what;
      if (r.value && r.baseline) r.state = ReadingState::quiet;
      out.push_back(std::move(r));
    };
    erlang("expected_wait", hour.waited_s, &metrics::ErlangA::wait_s);
    erlang("expected_delayed", hour.gone() - hour.at_once, &metrics::ErlangA::waits);
    erlang("expected_abandons", hour.left, &metrics::ErlangA::abandons);
  }
}

}  // namespace hf::detect
