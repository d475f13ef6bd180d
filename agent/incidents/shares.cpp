#include "agent/incidents/shares.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "agent/incidents/patience.hpp"
#include "agent/incidents/queue_replay.hpp"

namespace hf::incidents {
namespace {

constexpr size_t kBlocks = 8;            // of time, for the jackknife
constexpr double kThickest = 4;          // arrivals are at most made four times as many
constexpr double kUsuallyTaking = 0.95;  // of an agent's time while callers wait: rings take the rest
constexpr double kUnlike = 0.5;          // replayed and measured wait may differ by half of the larger one
constexpr std::array<double, kFactors + 1> kFactorial{1, 1, 2, 6, 24};

using Set = unsigned;  // bit i: factor i is as it was seen; else it is as usual
bool has(Set set, Factor f) { return (set >> static_cast<unsigned>(f) & 1u) != 0; }

struct Sums {  // waits of one replay, by block of time
  std::array<double, kBlocks> wait{}, calls{};
  // Mean wait without block `but`; kBlocks = with all.
  double mean(size_t but) const {
    double w = 0, n = 0;
    for (size_t b = 0; b < kBlocks; ++b) {
      if (b != but) w += wait[b], n += calls[b];
    }
    return n > 0 ? w / n : 0;
  }
};

// Waits are counted up to the interval's end: who still waits there has no longer one yet.
double until_end(const SeenFloor& seen, double arrived) {
  return std::max(1.0, static_cast<double>(seen.agents.size()) * 60 - arrived);
}

double mean_talk(const SeenFloor& seen) {
  double sum = 0, n = 0;
  for (const SeenCall& c : seen.calls) {
    if (c.answered && !c.open) sum += c.talk, n += 1;
  }
  return n > 0 ? sum / n : 0;
}

class Interval {
 public:
  Interval(const SeenFloor& seen, const UsualFloor& usual)
      : seen_(seen), usual_(usual), patience_(patience_of(seen.calls)) {
    for (const SeenCall& c : seen.calls) {
      if (c.answered && !c.open) talks_.push_back(c.talk);
      counted_ += c.arrived >= 0 ? 1u : 0u;
    }
    if (talks_.empty()) talks_.push_back(usual.handling_s.value_or(180));
    if (usual.handling_s && mean_talk(seen) > 0) talk_scale_ = *usual.handling_s / mean_talk(seen);
    span_s_ = std::max(60.0, static_cast<double>(seen.agents.size()) * 60);
  }

  Sums play(Set set) const {
    Replay replay{.calls = {}, .agents = agents(set), .busy_until = seen_.busy_until};
    const double scale = has(set, Factor::handling) ? 1 : talk_scale_;
    for (size_t i = 0; i < seen_.calls.size(); ++i) add(replay, i, copies(i, set), scale, !has(set, Factor::avoidable));
    if (!has(set, Factor::load)) std::ranges::stable_sort(replay.calls, {}, &ReplayCall::arrived);
    const std::vector<double> waits = replay_waits(replay);
    Sums sums;
    for (size_t i = 0; i < waits.size(); ++i) {
      if (replay.calls[i].arrived < 0) continue;
      const size_t block = block_of(replay.calls[i].arrived);
      sums.wait[block] += std::min(waits[i], until_end(seen_, replay.calls[i].arrived)), sums.calls[block] += 1;
    }
    return sums;
  }
  uint32_t counted() const { return counted_; }

 private:
  size_t block_of(double t) const {
    return std::min(kBlocks - 1, static_cast<size_t>(t / span_s_ * static_cast<double>(kBlocks)));
  }
  // How often call `i` comes: once as it was; thinned or thickened evenly when arrivals are as usual.
  size_t copies(size_t i, Set set) const {
    if (has(set, Factor::load) || !usual_.arrivals || counted_ == 0) return 1;
    const double ratio = std::clamp(*usual_.arrivals / counted_, 0.0, kThickest);
    const auto at = static_cast<double>(i);
    return static_cast<size_t>(std::floor((at + 1) * ratio + 1e-9) - std::floor(at * ratio + 1e-9));
  }
  void add(Replay& replay, size_t i, size_t copies, double scale, bool no_hold) const {
    const SeenCall& c = seen_.calls[i];
    const double next = i + 1 < seen_.calls.size() ? seen_.calls[i + 1].arrived : c.arrived;
    for (size_t k = 0; k < copies; ++k) {
      const bool own = k == 0 && c.answered && !c.open;
      ReplayCall call;
      call.arrived = c.arrived + (next - c.arrived) * static_cast<double>(k) / static_cast<double>(copies);
      call.hold = no_hold ? 0 : c.hold;
      call.talk = scale * (own ? c.talk : talks_[(i * 7 + k * 3) % talks_.size()]);
      call.patience = patience_[i];
      replay.calls.push_back(call);
    }
  }
  std::vector<double> agents(Set set) const {
    std::vector<double> out = seen_.agents;
    const double mean =
        out.empty() ? 0 : std::accumulate(out.begin(), out.end(), 0.0) / static_cast<double>(out.size());
    if (!has(set, Factor::staffing) && usual_.agents) {
      for (double& n : out) n = mean > 0.25 ? n * *usual_.agents / mean : *usual_.agents;
    }
    if (seen_.taking.empty()) return out;
    const double usual_taking = usual_.taking.value_or(kUsuallyTaking);
    for (size_t m = 0; m < out.size(); ++m) {
      const double taking = m < seen_.taking.size() ? seen_.taking[m] : -1;
      out[m] *= has(set, Factor::avoidable) && taking >= 0 ? taking : usual_taking;
    }
    return out;
  }

