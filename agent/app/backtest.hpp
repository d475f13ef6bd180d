// What a rule would have said: the journal's history through a core of its own. In: a text, a range, the journal's folder. Out: firings, each beside
// the incident on record that it falls into. No state is shared with the running agent; the journal is only read.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "agent/core/core.hpp"
#include "agent/rules/score.hpp"
#include "hal/platform/clock.hpp"

namespace hf::app {

struct BacktestRequest {
  std::string text;
  Time from{}, to{};
  uint64_t last_sequence = 0;                // of the journal when it was asked
  calls::SiteModel model;                    // as it is now: history is judged by today's names
  // A hypothesis: what should follow, and when.
  std::optional<std::string> target_text;    // of the rule that should fire
  std::optional<incidents::Kind> target_kind;  // or the incident that should open
  Duration lead_min{}, lead_max{};
};

struct Foretold {
  rules::Firing firing;
  std::optional<incidents::Incident> incident;  // that it falls into
  // From the incident's onset to the firing; negative: before it. Unset without one.
  std::optional<Duration> time_to_signal() const {
    return incident ? std::optional(firing.opened - incident->onset) : std::nullopt;
  }
};

struct BacktestResult {
  Time from{}, to{};                             // as far as the journal reaches
  uint64_t entries = 0;
  std::vector<Foretold> firings;                 // by opening, at most 2,000
  bool more = false;                             // there were more
  std::vector<incidents::Incident> unforetold;   // in the range, and no firing fell into them
  std::optional<rules::Score> score;             // of a hypothesis
};

// `go_on` is told the share done (0 to 1) some times a second; false ends it with `closed`. invalid_input: the text.
Result<BacktestResult> backtest(const std::filesystem::path& journal, const BacktestRequest& request, const std::function<bool(double)>& go_on);

// One backtest at a time, on a thread of its own.
class Backtests {
 public:
  enum class State : uint8_t { running, done, cancelled, failed };
  struct Look {
    State state = State::running;
    double progress = 0;
    std::string what;  // why it failed
    std::shared_ptr<const BacktestResult> result;
  };

  Backtests(std::filesystem::path journal, const Clock& clock) : journal_(std::move(journal)), clock_(clock) {}
  ~Backtests();
  Backtests(const Backtests&) = delete;
  Backtests& operator=(const Backtests&) = delete;

  // `id` names it from now on; busy while another one runs.
  Status begin(const std::string& id, BacktestRequest request);
  Result<Look> look(const std::string& id) const;  // not_found: none of this name, or forgotten for a newer one
  Status cancel(const std::string& id);            // not_found

 private:
  void run(const BacktestRequest& request);

  std::filesystem::path journal_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::string id_;
  Look look_;
  bool cancelled_ = false;
  std::thread thread_;
};

}  // namespace hf::app
