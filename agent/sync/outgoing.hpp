// What the core said, as messages in the outbox. In: the outputs of one step of the core. Out: message bodies, a pure
// function of those outputs and the site's key (the crash test compares them), stored durably before put() returns.
// Safe from any thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "agent/store/outbox.hpp"
#include "agent/sync/core_to_wire.hpp"

namespace hf::sync {

// A summary takes at most about 4.5 KiB (three full histograms), a line of the wire 256 KiB.
constexpr size_t kSumsPerMessage = 48;

struct Outputs {
  Time at{};                                         // journal time
  std::vector<metrics::Minute> minutes;              // closed or revised
  std::vector<incidents::Incident> incidents;        // opened or changed
  std::optional<std::vector<ApprovedLabel>> labels;  // the whole table, when it changed
  uint32_t labels_revision = 0;
  std::vector<metrics::SurveySum> surveys{};         // of a day, each at least wire::kFewestAnswers answers
  bool empty() const { return minutes.empty() && incidents.empty() && surveys.empty() && !labels; }
};

struct NumberedOutputs {
  uint64_t number = 0;  // of the step within its journal's epoch
  Outputs outputs;
};

// Incidents first, then minutes (48 summaries a message), then surveys, then labels. A label that breaks the rules fails with
// invalid_input.
Result<std::vector<store::NewMessage>> messages_of(const wire::SiteKey& key, const Outputs& outputs);

// One body as an outbox keeps it, and back to the JSON that IT reads and HQ gets.
Result<store::NewMessage> message_of(const wire::Body& body, Time created);
Result<std::string> json_of(const store::OutboxMessage& message);

class Outgoing {
 public:
  // After a damaged outbox was set aside a `gap` message tells HQ. `now`: journal time.
  static Result<Outgoing> open(const Path& file, const wire::SiteKey& key, Random& random, Time now);

  // Idempotent per origin: a replay may put the same outputs again. Nothing is stored for empty outputs.
  Status put(const store::OutboxOrigin& origin, const Outputs& outputs);
  // Several steps of one epoch, rising, in one transaction: all or none.
  Status put(const std::string& journal_epoch, const std::vector<NumberedOutputs>& steps);
  // Called after each put that stored something, on the putting thread (the sender's wake-up). Set before the first
  // put.
  void on_put(std::function<void()> call) { on_put_ = std::move(call); }

  store::Outbox& outbox() { return outbox_; }

 private:
  Outgoing(store::Outbox outbox, const wire::SiteKey& key) : outbox_(std::move(outbox)), key_(key) {}
  store::Outbox outbox_;
  wire::SiteKey key_;
  std::function<void()> on_put_;
};

// The site's key in `file` (32 hex digits, mode 0600); made with `random` when there is no such file.
Result<wire::SiteKey> site_key(const Path& file, Random& random);

}  // namespace hf::sync
