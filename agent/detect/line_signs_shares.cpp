// Signs in what becomes of the calls of one line.
#include <algorithm>
#include <cmath>
#include <vector>

#include "agent/detect/chance.hpp"
#include "agent/detect/line_signs.hpp"
#include "agent/detect/statistics.hpp"

namespace hf::detect {
namespace {

constexpr Duration kRound = std::chrono::seconds(30), kRoundWithin = std::chrono::seconds(2);
constexpr double kRoundByChance = 4.0 / 30;
constexpr Duration kSoon = std::chrono::seconds(60);
constexpr Duration kSameAlone = std::chrono::seconds(5);

// To the queue, or in it: a policy makes one of them; the other is short.
Duration longest_part(const EndedCall& c) {
  if (!c.joined || !c.connected) return c.wait();
  return std::max(*c.joined - c.arrived, *c.connected - *c.joined);
}

bool is_round(Duration d) {
  const Duration past = d % kRound;
  return past <= kRoundWithin || kRound - past <= kRoundWithin;
}

std::optional<Duration> median_alone(const Calls& calls, size_t least) {
  std::vector<Duration> all;
  for (const EndedCall& c : calls)
    if (c.connected && c.alone > Duration{}) all.push_back(c.alone);
  if (all.size() < least) return std::nullopt;
  return median(std::move(all));
}

double share(uint32_t part, uint32_t of) { return of == 0 ? 0 : static_cast<double>(part) / of; }

struct Served {
  uint32_t soon = 0, of = 0;
};
Served served_soon(const Calls& calls) {
  Served s;
  for (const EndedCall& c : calls) {
    ++s.of;
    if (c.connected && c.wait() <= kSoon) ++s.soon;
  }
  return s;
}

}  // namespace

Sign round_wait(const Calls& now) {
  Sign s;
  uint32_t round = 0;
  for (const EndedCall& c : now) {
    if (!c.connected || longest_part(c) < kPolicyWait) continue;
    ++s.sample_size;
    if (is_round(longest_part(c))) ++round;
  }
  if (s.sample_size < 5) return s;
  s.value = share(round, s.sample_size), s.baseline = kRoundByChance;
  s.state = round >= 5 && chance_of_at_least(round, s.sample_size, kRoundByChance) < 1e-4 ? ReadingState::standing
                                                                                          : ReadingState::quiet;
  s.values = {{"callers", round}, {"of", s.sample_size}};
  return s;
}

Sign silent_dialog(const Calls& now, const Calls& before) {
  Sign s;
  const auto alone = median_alone(now, 5);
  if (!alone) return s;
  uint32_t near = 0;
  for (const EndedCall& c : now) {
    if (!c.connected || c.alone <= Duration{}) continue;
    ++s.sample_size;
    if (std::chrono::abs(c.alone - *alone) <= kSameAlone) ++near;
  }
  const auto usual = median_alone(before, 5);
  s.value = seconds(*alone);
  if (usual) s.baseline = seconds(*usual);
  const bool longer = *alone >= kPolicyWait && (!usual || *alone >= 2 * *usual);
  s.state = longer && near * 10 >= s.sample_size * 9 ? ReadingState::standing : ReadingState::quiet;
  s.values = {{"callers", near}, {"wait_s", *s.value}};
  return s;
}

Sign hangups_after_announcement(const Calls& now) {
  Sign s;
  Duration near{}, all{};
  uint32_t near_left = 0, left = 0;
  for (const EndedCall& c : now) {
    near += c.near, all += c.wait();
    if (!c.abandoned) continue;
    ++left;
    near_left += c.left_near ? 1u : 0u;
  }
  s.sample_size = left;
  if (left < 5 || near <= Duration{} || near >= all) return s;
  const double expected = seconds(near) / seconds(all);
  const double elsewhere = (left - near_left + 0.5) / seconds(all - near);
  s.value = near_left / seconds(near) / elsewhere, s.baseline = 1.0;
  s.state = near_left >= 5 && chance_of_at_least(near_left, left, expected) < 1e-3 ? ReadingState::standing
                                                                                   : ReadingState::quiet;
  s.values = {{"left", near_left}, {"of", left}, {"ratio", *s.value}};
  return s;
}

Sign service_level(const Calls& now, const Calls& before) {
  Sign s;
  const Served here = served_soon(now), then = served_soon(before);
  s.sample_size = here.of;
  if (here.of < 8) return s;
  s.value = share(here.soon, here.of);
  if (then.of < 8) return s;
  s.baseline = share(then.soon, then.of);
  const double usual = (then.soon + 1.0) / (then.of + 2.0);  // Laplace: none of a few is not never
  const bool fell = *s.baseline >= 0.5 && chance_of_at_most(here.soon, here.of, usual) < 1e-4;
  s.state = fell ? ReadingState::standing : ReadingState::quiet;
  s.values = {{"answered_share", *s.value}, {"usual_share", *s.baseline}, {"callers", here.of}};
  return s;
}

}  // namespace hf::detect
