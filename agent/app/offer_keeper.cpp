#include "agent/app/offer_keeper.hpp"

#include <algorithm>

#include "hal/platform/log.hpp"

namespace hf::app {

namespace {

constexpr std::chrono::minutes kTellEvery{1}, kTellUnsupported{60};
constexpr const char* kWho = "HQ";

sync::VersionReport report_of(const updates::Overview& now) {
  sync::VersionReport report{now.version, {}, std::string(to_string(now.stage)), {}, {}};
  if (now.history.empty()) return report;
  const auto& last = now.history.front();
  report.target = last.version, report.outcome = to_string(last.outcome), report.reason = to_string(last.reason);
  return report;
}

bool in_window(const updates::Overview& now, Time at) { return now.next_window && now.next_window->from <= at; }

}  // namespace

void OfferKeeper::tick() {
  {
    const std::lock_guard lock(mutex_);
    if (working_) return;
    working_ = true;
  }
  if (parts_.worker.post([this] { work(); })) return;
  const std::lock_guard lock(mutex_);
  working_ = false;
}

std::string OfferKeeper::problem() const {
  const std::lock_guard lock(mutex_);
  return problem_;
}

void OfferKeeper::note(std::string problem) {
  const std::lock_guard lock(mutex_);
  if (!problem.empty() && problem != problem_) log_warning("updates", "from HQ: {}", problem);
  problem_ = std::move(problem);
}

void OfferKeeper::work() {
  const auto now = parts_.desk.overview();
  if (now.keeper == updates::Keeper::box && !now.version.empty()) {
    if (parts_.clock.steady() >= tell_at_) tell(now);
    if (offer_) fetch(now);
    if (offer_ && parts_.install) install(parts_.desk.overview());
  }
  const std::lock_guard lock(mutex_);
  working_ = false;
}

void OfferKeeper::tell(const updates::Overview& now) {
  auto offer = sync::tell_versions(parts_.ask, report_of(now));
  const bool unsupported = !offer && offer.error().kind == ErrorKind::unsupported;
  tell_at_ = parts_.clock.steady() + (unsupported ? kTellUnsupported : kTellEvery);
  note(offer || unsupported ? std::string() : offer.error().what);
  if (!offer) return;
  if (offer_ && !*offer) (void)parts_.desk.discard("hq");  // taken back; what is being installed stays
  offer_ = std::move(*offer);
  if (offer_ && offer_->version == now.version) offer_.reset();
}

// One second's share of the bundle: the rate is bounded by how often this is called.
void OfferKeeper::fetch(const updates::Overview& now) {
  if (offer_->version == now.version) return;
  auto transfer = parts_.desk.begin_offer(offer_->name, offer_->version, offer_->size, offer_->sha256);
  if (!transfer) return note(transfer.error().what);
  if (!in_window(now, parts_.clock.now())) return;
  for (uint64_t left = parts_.bytes_per_second; transfer->offset < transfer->size;) {
    auto piece = sync::fetch_piece(parts_.ask, *offer_, transfer->offset);
    if (!piece) return note(piece.error().what);
    transfer = parts_.desk.append_offer(transfer->offset, *piece);
    if (!transfer) return note(transfer.error().what);
    if (piece->size() >= left) return;
    left -= piece->size();
  }
}

// A version that did not stay before is not tried again without a person.
void OfferKeeper::install(const updates::Overview& now) {
  const auto bundle = std::ranges::find(now.bundles, "hq", &updates::Bundle::id);
  if (bundle == now.bundles.end() || bundle->verdict != updates::Verdict::good || now.stage != updates::Stage::idle) return;
  if (std::ranges::any_of(now.history, [&](const auto& attempt) { return attempt.version == bundle->version; })) return;
  if (auto begun = parts_.desk.install("hq", updates::Restart::window, kWho); !begun) log_warning("updates", "{}", begun.error().what);
}

}  // namespace hf::app
