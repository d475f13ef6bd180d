#include "agent/detect/trunk_failures.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace hf::detect {
namespace {

constexpr size_t kTrunks = 64;
constexpr uint32_t kRemember = 4000;
constexpr std::array<uint16_t, 7> kCauses{34, 38, 41, 42, 44, 47, 102};

}  // namespace

bool is_trunk_cause(uint16_t q850) { return std::ranges::find(kCauses, q850) != kCauses.end(); }

double TrunkFailures::usual(const Trunk& trunk) { return std::min((0.5 + trunk.failed) / (50.0 + trunk.calls), 0.4); }

void TrunkFailures::on(const calls::Change& change, std::vector<Finding>& out) {
  const auto* leg = std::get_if<calls::TrunkLegEnded>(&change.what);
  if (!leg || (!trunks_.contains(leg->trunk) && trunks_.size() >= kTrunks)) return;
  const bool failed = (leg->cause && is_trunk_cause(*leg->cause)) || leg->dial_failed;
  step(leg->trunk, trunks_[leg->trunk], failed, change.at, out);
}

void TrunkFailures::step(const std::string& id, Trunk& t, bool failed, Time at, std::vector<Finding>& out) {
  const double p0 = usual(t);
  const double nats = failed ? std::log(kFailing / p0) : std::log((1 - kFailing) / (1 - p0));
  if (t.stands) {
    ++t.run, t.run_failed += failed ? 1u : 0u;
    t.back = std::max(0.0, t.back - nats);
    if (t.back >= kOver) let_go(id, t, at, out);
    return;
  }
  if (t.nats <= 0) {
    t.run = t.run_failed = 0, t.since = at;
    ++t.calls, t.failed += failed ? 1u : 0u;
    if (t.calls >= kRemember) t.calls /= 2, t.failed /= 2;
  }
  ++t.run, t.run_failed += failed ? 1u : 0u;
  t.nats = std::max(0.0, t.nats + nats);
  if (!failed) t.worked = at;
  if (t.nats < kStands || t.run_failed < kFewest || at - t.since < kSpan) return;
  t.stands = true, t.back = 0;
  Finding f;
  f.signal = "trunk_failure", f.kind = FindingKind::news, f.members = {id}, f.at = at;
  f.since = f.since_high = t.since;
  f.since_low = t.worked == Time{} ? t.since : std::min(t.worked, t.since);
  f.template_id = "trunk_failure", f.sample_size = t.run;
  f.values = {{"calls", t.run_failed}, {"of", t.run}, {"span_s", seconds(at - t.since)}};
  out.push_back(std::move(f));
}

void TrunkFailures::let_go(const std::string& id, Trunk& trunk, Time at, std::vector<Finding>& out) {
  trunk.stands = false, trunk.nats = trunk.back = 0;
  Finding f;
  f.signal = "trunk_failure", f.kind = FindingKind::cleared, f.members = {id}, f.at = at;
  out.push_back(f);
  if (std::ranges::any_of(trunks_, [](const auto& t) { return t.second.stands; })) return;
  f.members.clear();
  out.push_back(std::move(f));
}

void TrunkFailures::readings(std::vector<Reading>& out) const {
  uint32_t calls = 0, failed = 0;
  bool stands = false, watching = false;
  double base = 0;
  for (const auto& [id, t] : trunks_) {
    calls += t.run, failed += t.run_failed;
    stands = stands || t.stands, watching = watching || t.nats > 0;
    base = std::max(base, usual(t));
  }
  if (trunks_.empty()) return;
  Reading r{"trunk_failure", {}, {}, {}, base, calls, ReadingState::quiet};
  r.value = calls == 0 ? 0 : static_cast<double>(failed) / calls;
  if (watching) r.state = ReadingState::watching;
  if (stands) r.state = ReadingState::standing;
  out.push_back(std::move(r));
}

}  // namespace hf::detect
