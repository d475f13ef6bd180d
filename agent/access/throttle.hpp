// Slows down guessing, per address and per account, without ever locking anybody out. In: results of logins. Out: how long to wait.
// Owned by Access, on its thread. Bounded: the oldest entries are forgotten.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>

#include "hal/platform/clock.hpp"

namespace hf::access {

class Throttle {
 public:
  explicit Throttle(const Clock& clock) : clock_(clock) {}

  // Whole seconds until a login for `account` from `address` may be tried; 0 = now. After n failures in a row 1, 2, 4 .. 60 s from the last
  // one. An address from which this account has logged in before is spared the account's delay (not its own), so that a stranger who
  // keeps guessing cannot keep the owner out.
  std::chrono::seconds wait_for(std::string_view address, std::string_view account);
  void failed(std::string_view address, std::string_view account);
  void succeeded(std::string_view address, std::string_view account);

  uint64_t failures() const { return failures_; }
  uint64_t refusals() const { return refusals_; }

  static constexpr size_t kMaxEntries = 4096;

 private:
  struct Entry {
    uint32_t failures = 0;
    SteadyTime last{};
  };
  using Entries = std::map<std::string, Entry, std::less<>>;

  std::chrono::seconds left(const Entries& entries, std::string_view key) const;
  void count(Entries& entries, std::string_view key);
  bool knows(std::string_view address, std::string_view account) const;

  const Clock& clock_;
  Entries addresses_, accounts_;
  std::deque<std::pair<std::string, std::string>> known_;  // address, account; newest first
  uint64_t failures_ = 0, refusals_ = 0;
};

// What counts as one address: an IPv4 address, or the first 64 bits of an IPv6 address (one customer has at least so many).
std::string address_key(std::string_view address);

}  // namespace hf::access
