#include "agent/notify/deliveries.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "hal/platform/hex.hpp"

namespace hf::notify {

namespace {

using std::chrono::seconds;

constexpr seconds kFirst{5}, kLongest{900};
constexpr std::chrono::hours kGiveUp{24};

std::string new_id(Random& random) {
  std::array<uint8_t, 8> raw;
  random.fill(std::as_writable_bytes(std::span(raw)));
  return to_hex(raw);
}

// The capped doubling, moved by chance within a quarter to either side: many boxes must not knock at the same second.
Duration pause_after(uint32_t attempts, Random& random) {
  const seconds whole = attempts > 8 ? kLongest : std::min(kLongest, kFirst * (1 << (attempts - 1)));
  std::array<std::byte, 2> raw;
  random.fill(raw);
  const int64_t chance = std::to_integer<int64_t>(raw[0]) * 256 + std::to_integer<int64_t>(raw[1]);  // 0 .. 65535
  return Duration(whole) * 3 / 4 + Duration(whole) / 2 * chance / 65536;
}

std::string describe(const Attempt& attempt) {
  if (!attempt) return attempt.error().what;
  if (*attempt >= 200 && *attempt < 300) return fmt::format("accepted with status {}", *attempt);
  if (*attempt >= 300 && *attempt < 400) return fmt::format("answered with status {}: redirects are not followed, give the final address", *attempt);
  return fmt::format("answered with status {}", *attempt);
}

}  // namespace

std::string_view to_string(DeliveryState state) {
  switch (state) {
    case DeliveryState::waiting: return "waiting";
    case DeliveryState::delivered: return "delivered";
    case DeliveryState::given_up: return "given_up";
  }
  return "given_up";
}

std::optional<DeliveryState> state_from(std::string_view name) {
  for (const auto state : {DeliveryState::waiting, DeliveryState::delivered, DeliveryState::given_up})
    if (to_string(state) == name) return state;
  return std::nullopt;
}

bool Deliveries::tell(const IncidentMessage& incident, bool dialled_numbers, Time now) {
  const auto told = told_.find(incident.id);
  if (told != told_.end() && !material(told->second, incident)) return false;
  const News news = incident.closed ? News::closed : told == told_.end() ? News::opened : News::changed;
  add(news, incident, dialled_numbers, now);
  told_[incident.id] = incident;
  trim();
  return true;
}

std::string Deliveries::test(Time now) {
  std::string id = add(News::test, std::nullopt, false, now);
  trim();
  return id;
}

std::string Deliveries::add(News news, const std::optional<IncidentMessage>& incident, bool dialled_numbers, Time now) {
  Delivery d;
  d.id = new_id(random_);
  d.news = news;
  if (incident) d.incident = incident->id;
  d.body = message_body(d.id, news, now, incident, dialled_numbers);
  d.created = now;
  d.next_attempt = now;
  all_.push_back(d);
  return d.id;
}

// No earlier message of the same incident waits.
bool Deliveries::ready(const Delivery& delivery) const {
  if (delivery.state != DeliveryState::waiting) return false;
  for (const Delivery& other : all_) {
    if (&other == &delivery) return true;
    if (other.state == DeliveryState::waiting && !other.incident.empty() && other.incident == delivery.incident) return false;
  }
  return true;
}

std::optional<Delivery> Deliveries::due(Time now) const {
  for (const Delivery& d : all_)
    if (ready(d) && *d.next_attempt <= now) return d;
  return std::nullopt;
}

std::optional<Time> Deliveries::next_due() const {
  std::optional<Time> next;
  for (const Delivery& d : all_)
    if (ready(d) && (!next || *d.next_attempt < *next)) next = *d.next_attempt;
  return next;
}

void Deliveries::attempted(const std::string& id, const Attempt& attempt, Time now) {
  const auto at = std::find_if(all_.begin(), all_.end(), [&id](const Delivery& d) { return d.id == id; });
  if (at == all_.end() || at->state != DeliveryState::waiting) return;
  ++at->attempts;
  at->last_attempt = now;
  at->next_attempt.reset();
  at->status = attempt ? std::optional<unsigned>(*attempt) : std::nullopt;
  at->what = describe(attempt);
  if (attempt && *attempt >= 200 && *attempt < 300) {
    at->state = DeliveryState::delivered;
    at->delivered = now;
  } else if (now - at->created >= kGiveUp || at->news == News::test) {
    at->state = DeliveryState::given_up;  // a test is for the person who waits for it: once
  } else {
    at->next_attempt = now + pause_after(at->attempts, random_);
  }
}

void Deliveries::trim() {
  const auto waits = [](const Delivery& d) { return d.state == DeliveryState::waiting; };
  while (static_cast<size_t>(std::count_if(all_.begin(), all_.end(), waits)) > kMaxWaiting) {
    const auto oldest = std::find_if(all_.begin(), all_.end(), waits);
    oldest->state = DeliveryState::given_up;
    oldest->next_attempt.reset();
    oldest->what = "gave way to newer ones: too many wait";
  }
  while (all_.size() > kMaxKept) {
    const auto settled = std::find_if_not(all_.begin(), all_.end(), waits);
    all_.erase(settled);
  }
  while (told_.size() > kMaxTold)
    told_.erase(std::min_element(told_.begin(), told_.end(), [](const auto& a, const auto& b) { return a.second.signalled < b.second.signalled; }));
}

void Deliveries::cancel() {
  for (Delivery& d : all_) {
    if (d.state != DeliveryState::waiting || d.news == News::test) continue;
    d.state = DeliveryState::given_up;
    d.next_attempt.reset();
    d.what = "the webhook was switched off";
  }
}

std::vector<Delivery> Deliveries::newest(size_t limit) const {
  const size_t count = std::min(limit, all_.size());
  return {all_.rbegin(), all_.rbegin() + static_cast<ptrdiff_t>(count)};
}

}  // namespace hf::notify
