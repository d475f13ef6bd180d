#include "firmware/deviced/service.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "hal/platform/log.hpp"

namespace hf::deviced {

namespace {

constexpr auto kReadingEvery = std::chrono::hours(1);
constexpr size_t kMaxReadings = 100, kMaxMessageInLog = 600;

bool only_reads(const device::Request& r) {
  return std::holds_alternative<device::GetStatus>(r) || std::holds_alternative<device::UpdateStatus>(r) || std::holds_alternative<device::BoardState>(r) ||
         std::holds_alternative<device::InspectUpdate>(r);
}

// The request as one line: its fields after each other, but for what a log must not hold (a token confirms).
std::string words_of(const device::Ask& ask) {
  std::string words;
  const auto fields = device::parse_fields(device::write_ask(ask));
  if (!fields) return words;
  for (const auto& [key, value] : *fields)
    if (key != "request" && key != "actor" && key != "token") words += fmt::format(" {}={}", key, value);
  return words.substr(0, kMaxMessageInLog);
}

}  // namespace

Service::Service(Places places, std::vector<uid_t> allowed, Machine& machine, BoardDevices& board, Clock& clock, Random& random, AuditFile audit)
    : places_(std::move(places)),
      allowed_(std::move(allowed)),
      machine_(machine),
      board_(board),
      clock_(clock),
      random_(random),
      audit_(std::move(audit)),
      network_(places_.state / "network", places_.live_network, machine, random) {}

std::string Service::answer(const Peer& peer, std::string_view message) {
  auto ask = device::parse_ask(message);
  if (!ask) {
    note(fmt::format("uid={} pid={} exe={} refused: {}", peer.uid, peer.pid, peer.program, ask.error().what));
    return device::write_answer(fail(std::move(ask.error())));
  }
  return device::write_answer(decide(peer, *ask));
}

Result<Fields> Service::decide(const Peer& peer, const device::Ask& ask) {
  if (peer.uid != 0 && std::ranges::find(allowed_, peer.uid) == allowed_.end()) {
    (void)write_down(peer, ask, "denied");
    return fail(ErrorKind::denied, "this user may not ask");
  }
  if (only_reads(ask.request)) {
    auto facts = run(ask.request);
    if (!told_lately(peer, ask))
      if (auto written = write_down(peer, ask, facts ? "done" : facts.error().what); !written) return fail(std::move(written.error()).context("audit log"));
    return facts;
  }
  // What changes the box is announced before it is done: a reboot would not be told after.
  if (auto written = write_down(peer, ask, "begun"); !written) return fail(std::move(written.error()).context("audit log"));
  auto facts = run(ask.request);
  if (auto written = write_down(peer, ask, facts ? "done" : facts.error().what); !written) log_error("audit", "{}", written.error().what);
  return facts;
}

Status Service::write_down(const Peer& peer, const device::Ask& ask, std::string_view result) {
  return audit_.add(clock_.now(), fmt::format("uid={} pid={} exe={} actor={} request={}{} result={}", peer.uid, peer.pid, peer.program, ask.actor,
                                              device::name_of(ask.request), words_of(ask), result));
}

bool Service::told_lately(const Peer& peer, const device::Ask& ask) {
  if (readings_.size() > kMaxReadings) readings_.clear();
  auto [reading, fresh] = readings_.try_emplace(fmt::format("{} {} {}", peer.uid, ask.actor, device::name_of(ask.request)));
  const SteadyTime now = clock_.steady();
  if (!fresh && now - reading->second.told < kReadingEvery) return ++reading->second.since, true;
  reading->second = {now, 0};
  return false;
}

void Service::note(std::string_view text) {
  log_info("device", "{}", text);
  if (auto written = audit_.add(clock_.now(), text); !written) log_error("audit", "{}", written.error().what);
}

Result<Fields> Service::run(const device::Request& request) {
  return std::visit([this](const auto& r) { return (*this)(r); }, request);
}

void Service::tick() {
  board_.tick();
  const SteadyTime now = clock_.steady();
  if (auto reverted = network_.tick(now); !reverted) log_error("network", "{}", reverted.error().what);
  else if (*reverted) note("the network setting was not confirmed and is taken back");
  if (!shutdown_ || clock_.now() < shutdown_->not_before) return;
  const auto due = *std::exchange(shutdown_, std::nullopt);
  if (clock_.now() > due.not_after) return note("the window of the shutdown went by; nothing is done");
  note(due.power_off ? "the window has begun: powering off" : "the window has begun: starting anew");
  if (auto done = machine_.shut_down(due.power_off); !done) note("shutting down failed: " + done.error().what);
}

std::optional<SteadyTime> Service::next_tick() const {
  std::optional<SteadyTime> next = board_.next_tick();
  const auto earlier = [&next](SteadyTime at) {
    if (!next || at < *next) next = at;
  };
  if (const auto at = network_.deadline()) earlier(*at);
  // The wall clock may be set meanwhile: looked at every five seconds.
  if (shutdown_) earlier(clock_.steady() + std::min<SteadyTime::duration>(std::chrono::seconds(5), std::max<SteadyTime::duration>(shutdown_->not_before - clock_.now(), {})));
  return next;
}

}  // namespace hf::deviced
