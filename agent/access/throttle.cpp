#include "agent/access/throttle.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <span>

#include "hal/platform/hex.hpp"

namespace hf::access {

namespace {

using std::chrono::seconds;

constexpr seconds kLongest{60};
constexpr std::chrono::hours kForget{1};  // failures older than this no longer count
constexpr size_t kKnown = 256;

seconds delay_after(uint32_t failures) {
  if (failures == 0) return seconds(0);
  return failures > 6 ? kLongest : std::min(kLongest, seconds(1U << (failures - 1)));
}

}  // namespace

std::string address_key(std::string_view address) {
  const std::string text(address.substr(0, address.find('%')));
  std::array<uint8_t, 16> raw{};
  if (inet_pton(AF_INET6, text.c_str(), raw.data()) != 1) return text;
  constexpr std::array<uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (std::equal(kMapped.begin(), kMapped.end(), raw.begin())) return text.substr(text.rfind(':') + 1);
  return to_hex(std::span(raw).first(8)) + "/64";
}

seconds Throttle::wait_for(std::string_view address, std::string_view account) {
  seconds wait = left(addresses_, address_key(address));
  if (!knows(address, account)) wait = std::max(wait, left(accounts_, account));
  if (wait > seconds(0)) ++refusals_;
  return wait;
}

void Throttle::failed(std::string_view address, std::string_view account) {
  ++failures_;
  count(addresses_, address_key(address));
  count(accounts_, account);
}

void Throttle::succeeded(std::string_view address, std::string_view account) {
  const std::string key = address_key(address);
  if (failures_ > 0) --failures_;  // the one that Access counted before it judged
  addresses_.erase(key);
  if (const auto at = accounts_.find(account); at != accounts_.end()) accounts_.erase(at);
  std::erase(known_, std::pair(key, std::string(account)));
  known_.emplace_front(key, account);
  if (known_.size() > kKnown) known_.pop_back();
}

seconds Throttle::left(const Entries& entries, std::string_view key) const {
  const auto at = entries.find(key);
  if (at == entries.end()) return seconds(0);
  const auto rest = at->second.last + delay_after(at->second.failures) - clock_.steady();
  return std::max(seconds(0), std::chrono::ceil<seconds>(rest));
}

void Throttle::count(Entries& entries, std::string_view key) {
  const SteadyTime now = clock_.steady();
  if (entries.size() >= kMaxEntries && entries.find(key) == entries.end())
    entries.erase(std::min_element(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.second.last < b.second.last; }));
  Entry& entry = entries[std::string(key)];
  if (now - entry.last > kForget) entry.failures = 0;
  entry.failures = std::min(entry.failures + 1, 1000U);
  entry.last = now;
}

bool Throttle::knows(std::string_view address, std::string_view account) const {
  const std::string key = address_key(address);
  return std::any_of(known_.begin(), known_.end(), [&](const auto& k) { return k.first == key && k.second == account; });
}

}  // namespace hf::access
