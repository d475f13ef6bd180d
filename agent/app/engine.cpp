#include "agent/app/engine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <thread>

#include "agent/app/entries.hpp"
#include "hal/platform/log.hpp"

namespace hf::app {

namespace {

constexpr auto kRetry = std::chrono::seconds(1);
constexpr auto kCaughtUp = std::chrono::seconds(10);
constexpr auto kClockStep = std::chrono::seconds(2);
constexpr size_t kMaxDamage = 100;
constexpr size_t kMaxHeld = 100'000;  // steps and calls that wait for an outlet

std::string core_version() { return std::to_string(kCoreVersion); }

// The id that an action is about; what is new and has none gets the next.
std::string id_for(rules::Action& action, const rules::Book& book) {
  const auto given = [&book](std::string& id, char letter) {
    if (id.empty()) id = book.next_id(letter);
    return id;
  };
  if (auto* rule = std::get_if<rules::SetRule>(&action.what)) return given(rule->rule.id, 'r');
  if (auto* hypothesis = std::get_if<rules::SetHypothesis>(&action.what)) return given(hypothesis->hypothesis.id, 'h');
  if (auto* change = std::get_if<rules::SetChange>(&action.what)) return given(change->change.id, 'c');
  return std::visit(
      [](const auto& what) -> std::string {
        if constexpr (requires { what.id; }) return what.id;
        else return {};
      },
      action.what);
}

// Where each source can go on.
std::vector<journal::Cursor> last_cursors(std::vector<SourceBatch>& batches) {
  std::map<std::string, std::string> last;
  for (auto& batch : batches)
    if (!batch.cursor.empty()) last[cursor_name(batch.pbx)] = std::move(batch.cursor);
  std::vector<journal::Cursor> cursors;
  cursors.reserve(last.size());
  for (auto& [name, cursor] : last) cursors.push_back({name, std::move(cursor)});
  return cursors;
}

// Each source's events are in the order of time; together they become so.
std::vector<pbx::CallEvent> in_order(std::vector<SourceBatch> batches) {
  std::vector<pbx::CallEvent> events;
  for (auto& batch : batches) events.insert(events.end(), std::make_move_iterator(batch.events.begin()), std::make_move_iterator(batch.events.end()));
  const bool one = std::ranges::all_of(batches, [&](const SourceBatch& batch) { return batch.pbx == batches.front().pbx; });
  if (!one) std::ranges::stable_sort(events, {}, &pbx::CallEvent::at);
  return events;
}

}  // namespace

std::string cursor_name(const std::string& pbx) { return pbx.empty() ? "pbx" : "pbx." + pbx; }

Engine::Engine(journal::Journal journal, const Clock& clock, Inbox& inbox, std::vector<Outlet*> outlets, EngineOptions options)
    : journal_(std::move(journal)), clock_(clock), inbox_(inbox), outlets_(std::move(outlets)), options_(options), following_(options.live), core_(journal_.epoch()) {}

Status Engine::recover() {
  uint64_t lacking = UINT64_MAX;
  for (const Outlet* outlet : outlets_) lacking = std::min(lacking, outlet->taken());
  auto snapshot = journal_.latest_snapshot(core_version());
  if (snapshot && snapshot->sequence <= lacking) {
    Loader loader(snapshot->bytes);
    std::string core;
    loader.get(core);
    loader.get(site_model_);
    if (loader.at_end() && core_.load(core)) applied_ = snapshot->sequence;
    else core_ = Core(journal_.epoch());
  }
  snapshot_at_ = applied_;
  Status status;
  const auto on_entry = [&](const journal::EntryView& entry) {
    auto input = from_entry(entry);
    if (!input) log_error("journal", "{}; left out", input.error().what);
    else if (auto done = apply(*input, entry.at); !done) status = fail(std::move(done.error()));
    applied_ = entry.sequence;
  };
  while (applied_ < journal_.last_sequence() && status) {
    auto read = journal_.read(applied_ + 1, 50'000, on_entry);
    if (!read) return fail(std::move(read.error()).context("reading the journal"));
    if (*read == 0) break;
    hand_on();
  }
  snapshot_time_ = core_.now();
  tell_damage();
  return status;
}

Status Engine::apply(const Input& input, Time at) {
  if (const auto* event = std::get_if<pbx::CallEvent>(&input)) core_.on(*event, output_);
  if (const auto* model = std::get_if<calls::SiteModel>(&input)) {
    site_model_ = *model;
    core_.set_site_model(at, *model, output_);
  }
  if (const auto* seen = std::get_if<Acknowledgement>(&input))
    if (!core_.acknowledge(at, seen->incident, seen->user, output_)) return fail(ErrorKind::not_found, "no such incident: " + seen->incident);
  if (const auto* action = std::get_if<rules::Action>(&input))
    if (auto done = core_.act(at, *action, output_); !done) log_error("rules", "{}; left out", done.error().what);
  return {};
}

Status Engine::run() {
  while (!inbox_.closed())
    if (too_much_held()) turn({{}, inbox_.take_jobs(kRetry)});  // events go on waiting in the inbox
    else turn(inbox_.take(options_.gather));
  turn(inbox_.take({}));
  save_snapshot();
  return journal_.close();
}

void Engine::turn(Inbox::Taken taken) {
  watch_clock();
  tell_damage();
  jobs_ = std::move(taken.jobs);
  commit(std::move(taken.batches));
  if (following_) core_.advance(std::max(core_.now(), clock_.now()), output_);
  hand_on();
  run_jobs();
  if (applied_ - snapshot_at_ >= options_.snapshot_entries || core_.now() - snapshot_time_ >= options_.snapshot_time) save_snapshot();
}

void Engine::run_jobs() {
  for (auto& job : std::exchange(jobs_, {})) job();
}

// An entry never lies before what the core has already lived through.
Time Engine::stamp(Time at) const { return std::max(at, core_.now()); }

void Engine::commit(std::vector<SourceBatch> batches) {
  const std::vector<journal::Cursor> cursors = last_cursors(batches);
  std::vector<pbx::CallEvent> events = in_order(std::move(batches));
  if (events.empty()) return;
  const auto model = std::exchange(first_model_, std::nullopt);
  std::vector<journal::Entry> entries;
  entries.reserve(events.size() + 1);
  Time last{};
  for (auto& event : events) {
    event.at = last = std::max(stamp(event.at), last);
    if (model && entries.empty()) entries.push_back(to_entry(event.at, *model));
    entries.push_back(to_entry(event));
  }
  if (!append_until_done(entries, cursors)) return;
  if (model) (void)apply(*model, events.front().at);
  for (const auto& event : events) core_.on(event, output_);
  if (last >= clock_.now() - kCaughtUp) following_ = true;
}

// The disk may be full for hours: nothing is thrown away, the inbox fills and pushes the source back, and health tells why.
bool Engine::append_until_done(const std::vector<journal::Entry>& entries, const std::vector<journal::Cursor>& cursors) {
  while (!append_once(entries, cursors)) {
    if (inbox_.closed()) return false;
    run_jobs();  // whoever asks must not wait for the disk
    jobs_ = inbox_.take_jobs(kRetry);
  }
  return true;
}

Status Engine::append_once(const std::vector<journal::Entry>& entries, const std::vector<journal::Cursor>& cursors) {
  auto sequence = journal_.append(entries, cursors);
  if (!sequence) {
    if (health_.journal_problem.empty()) {
      health_.problem_since = clock_.now();
      log_error("journal", "{}; events wait in memory until it can be written", sequence.error().what);
    }
    health_.journal_problem = sequence.error().what;
    return fail(std::move(sequence.error()));
  }
  if (!health_.journal_problem.empty()) log_info("journal", "writes again");
  health_.journal_problem.clear();
  health_.committed = clock_.now();
  applied_ = *sequence;
  return {};
}

bool Engine::too_much_held() const {
  return !health_.outlet_problem.empty() && output_.ended.size() + output_.agents.size() + output_.steps.size() > kMaxHeld;
}

void Engine::hand_on() {
  if (output_.ended.empty() && output_.agents.empty() && output_.steps.empty()) return;
  std::string problem;
  for (Outlet* outlet : outlets_)
    if (auto taken = outlet->take(output_, applied_); !taken) problem = std::move(taken.error().what);
  if (!problem.empty() && health_.outlet_problem.empty()) log_error("store", "{}; tried again until it succeeds", problem);
  health_.outlet_problem = std::move(problem);
  if (health_.outlet_problem.empty()) output_.clear();
}

void Engine::save_snapshot() {
  if (!health_.outlet_problem.empty() || applied_ == 0) return;  // the tail must stay, since an outlet lacks some of it
  Saver saver;
  saver.put(core_.save());
  saver.put(site_model_);
  if (auto saved = journal_.save_snapshot(applied_, core_version(), std::move(saver.bytes)); !saved)
    log_warning("journal", "no snapshot: {}", saved.error().what);
  snapshot_at_ = applied_;
  snapshot_time_ = core_.now();
}

Status Engine::set_site_model(const calls::SiteModel& model) {
  const Time at = following_ ? stamp(clock_.now()) : core_.now();
  if (auto written = append_once({to_entry(at, model)}, {}); !written) return written;
  first_model_.reset();
  return apply(model, at);
}

Status Engine::acknowledge(const std::string& incident, const std::string& user) {
  if (!core_.open_incidents().contains(incident)) return fail(ErrorKind::not_found, "no open incident " + incident);
  const Time at = following_ ? stamp(clock_.now()) : core_.now();
  const Acknowledgement seen{incident, user};
  if (auto written = append_once({to_entry(at, seen)}, {}); !written) return written;
  auto done = apply(seen, at);
  hand_on();
  return done;
}

Result<std::string> Engine::act(rules::Action action) {
  const std::string id = id_for(action, core_.rules());
  const Time at = following_ ? stamp(clock_.now()) : core_.now();
  if (auto good = core_.rules().check(action, at); !good) return fail(std::move(good.error()));
  if (auto written = append_once({to_entry(at, action)}, {}); !written) return fail(std::move(written.error()));
  (void)apply(action, at);
  hand_on();
  return id;
}

void Engine::pulse() {
  if (core_.now() == Time{}) return;  // a back-fill is still to come, and its entries lie before now
  if (!append_once({note(now_for_notes(), "pulse", "")}, {})) return;  // a disk that takes nothing is told, and no restart mends it
  const auto through = [this](const journal::EntryView& entry) {
    if (auto input = from_entry(entry)) (void)apply(*input, entry.at);
  };
  if (auto read = journal_.read(applied_, 1, through); !read) log_error("journal", "{}", read.error().what);
  hand_on();
}

void Engine::keep_up(const journal::Limits& limits) {
  auto pruned = journal_.prune(limits, core_version());
  if (!pruned) return log_warning("journal", "{}", pruned.error().what);
  if (pruned->files > 0) log_info("journal", "{} old days removed, {} MB", pruned->files, pruned->bytes >> 20);
  if (!pruned->held_back.empty()) log_warning("journal", "{}", pruned->held_back);
}

Time Engine::now_for_notes() const { return following_ || core_.now() == Time{} ? stamp(clock_.now()) : core_.now(); }

// What was lost stays told: as entries of the journal, between those that frame the hole, and in health until the next start.
void Engine::tell_damage() {
  auto report = journal_.take_report();
  for (auto& message : report.messages) {
    log_warning("journal", "{}", message);
    if (health_.damage.size() < kMaxDamage) health_.damage.push_back(std::move(message));
  }
  losses_.insert(losses_.end(), report.losses.begin(), report.losses.end());
  if (losses_.empty()) return;
  std::vector<journal::Entry> notes;
  notes.reserve(losses_.size());
  for (const auto& loss : losses_) notes.push_back(note(now_for_notes(), "loss", journal::to_text(loss)));
  if (append_once(notes, {})) losses_.clear();  // else noted in the next turn
}

void Engine::watch_clock() {
  const std::pair now{clock_.now(), clock_.steady()};
  if (clocks_) {
    const auto step = (now.first - clocks_->first) - std::chrono::duration_cast<Duration>(now.second - clocks_->second);
    if (step > kClockStep || step < -kClockStep) {
      log_warning("clock", "the clock was stepped by {:.1f} s", seconds(step));
      if (!append_once({note(now_for_notes(), "clock_step", fmt::format("{}", step.count()))}, {})) return;  // told and noted again next turn
    }
  }
  clocks_ = now;
}

}  // namespace hf::app
