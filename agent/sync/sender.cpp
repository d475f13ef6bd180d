#include "agent/sync/sender.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "agent/sync/outgoing.hpp"
#include "agent/sync/roll_up.hpp"
#include "agent/wire/encode.hpp"
#include "hal/platform/log.hpp"

namespace hf::sync {
namespace {

using std::chrono::milliseconds;

// JSON compresses at least twofold, so a batch of this size stays under the 1 MiB of a request.
constexpr uint64_t kBatchPlainBytes = 1024 * 1024;

std::string_view remedy_for(unsigned status) {
  switch (status) {
    case 403:
      return "HQ does not know this box's key, has revoked it, or knows it as another site: enrol it at HQ, and "
             "compare the site's name";
    case 400:
      return "HQ could not read the batch: bring agent and HQ to versions that fit";
    case 413:
      return "HQ finds the batch too large: bring agent and HQ to versions that fit";
    default:
      return "HQ is there but cannot take data now";
  }
}

LinkState state_for(unsigned status) {
  return status == 400 || status == 403 || status == 413 ? LinkState::refused : LinkState::unreachable;
}

}  // namespace

Sender::Sender(store::Outbox& outbox, Transport& transport, Clock& clock, Random& random, SenderOptions options)
    : outbox_(outbox), transport_(transport), clock_(clock), random_(random), options_(std::move(options)) {
  link_.since = clock_.now();
}

Link Sender::link() const {
  const std::lock_guard lock(mutex_);
  return link_;
}

Status Sender::make_room() {
  auto fitted = fit(outbox_, options_.budget_bytes);
  if (!fitted) return fail(std::move(fitted.error()));
  if (*fitted != Fitted::as_it_was) {
    const std::lock_guard lock(mutex_);
    link_.rolled_up = true;
    link_.lost = link_.lost || *fitted == Fitted::lost;
  }
  return outbox_.tidy(options_.keep_acknowledged, clock_.now() - options_.keep_bodies);
}

Result<std::vector<std::string>> Sender::lines_of(const std::vector<store::OutboxMessage>& messages, Batch& batch) {
  std::vector<std::string> lines;
  for (const auto& message : messages) {
    auto json = json_of(message);
    if (!json) {
      log_error("sync", "outbox message {} cannot be read and is not sent: {}", message.sequence, json.error().what);
      if (auto put = outbox_.refuse(message.sequence, "damaged at the site", clock_.now()); !put)
        return fail(put.error());
      continue;
    }
    batch.sequences.push_back(message.sequence);
    lines.push_back(wire::message_line(message.sequence, message.replaces, *json));
  }
  return lines;
}

Result<Sender::Batch> Sender::make_batch() {
  auto status = outbox_.status();
  if (!status) return fail(std::move(status.error()));
  auto messages = outbox_.next(wire::kMaxMessages, kBatchPlainBytes);
  if (!messages) return fail(std::move(messages.error()));
  Batch batch;
  auto lines = lines_of(*messages, batch);
  if (!lines) return fail(std::move(lines.error()));
  batch.more = status->waiting > messages->size();
  lines->insert(lines->begin(), wire::head_line({wire::kVersion, options_.site, status->epoch, options_.agent_version,
                                                 status->oldest, status->newest}));
  auto packed = wire::pack(*lines);
  if (!packed) return fail(std::move(packed.error()));
  batch.body = std::move(*packed);
  if (auto marked = outbox_.sent(batch.sequences, clock_.now()); !marked) return fail(std::move(marked.error()));
  return batch;
}

milliseconds Sender::attempt() {
  auto room = make_room();
  auto batch = room ? make_batch() : Result<Batch>(fail(room.error()));
  if (!batch) return ill(LinkState::unreachable, std::move(batch.error()).context("the outbox").what);
  return take(*batch, transport_.post(batch->body));
}

milliseconds Sender::take(const Batch& batch, const Result<TransportReply>& reply) {
  if (!reply)
    return ill(reply.error().kind == ErrorKind::denied ? LinkState::refused : LinkState::unreachable,
               reply.error().what);
  if (reply->status != 200)
    return ill(state_for(reply->status), fmt::format("{} (HTTP {})", remedy_for(reply->status), reply->status));
  const auto answer = wire::decode_answer(reply->body);
  if (!answer) return ill(LinkState::refused, answer.error().what + ": bring agent and HQ to versions that fit");
  if (auto settled = settle(batch, *answer); !settled)
    return ill(LinkState::unreachable, std::move(settled.error()).context("the outbox").what);
  if (!batch.sequences.empty() && answer->acked.empty() && answer->refused.empty())
    return ill(LinkState::unreachable, "HQ answered without acknowledging anything");
  return well(batch.more);
}

// Only what this batch held is settled, whatever the answer names.
Status Sender::settle(const Batch& batch, const wire::Answer& answer) {
  const Time now = clock_.now();
  std::vector<uint64_t> acknowledged;
  for (const uint64_t s : batch.sequences)
    if (std::ranges::any_of(answer.acked, [s](const wire::Range& r) { return r.first <= s && s <= r.second; }))
      acknowledged.push_back(s);
  if (auto stored = outbox_.acknowledge(wire::ranges_of(std::move(acknowledged)), now); !stored) return stored;
  for (const auto& refusal : answer.refused) {
    if (std::ranges::find(batch.sequences, refusal.sequence) == batch.sequences.end()) continue;
    log_warning("sync", "HQ refused message {}: {}", refusal.sequence, to_string(refusal.why));
    if (auto stored = outbox_.refuse(refusal.sequence, to_string(refusal.why), now); !stored) return stored;
  }
  return {};
}

milliseconds Sender::well(bool more) {
  failures_ = 0;
  set_state(LinkState::connected, "");
  const std::lock_guard lock(mutex_);
  link_.last_contact = clock_.now();
  link_.next_attempt.reset();
  return more ? options_.catch_up_pause : options_.sign_of_life;
}

// Doubling from first_retry to longest_retry, then a random half taken off, so that sites do not come back all at once.
milliseconds Sender::ill(LinkState state, std::string what) {
  set_state(state, std::move(what));
  const auto doublings = std::min(failures_++, 20U);
  const milliseconds full = std::min(options_.first_retry * (int64_t{1} << doublings), options_.longest_retry);
  uint32_t chance = 0;
  random_.fill(std::as_writable_bytes(std::span(&chance, 1)));
  const milliseconds wait = full / 2 + milliseconds(full.count() / 2 * (chance % 1024) / 1023);
  const std::lock_guard lock(mutex_);
  link_.next_attempt = clock_.now() + wait;
  return wait;
}

void Sender::set_state(LinkState state, std::string what) {
  const std::lock_guard lock(mutex_);
  if (link_.state == state && link_.what == what) return;
  if (link_.state != state) link_.since = clock_.now();
  link_.state = state;
  link_.what = std::move(what);
  if (link_.what.empty())
    log_info("sync", "HQ is reached");
  else
    log_warning("sync", "{}", link_.what);
}

void SenderThread::start() {
  thread_ = std::thread([this] { run(); });
}

void SenderThread::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    news_ = false;
    lock.unlock();
    const auto wait = sender_.attempt();
    const bool backing_off = sender_.link().next_attempt.has_value();
    lock.lock();
    changed_.wait_for(lock, wait, [this, backing_off] { return stopping_ || (news_ && !backing_off); });
  }
}

void SenderThread::wake() {
  const std::lock_guard lock(mutex_);
  news_ = true;
  changed_.notify_all();
}

void SenderThread::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  if (!thread_.joinable()) return;
  transport_.cancel();
  thread_.join();
}

}  // namespace hf::sync
