// Moves the outbox to HQ. In: the outbox, a transport, clock and chance. Out: acknowledged messages and the state of
// the link. Never an error to the caller: HQ away or unwilling is a state with a remedy, and the site's own duties go
// on.
#pragma once

#include <array>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "agent/store/outbox.hpp"
#include "agent/sync/transport.hpp"
#include "agent/wire/answer.hpp"
#include "hal/platform/clock.hpp"

namespace hf::sync {

enum class LinkState : uint8_t { connecting, connected, refused, unreachable };

struct Link {
  LinkState state = LinkState::connecting;
  std::string what;  // empty while all is well; else the thing and the remedy
  Time since{};      // of this state
  std::optional<Time> last_contact, next_attempt;
  bool rolled_up = false, lost = false;  // since the start, for want of room
};

struct SenderOptions {
  std::string site;  // wire::check_site() holds
  std::array<uint16_t, 3> agent_version{};
  std::chrono::milliseconds first_retry{1000}, longest_retry{300'000};
  std::chrono::milliseconds catch_up_pause{200};  // between two full batches: bounds the rate after a long absence
  std::chrono::milliseconds sign_of_life{60'000};
  uint64_t budget_bytes = 64 * 1024 * 1024;
  size_t keep_acknowledged = 5000;  // messages that the page can still list
  std::chrono::hours keep_bodies{7 * 24};
};

// One attempt at a time, in the caller's thread; the tests call it with a clock of their own.
class Sender {
 public:
  Sender(store::Outbox& outbox, Transport& transport, Clock& clock, Random& random, SenderOptions options);

  // Sends one batch (without messages: a sign of life) and takes the answer in. Returns how long to wait before the
  // next call; a new message may cut that wait short unless link().next_attempt is set.
  std::chrono::milliseconds attempt();
  Link link() const;

 private:
  struct Batch {
    std::string body;
    std::vector<uint64_t> sequences;
    bool more = false;
  };
  Result<Batch> make_batch();
  Result<std::vector<std::string>> lines_of(const std::vector<store::OutboxMessage>& messages, Batch& batch);
  Status make_room();
  std::chrono::milliseconds take(const Batch& batch, const Result<TransportReply>& reply);
  Status settle(const Batch& batch, const wire::Answer& answer);
  std::chrono::milliseconds well(bool more);
  std::chrono::milliseconds ill(LinkState state, std::string what);
  void set_state(LinkState state, std::string what);

  store::Outbox& outbox_;
  Transport& transport_;
  Clock& clock_;
  Random& random_;
  const SenderOptions options_;
  uint32_t failures_ = 0;
  mutable std::mutex mutex_;
  Link link_;
};

// The sender on a thread of its own.
class SenderThread {
 public:
  SenderThread(Sender& sender, Transport& transport) : sender_(sender), transport_(transport) {}
  ~SenderThread() { stop(); }

  void start();
  void wake();  // there is something new; from any thread
  void stop();  // cancels a post under way and waits for the thread's end; from the owner's thread, any number of times

 private:
  void run();

  Sender& sender_;
  Transport& transport_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false, news_ = false;
  std::thread thread_;
};

}  // namespace hf::sync
