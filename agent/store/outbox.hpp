// What must reach HQ, kept until HQ has it. In: message bodies as bytes. Out: the same bytes in the order of their
// time, with sequence numbers of this outbox's own epoch. One file of its own; safe from any thread, one call at a
// time.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "hal/platform/clock.hpp"
#include "hal/platform/files.hpp"
#include "hal/platform/result.hpp"
#include "hal/platform/sqlite.hpp"
#include "hal/platform/time.hpp"

namespace hf::store {

enum class OutboxKind : uint8_t { minutes, incident, labels, gap, surveys };
enum class OutboxState : uint8_t { waiting, acknowledged, refused };

using SequenceRange = std::pair<uint64_t, uint64_t>;  // both ends included
using Ranges = std::vector<SequenceRange>;            // rising, not touching

// Which output of the core a message is: the core counts its outputs from 1 within a journal's epoch, so that a replay
// after a crash, which makes the same outputs again, stores none of them twice.
struct OutboxOrigin {
  std::string journal_epoch;
  uint64_t output = 0;
};

struct NewMessage {
  OutboxKind kind{};
  uint32_t grain = 0;  // minutes: 1, 15 or 60; other kinds 0
  Time created{};      // journal time: the order of sending
  std::string body;
  uint64_t plain_bytes = 0;  // of the body before compression, for the page
};

struct OutboxOutput {  // what one output of the core has to say
  OutboxOrigin origin;
  std::vector<NewMessage> messages;
};

struct OutboxMessage {
  uint64_t sequence = 0;
  OutboxKind kind{};
  OutboxState state{};
  uint32_t grain = 0, attempts = 0;
  Time created{};
  std::optional<Time> sent, settled;  // last attempt; answered by HQ
  uint64_t bytes = 0, plain_bytes = 0;
  Ranges replaces;
  std::string why;   // refused: HQ's reason
  std::string body;  // empty in lists, and when it was tidied away
};

struct OutboxStatus {
  uint64_t epoch = 0, waiting = 0, waiting_bytes = 0, refused = 0;
  uint64_t oldest = 0, newest = 0;  // lowest sequence waiting (0 = none), highest ever given
  std::optional<Time> oldest_created;
  std::optional<uint64_t> last_acknowledged;
};

class Outbox {
 public:
  // Creates the file when there is none, with a random epoch. A damaged file is moved aside beside its old place and a
  // new outbox with a new epoch is begun; set_aside() then tells the moved file. Fails with unsupported (a newer
  // program's file), io.
  static Result<Outbox> open(const Path& path, Random& random);

  const std::optional<std::string>& set_aside() const { return set_aside_; }

  // Stores messages that follow from one output of the core, all or none; durable when it returns. An output at or
  // below the highest that was stored of its epoch is stored already: nothing happens.
  Status put(const OutboxOrigin& origin, const std::vector<NewMessage>& messages);
  // The same for several outputs in their order, in one transaction: one wait for the disk.
  Status put(const std::vector<OutboxOutput>& outputs);

  // The next messages to send, oldest first: at most `count`, and as many bodies as fit into `bytes` (one at least).
  Result<std::vector<OutboxMessage>> next(size_t count, uint64_t bytes);
  Status sent(const std::vector<uint64_t>& sequences, Time at);
  // HQ's answers. Sequences that are not waiting are left as they are.
  Status acknowledge(const Ranges& ranges, Time at);
  Status refuse(uint64_t sequence, std::string_view why, Time at);

  // Waiting messages of one grain, oldest first.
  Result<std::vector<OutboxMessage>> waiting(OutboxKind kind, uint32_t grain, size_t count);
  // Takes the old ones out and puts the new ones in, in one transaction; the first of the new ones declares the old
  // sequences, and what those had replaced. Fails with not_found when one of the old is not waiting any more.
  Status replace(const std::vector<uint64_t>& old, const std::vector<NewMessage>& fresh);

  // Deletes what HQ has answered beyond the newest `keep` and, of those, bodies older than `bodies_before`.
  Status tidy(size_t keep, Time bodies_before);

  Result<OutboxStatus> status();
  // Newest first, without bodies: sequences below `before`.
  Result<std::vector<OutboxMessage>> list(std::optional<uint64_t> before, size_t limit);
  Result<OutboxMessage> message(uint64_t sequence);  // not_found

 private:
  Outbox(sqlite::Database db, std::optional<std::string> set_aside);
  static Result<sqlite::Database> open_file(const Path& path, Random& random);
  Status put_one(const OutboxOrigin& origin, const std::vector<NewMessage>& messages);
  Status insert(const NewMessage& message, const Ranges& replaces);
  Result<Ranges> take_out(const std::vector<uint64_t>& old);

  std::unique_ptr<std::mutex> mutex_ = std::make_unique<std::mutex>();
  sqlite::Database db_;
  std::optional<std::string> set_aside_;
};

// Ranges as the column keeps them ("1-3 5-5"), and their union. Text that is no such list reads as corrupt.
std::string ranges_text(const Ranges& ranges);
Result<Ranges> ranges_from(std::string_view text);
Ranges joined(Ranges ranges);

}  // namespace hf::store
