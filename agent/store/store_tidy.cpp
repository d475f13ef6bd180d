// Store's retention: minutes become quarters, quarters become hours, hours go; so do old calls, intervals and closed incidents.
#include <array>

#include "agent/store/store.hpp"
#include "agent/store/store_rows.hpp"

namespace hf::store {

namespace {

using sqlite::Statement;

constexpr int64_t kSlice = 3000;  // rows a transaction: some tens of milliseconds; above 60, so that a step always fits

// Removes up to a slice of old rows; true when there were as many.
Result<bool> remove_some(sqlite::Database& database, std::string_view sql, Time before) {
  if (auto s = database.run(sql, stored(before), kSlice); !s) return fail(std::move(s.error()));
  return database.changes() >= kSlice;
}

// Clustered tables have no rowid to limit by, hence the keys.
constexpr std::array<std::string_view, 2> kOldCalls{
    "DELETE FROM calls WHERE (arrived, id) IN (SELECT arrived, id FROM calls WHERE arrived < ? LIMIT ?)",
    "DELETE FROM agents WHERE (began, queue, agent) IN (SELECT began, queue, agent FROM agents WHERE began < ? LIMIT ?)"};
constexpr std::string_view kOldMinutes =
    "DELETE FROM minutes WHERE (scope, id, start) IN (SELECT scope, id, start FROM minutes WHERE start < ? LIMIT ?)";
constexpr std::string_view kOldSurveys =
    "DELETE FROM surveys WHERE (start, queue, question, low, high) IN (SELECT start, queue, question, low, high FROM surveys WHERE start < ? LIMIT ?)";
constexpr std::string_view kOldVoice = "DELETE FROM voice WHERE (start, queue) IN (SELECT start, queue FROM voice WHERE start < ? LIMIT ?)";
constexpr std::string_view kOldFirings = "DELETE FROM firings WHERE (opened, id) IN (SELECT opened, id FROM firings WHERE closed < ? LIMIT ?)";
constexpr std::string_view kOldIncidents = "DELETE FROM incidents WHERE id IN (SELECT id FROM incidents WHERE closed < ? LIMIT ?)";

Time step_of(Time at, std::chrono::minutes grain) { return at - (at.time_since_epoch() % grain); }

Result<std::vector<metrics::Minute>> finer_than(sqlite::Database& database, metrics::Scope scope, const std::string& id, std::chrono::minutes grain, Time end) {
  std::vector<metrics::Minute> fine;
  bool whole = true;
  auto rows = database.prepare("SELECT body FROM minutes WHERE scope = ? AND id = ? AND start < ? AND span < ? ORDER BY start LIMIT ?");
  if (!rows) return fail(std::move(rows.error()));
  auto read = rows->each([&](const Statement& row) { whole = unpacked(row.blob(0), fine.emplace_back()) && whole; }, static_cast<int64_t>(scope), id,
                         stored(end), grain.count(), kSlice);
  if (!read) return fail(std::move(read.error()));
  if (!whole) return unreadable_row(database.file(), "minutes");
  return fine;
}

std::vector<metrics::Minute> joined_to_steps(const std::vector<metrics::Minute>& fine, std::chrono::minutes grain) {
  std::vector<metrics::Minute> coarse;
  for (const auto& m : fine) {
    if (!coarse.empty() && coarse.back().start == step_of(m.start, grain)) {
      coarse.back().merge(m);
    } else {
      coarse.push_back(m);
      coarse.back().start = step_of(m.start, grain);
    }
    coarse.back().span_minutes = static_cast<uint32_t>(grain.count());  // also when some of its minutes were not seen
  }
  return coarse;
}

}  // namespace

Result<bool> Store::tidy(Time now, const Retention& retention) {
  const std::lock_guard lock(*mutex_);
  bool more = false;
  const auto note = [&more](Result<bool> done) -> Status {
    if (!done) return fail(std::move(done.error()));
    more = more || *done;
    return {};
  };
  for (const auto sql : kOldCalls) {
    if (auto s = note(remove_some(*database_, sql, now - retention.calls)); !s) return fail(std::move(s.error()));
  }
  if (auto s = note(remove_some(*database_, kOldMinutes, now - retention.hours)); !s) return fail(std::move(s.error()));
  if (auto s = note(remove_some(*database_, kOldSurveys, now - retention.hours)); !s) return fail(std::move(s.error()));
  if (auto s = note(remove_some(*database_, kOldVoice, now - retention.hours)); !s) return fail(std::move(s.error()));
  if (auto s = note(remove_some(*database_, kOldIncidents, now - retention.incidents)); !s) return fail(std::move(s.error()));
  if (auto s = note(remove_some(*database_, kOldFirings, now - retention.incidents)); !s) return fail(std::move(s.error()));
  if (auto s = note(roll_up(std::chrono::minutes(60), now - retention.quarters)); !s) return fail(std::move(s.error()));
  if (auto s = note(roll_up(std::chrono::minutes(15), now - retention.minutes)); !s) return fail(std::move(s.error()));
  return more;
}

Result<bool> Store::roll_up(std::chrono::minutes grain, Time before) {
  bool more = false;
  for (const auto scope : {metrics::Scope::queue, metrics::Scope::line}) {
    auto all = ids_of(scope);
    if (!all) return fail(std::move(all.error()));
    for (const std::string& id : *all) {
      if (auto s = roll_up_of(scope, id, grain, before, more); !s) return fail(std::move(s.error()));
    }
  }
  return more;
}

// Joins one slice of the rows of one id that are finer than `grain`. Only whole steps before `before` are touched.
Status Store::roll_up_of(metrics::Scope scope, const std::string& id, std::chrono::minutes grain, Time before, bool& more) {
  auto fine = finer_than(*database_, scope, id, grain, step_of(before, grain));
  if (!fine) return fail(std::move(fine.error()));
  if (std::cmp_equal(fine->size(), kSlice)) {  // its last step may be cut in two and waits for the next slice
    more = true;
    const Time last = step_of(fine->back().start, grain);
    while (step_of(fine->back().start, grain) == last) fine->pop_back();
  }
  if (fine->empty()) return {};
  return database_->transaction([&] {
    auto s = database_->run("DELETE FROM minutes WHERE scope = ? AND id = ? AND start >= ? AND start <= ? AND span < ?", static_cast<int64_t>(scope), id,
                            stored(fine->front().start), stored(fine->back().start), grain.count());
    return s ? put_minutes(joined_to_steps(*fine, grain)) : s;
  });
}

}  // namespace hf::store
