// The site's one way out: a signed webhook per incident. In: incidents as they change, from any thread. Out: POSTs, on a thread of its own, and
// what became of them. Settings, queue and what was told live in one file (mode 0600), written whole at each change: a restart neither forgets a
// message nor tells twice.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "agent/notify/deliveries.hpp"
#include "agent/notify/post.hpp"
#include "hal/platform/secret.hpp"

namespace hf::notify {

struct Settings {
  bool enabled = false;
  std::string url;
  bool secret_set = false;
  bool dialled_numbers = false;
};

struct SettingsChange {
  bool enabled = false;
  std::string url;
  std::optional<std::string> secret = {};  // unset = keep
  bool dialled_numbers = false;
};

struct NotifierParts {
  std::filesystem::path file;
  const Clock& clock;
  Random& random;
  std::unique_ptr<Poster> poster;
};

class Notifier {
 public:
  // A file that cannot be read, damaged or of a newer program, is set aside beside itself and told by problem(): the box works without a webhook.
  static Result<std::unique_ptr<Notifier>> open(NotifierParts parts);
  ~Notifier();
  Notifier(const Notifier&) = delete;
  Notifier& operator=(const Notifier&) = delete;

  // Begins to deliver. Before it nothing is sent (tests drive the queue by step()).
  void start();
  void stop();
  // Delivers what is due now; how many attempts were made. The thread does nothing else.
  size_t step();

  // All from any thread.
  Settings settings() const;
  // invalid_input: the address, a secret under 16 bytes, or enabled without address or secret.
  Status set(const SettingsChange& change);
  // Call at each revision of an incident; what is not news, or comes while the webhook is off, is left out.
  void tell(const IncidentMessage& incident);
  Result<std::string> test();  // id of the delivery; denied without address or secret
  std::vector<Delivery> deliveries(size_t limit) const;  // newest first
  std::string problem() const;  // empty = none

 private:
  explicit Notifier(NotifierParts parts);
  Status load();
  Status load_text(const std::string& text);
  Status save();
  void keep();
  void run();

  NotifierParts parts_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Deliveries deliveries_;
  Settings settings_;
  Secret secret_;
  std::string problem_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace hf::notify