  const SeenFloor& seen_;
  const UsualFloor& usual_;
  std::vector<double> patience_, talks_;
  double talk_scale_ = 1, span_s_ = 60;
  uint32_t counted_ = 0;
};

std::vector<Factor> known_factors(const UsualFloor& usual) {
  std::vector<Factor> known;
  if (usual.arrivals) known.push_back(Factor::load);
  if (usual.agents) known.push_back(Factor::staffing);
  if (usual.handling_s) known.push_back(Factor::handling);
  if (usual.holds_known) known.push_back(Factor::avoidable);
  return known;
}

// Shapley values from the worth of every set of the known factors, block `but` left out. `worth` is indexed by the bits
// of the position in `known`.
std::vector<double> shapley(const std::vector<Sums>& worth, size_t n, size_t but) {
  std::vector<double> value(n, 0.0);
  for (size_t set = 0; set < worth.size(); ++set) {
    const auto size = static_cast<size_t>(std::popcount(set));
    for (size_t i = 0; i < n; ++i) {
      if ((set >> i & 1u) != 0) continue;
      const double weight = kFactorial[size] * kFactorial[n - size - 1] / kFactorial[n];
      value[i] += weight * (worth[set | size_t{1} << i].mean(but) - worth[set].mean(but));
    }
  }
  return value;
}

std::vector<double> relative(std::vector<double> values) {
  const double whole = std::accumulate(values.begin(), values.end(), 0.0);
  for (double& v : values) v = std::abs(whole) > 1e-9 ? v / whole : 0;
  return values;
}

// Delete-a-block jackknife (Kuensch, Annals of Statistics 17:1217-1241, 1989): calls near each other share their fate.
void add_parts(Shares& out, const std::vector<Factor>& known, const std::vector<Sums>& worth) {
  const size_t n = known.size();
  const std::vector<double> whole = relative(shapley(worth, n, kBlocks));
  std::vector<double> mean(n), square(n);
  for (size_t but = 0; but < kBlocks; ++but) {
    const std::vector<double> part = relative(shapley(worth, n, but));
    for (size_t i = 0; i < n; ++i) mean[i] += part[i] / kBlocks, square[i] += part[i] * part[i] / kBlocks;
  }
  for (size_t i = 0; i < n; ++i) {
    const double error = std::sqrt(std::max(0.0, (square[i] - mean[i] * mean[i]) * (kBlocks - 1)));
    out.parts.push_back({known[i], whole[i], whole[i] - 2 * error, whole[i] + 2 * error});
  }
}

double measured(const SeenFloor& seen) {
  double sum = 0, n = 0;
  for (const SeenCall& c : seen.calls) {
    if (c.arrived >= 0) sum += std::min(c.wait, until_end(seen, c.arrived)), n += 1;
  }
  return n > 0 ? sum / n : 0;
}

}  // namespace

std::string_view to_string(Factor factor) {
  switch (factor) {
    case Factor::load:
      return "load";
    case Factor::staffing:
      return "staffing";
    case Factor::handling:
      return "handling";
    case Factor::avoidable:
      return "avoidable";
  }
  return "load";
}

std::string_view to_string(SharesState state) {
  switch (state) {
    case SharesState::too_few:
      return "too_few";
    case SharesState::told:
      return "told";
    case SharesState::no_extra:
      return "no_extra";
    case SharesState::unlike:
      return "unlike";
  }
  return "too_few";
}

Shares shares_of(const SeenFloor& seen, const UsualFloor& usual) {
  Shares out;
  const std::vector<Factor> known = known_factors(usual);
  const Interval interval(seen, usual);
  out.calls = interval.counted();
  out.measured_s = measured(seen);
  if (out.calls < kFewestCalls || known.size() < 2 || seen.agents.empty()) return out;
  std::vector<Sums> worth;
  for (size_t bits = 0; bits < size_t{1} << known.size(); ++bits) {
    Set set = 0b1111;
    for (size_t i = 0; i < known.size(); ++i) {
      if ((bits >> i & 1u) == 0) set &= ~(1u << static_cast<unsigned>(known[i]));
    }
    worth.push_back(interval.play(set));
  }
  out.usual_s = worth.front().mean(kBlocks), out.replayed_s = worth.back().mean(kBlocks);
  const double extra = out.replayed_s - out.usual_s, most = std::max(out.measured_s, out.replayed_s);
  out.state = std::abs(out.measured_s - out.replayed_s) > std::max(kUnlike * most, 2 * kFewestExtra)
                  ? SharesState::unlike
              : extra < std::max(kFewestExtra, kFewestExtraPart * out.measured_s) ? SharesState::no_extra
                                                                                  : SharesState::told;
  if (out.state == SharesState::told) add_parts(out, known, worth);
  return out;
}

}  // namespace hf::incidents
