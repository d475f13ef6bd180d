#include "agent/app/backtest.hpp"

#include <algorithm>

#include "agent/app/entries.hpp"
#include "agent/journal/journal.hpp"

namespace hf::app {

namespace {

constexpr uint64_t kAtOnce = 1'000'000;  // each read opens the days before it once more, and a year has some ten million entries
constexpr uint64_t kTell = 5'000;        // entries between two words on progress
constexpr size_t kMaxFirings = 2'000;
constexpr auto kBudget = std::chrono::minutes(10);
constexpr Duration kBefore = std::chrono::minutes(10);  // a firing so long before an incident's onset belongs to it
constexpr const char *kTested = "r1", *kTarget = "r2";

rules::Action watch(const char* id, const std::string& text) {
  rules::SetRule set;
  set.rule.id = id, set.rule.text = text, set.rule.mode = rules::Mode::shadow;
  return {1, "", set};
}

bool among(const std::vector<std::string>& list, const std::string& id) { return std::find(list.begin(), list.end(), id) != list.end(); }

bool falls_into(const rules::Firing& firing, const incidents::Incident& incident) {
  if (firing.opened < incident.onset - kBefore || (incident.closed && firing.opened > *incident.closed)) return false;
  const auto& same = firing.place.scope == metrics::Scope::line ? incident.lines : incident.queues;
  return same.empty() || among(same, firing.place.id);  // an incident that knows lines alone may be any queue's
}

class Run {
 public:
  Run(const BacktestRequest& request, const std::function<bool(double)>& go_on) : request_(request), go_on_(go_on) {}

  Status take(const journal::EntryView& entry) {
    if (result_.entries == 0) {
      result_.from = std::max(entry.at, request_.from);
      core_.set_site_model(entry.at, request_.model, out_);
    }
    if (!begun_ && entry.at >= result_.from)
      if (auto begun = begin(entry.at); !begun) return begun;
    const auto input = from_entry(entry);
    if (input && std::holds_alternative<pbx::CallEvent>(*input)) core_.on(std::get<pbx::CallEvent>(*input), out_);
    if (++result_.entries % kTell == 0 && !go_on_(static_cast<double>(entry.sequence) / static_cast<double>(std::max<uint64_t>(request_.last_sequence, 1))))
      return fail(ErrorKind::closed, "cancelled");
    keep();
    return {};
  }

  BacktestResult finish() {
    result_.to = std::max(core_.now(), result_.from);
    if (request_.target_text || request_.target_kind) result_.score = score();
    for (auto& [id, incident] : incidents_) {
      if (incident.closed && *incident.closed < result_.from) continue;
      bool foretold = false;
      for (auto& one : firings_) {
        if (one.second.rule != kTested || !falls_into(one.second, incident)) continue;
        foretold = true;
        into_.try_emplace(one.first, incident);
      }
      if (!foretold) result_.unforetold.push_back(incident);
    }
    for (auto& [key, firing] : firings_) {
      if (firing.rule != kTested) continue;
      const auto incident = into_.find(key);
      result_.firings.push_back({firing, incident == into_.end() ? std::nullopt : std::optional(incident->second)});
    }
    return std::move(result_);
  }

 private:
  Status begin(Time at) {
    begun_ = true;
    if (auto set = core_.act(at, watch(kTested, request_.text), out_); !set) return set;
    return request_.target_text ? core_.act(at, watch(kTarget, *request_.target_text), out_) : Status{};
  }

  void keep() {
    for (auto& step : out_.steps) {
      for (auto& incident : step.incidents) incidents_.insert_or_assign(incident.id, std::move(incident));
      for (auto& firing : step.firings) {
        const std::pair key{firing.opened, firing.id};
        if (firings_.size() < kMaxFirings || firings_.contains(key)) firings_.insert_or_assign(key, std::move(firing));
        else result_.more = true;
      }
    }
    out_.clear();
  }

  rules::Score score() const {
    std::vector<Time> signals, targets;
    for (const auto& [key, firing] : firings_) (firing.rule == kTested ? signals : targets).push_back(firing.opened);
    for (const auto& [id, incident] : incidents_)
      if (request_.target_kind == incident.kind && incident.onset >= result_.from) targets.push_back(incident.onset);
    std::sort(targets.begin(), targets.end());
    return rules::score(signals, targets, request_.lead_min, request_.lead_max, result_.to);
  }

  const BacktestRequest& request_;
  const std::function<bool(double)>& go_on_;
  Core core_{0};
  CoreOutput out_;
  bool begun_ = false;
  std::map<std::string, incidents::Incident> incidents_;
  std::map<std::pair<Time, std::string>, rules::Firing> firings_;
  std::map<std::pair<Time, std::string>, incidents::Incident> into_;
  BacktestResult result_;
};

}  // namespace

// From the journal's first entry, also when the range begins later: agents and calls are known only to who has seen them begin.
Result<BacktestResult> backtest(const std::filesystem::path& journal, const BacktestRequest& request, const std::function<bool(double)>& go_on) {
  Run run(request, go_on);
  Status status;
  bool beyond = false;
  uint64_t next = 1;
  while (next <= request.last_sequence && !beyond && status) {
    uint64_t last = 0;
    auto read = journal::read_folder(journal, next, std::min(kAtOnce, request.last_sequence - next + 1), [&](const journal::EntryView& entry) {
      last = entry.sequence;
      beyond = beyond || entry.at >= request.to;
      if (status && !beyond) status = run.take(entry);
    });
    if (!read) return fail(std::move(read.error()).context("reading the journal"));
    if (*read == 0) break;
    next = last + 1;
  }
  if (!status) return fail(std::move(status.error()));
  return run.finish();
}

Backtests::~Backtests() {
  {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

Status Backtests::begin(const std::string& id, BacktestRequest request) {
  std::unique_lock lock(mutex_);
  if (!id_.empty() && look_.state == State::running) return fail(ErrorKind::busy, "another backtest runs; wait for it or cancel it");
  if (thread_.joinable()) thread_.join();  // it has ended
  id_ = id, look_ = {}, cancelled_ = false;
  thread_ = std::thread([this, request = std::move(request)] { run(request); });
  return {};
}

void Backtests::run(const BacktestRequest& request) {
  const SteadyTime begun = clock_.steady();
  bool late = false;
  auto result = backtest(journal_, request, [&](double progress) {
    late = clock_.steady() - begun > kBudget;
    const std::lock_guard lock(mutex_);
    look_.progress = progress;
    return !cancelled_ && !late;
  });
  const std::lock_guard lock(mutex_);
  if (result) {
    look_.progress = 1, look_.state = State::done;
    look_.result = std::make_shared<const BacktestResult>(std::move(*result));
  } else {
    look_.state = cancelled_ ? State::cancelled : State::failed;
    look_.what = late ? "the journal could not be read within ten minutes" : result.error().what;
  }
}

Result<Backtests::Look> Backtests::look(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  if (id.empty() || id != id_) return fail(ErrorKind::not_found, "no such backtest");
  return look_;
}

Status Backtests::cancel(const std::string& id) {
  const std::lock_guard lock(mutex_);
  if (id.empty() || id != id_) return fail(ErrorKind::not_found, "no such backtest");
  cancelled_ = true;
  return {};
}

}  // namespace hf::app
