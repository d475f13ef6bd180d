// What the signals of an artificial hold read now.
#include <algorithm>

#include "agent/detect/hold_case.hpp"

namespace hf::detect {
namespace {

ReadingState state(bool stands, bool watching) {
  return stands ? ReadingState::standing : watching ? ReadingState::watching : ReadingState::quiet;
}

Reading of_line(std::string_view signal, const std::string& id, const LineWays& line) {
  Reading r;
  r.signal = signal, r.line = id, r.queue = line.target;
  return r;
}

Reading beside_free_of(const std::string& id, const LineWays& line, double stray, bool stands) {
  Reading r = of_line("held_beside_free", id, line);
  const LineEvidence said = weigh(line, stray);
  r.value = said.nats, r.baseline = kAlarmNats;
  r.sample_size = static_cast<uint32_t>(line.ways.size());
  if (line.usual.samples > 0 || stands) r.state = state(stands, said.late > 0);
  return r;
}

Reading constant_wait_of(const std::string& id, const LineWays& line, bool agent_state, bool stands) {
  Reading r = of_line("constant_wait", id, line);
  if (line.usual.samples > 0) r.baseline = seconds(line.usual.median);
  if (const auto mass = constant_dwell(line, agent_state)) {
    r.value = seconds(mass->dwell), r.sample_size = mass->of;
    r.state = state(stands, true);
    return r;
  }
  r.sample_size = line.usual.samples;
  if (line.usual.samples > 0) r.value = r.baseline, r.state = ReadingState::quiet;
  return r;
}

}  // namespace

std::optional<Duration> HoldCase::change_before() const {
  if (!open() || !configured_ || *configured_ > first_held() || first_held() - *configured_ > kJustBefore)
    return std::nullopt;
  return first_held() - *configured_;
}

void HoldCase::readings(Time now, const Ways& ways, bool agent_state, std::vector<Reading>& out) const {
  for (const auto& [id, line] : ways.lines()) {
    const bool stands = lines_.contains(id);
    out.push_back(beside_free_of(id, line, ways.stray(line), stands));
    out.push_back(constant_wait_of(id, line, agent_state, stands));
  }
  Reading changed{"changed_just_before", {}, {}, {}, seconds(kJustBefore), 0, ReadingState::unknown};
  Reading withdrawn{"withdrawn", {}, {}, {}, {}, 0, ReadingState::unknown};
  if (open()) {
    const uint32_t run = straight_run(now, ways);
    withdrawn.value = run, withdrawn.sample_size = run, withdrawn.state = state(false, run > 0);
    changed.state = ReadingState::quiet;
    if (const auto before = change_before())
      changed.value = seconds(*before), changed.sample_size = 1, changed.state = ReadingState::standing;
  }
  out.push_back(std::move(changed));
  out.push_back(std::move(withdrawn));
}

}  // namespace hf::detect
