#include "agent/detect/new_sounds.hpp"

#include <algorithm>
#include <set>

namespace hf::detect {
namespace {
constexpr size_t kSounds = 128, kLines = 256;
constexpr uint32_t kFewestCallers = 3;
constexpr Duration kSameOffset = std::chrono::seconds(3);
}  // namespace

void NewSounds::on(const std::string& line, const calls::Call& call, bool straight) {
  if (call.announcements.empty()) return;
  if (!usual_.contains(line) && usual_.size() >= kLines) return;
  auto& usual = usual_[line];
  auto& heard = heard_[line];
  std::set<std::string> once;
  for (const calls::Announcement& a : call.announcements) {
    if (!once.insert(a.sound).second) continue;
    if (straight) {
      if (usual.contains(a.sound) || usual.size() < kSounds) ++usual[a.sound];
      continue;
    }
    if (usual.contains(a.sound) || (!heard.contains(a.sound) && heard.size() >= kSounds)) continue;
    Heard& h = heard[a.sound];
    h.least = h.callers == 0 ? a.offset : std::min(h.least, a.offset);
    h.most = std::max(h.most, a.offset);
    ++h.callers;
  }
}

NewSounds::Constant NewSounds::constant(const std::string& line) const {
  Constant c;
  const auto heard = heard_.find(line);
  if (heard == heard_.end()) return c;
  for (const auto& [sound, h] : heard->second) {
    if (h.callers < kFewestCallers || h.most - h.least > kSameOffset) continue;
    ++c.sounds;
    c.callers = std::max(c.callers, h.callers);
    c.first = std::min(c.first, h.least), c.last = std::max(c.last, h.most);
  }
  return c;
}

void NewSounds::tell(const std::string& line, Time now, std::vector<Finding>& out) const {
  const Constant c = constant(line);
  if (c.sounds == 0) return;
  Finding f;
  f.signal = "new_announcements", f.kind = FindingKind::evidence, f.line = line, f.at = now,
  f.template_id = "new_announcements";
  f.sample_size = c.callers;
  f.values = {{"callers", c.callers}, {"sounds", c.sounds}, {"first_s", seconds(c.first)}, {"last_s", seconds(c.last)}};
  out.push_back(std::move(f));
}

Reading NewSounds::reading(const std::string& line, bool held) const {
  const Constant c = constant(line);
  Reading r{"new_announcements", line, {}, c.sounds, 0.0, c.callers, ReadingState::quiet};
  if (c.sounds > 0) r.state = held ? ReadingState::standing : ReadingState::watching;
  return r;
}

}  // namespace hf::detect
