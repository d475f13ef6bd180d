#include "agent/updates/course.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "agent/updates/judge.hpp"

namespace hf::updates {

namespace {

// RAUC answers before it has begun; so long an idle RAUC is not one that is done.
constexpr auto kBeginning = std::chrono::seconds(10);

std::string text(const device::Fields& fields, std::string_view key) { return std::string(device::find(fields, key).value_or(std::string_view())); }

}  // namespace

Seen read_seen(const device::Fields& status) {
  Seen seen{text(status, "version"), text(status, "compatible"), text(status, "operation"), text(status, "last_error"), text(status, "step"), {}, 0, text(status, "confirmed") == "yes", false};
  const std::string percent = text(status, "progress");
  std::from_chars(percent.data(), percent.data() + percent.size(), seen.percent);
  seen.percent = std::min<uint8_t>(seen.percent, 100);
  // Only a slot that can be started has a bootname; what hangs on it has none.
  for (size_t i = 0; device::find(status, fmt::format("slot.{}.name", i)); ++i) {
    const auto of = [&](std::string_view fact) { return text(status, fmt::format("slot.{}.{}", i, fact)); };
    if (of("bootname").empty() || of("state") == "booted") continue;
    seen.other_version = of("bundle.version");
    seen.other_bootable = of("boot_status") == "good";
  }
  return seen;
}

Attempt* Course::under_way() { return !attempts.empty() && attempts.back().outcome == Outcome::under_way ? &attempts.back() : nullptr; }

void Course::begin(Attempt attempt, Restart restart) {
  if (attempts.size() >= kMaxAttempts) attempts.erase(attempts.begin());
  attempts.push_back(std::move(attempt));
  stage = Stage::installing, wanted = restart, heard = false;
}

void Course::end(Outcome outcome, Reason reason, std::string detail, Time now) {
  auto* attempt = under_way();
  if (attempt == nullptr) return;
  attempt->outcome = outcome, attempt->reason = reason, attempt->detail = std::move(detail), attempt->ended = now;
  stage = Stage::idle, wanted = Restart::later, heard = false;
}

bool Course::follow(const Seen& seen, const Failure& failure, Time now) {
  if (under_way() == nullptr) return false;
  const Stage before = stage;
  if (stage == Stage::installing) while_installing(seen, now);
  else after_installing(seen, failure, now);
  return stage != before;
}

void Course::while_installing(const Seen& seen, Time now) {
  const Attempt& attempt = *under_way();
  if (seen.operation == "installing") {
    heard = true;
    return;
  }
  if (!heard && now - attempt.began < kBeginning) return;
  if (!seen.last_error.empty()) return end(Outcome::failed, reason_of(seen.last_error), seen.last_error, now);
  if (seen.other_version == attempt.version && seen.other_bootable) stage = Stage::installed;
  else if (seen.version == attempt.version && attempt.version != attempt.from) stage = Stage::trial;  // started anew while nobody looked
  else end(Outcome::interrupted, Reason::interrupted, {}, now);
}

// What runs and what the boot loader would still start say all, so that no restart needs to be noticed.
void Course::after_installing(const Seen& seen, const Failure& failure, Time now) {
  const Attempt& attempt = *under_way();
  if (seen.version == attempt.version) {
    stage = Stage::trial;
    if (seen.confirmed) end(Outcome::good, Reason::none, {}, now);
    return;
  }
  if (!seen.other_version.empty() && seen.other_version != attempt.version) return end(Outcome::failed, Reason::replaced, {}, now);
  if (seen.other_bootable) {
    stage = Stage::installed;
    return;
  }
  const bool told = failure.version == attempt.version && failure.at >= attempt.began && !failure.why.empty();
  end(Outcome::given_back, told ? Reason::health : Reason::never_up, told ? failure.why : std::string(), now);
}

}  // namespace hf::updates
