// Store's answers to the pages.
#include <algorithm>

#include "agent/store/store.hpp"
#include "agent/store/store_rows.hpp"

namespace hf::store {

namespace {

using sqlite::Statement;

// Runs `sql`, whose first column is a packed T, and gives each to `take`.
template <class T, class F, class... Args>
Status read_rows(sqlite::Database& database, std::string_view table, std::string_view sql, F&& take, const Args&... args) {
  auto rows = database.prepare(sql);
  if (!rows) return fail(std::move(rows.error()));
  bool whole = true;
  auto read = rows->each(
      [&take, &whole](const Statement& row) {
        T value;
        if (unpacked(row.blob(0), value)) take(std::move(value));
        else whole = false;
      },
      args...);
  if (!read) return read;
  return whole ? Status{} : unreadable_row(database.file(), table);
}

constexpr std::string_view kMinutes = "SELECT body FROM minutes WHERE scope = ? AND id = ? AND start >= ? AND start < ? ORDER BY start";

Time step_of(Time at, std::chrono::minutes step) { return at - (at.time_since_epoch() % step); }

}  // namespace

Result<std::vector<metrics::Minute>> Store::minutes(const MinuteRange& range) {
  const std::lock_guard lock(*mutex_);
  if (range.step < std::chrono::minutes(1)) return fail(ErrorKind::invalid_input, "a step of less than a minute");
  std::vector<metrics::Minute> steps;
  auto add = [&steps, &range](metrics::Minute m) {
    m.start = step_of(m.start, range.step);
    if (!steps.empty() && steps.back().start == m.start) steps.back().merge(m);
    else steps.push_back(std::move(m));
  };
  auto read = read_rows<metrics::Minute>(*database_, "minutes", kMinutes, add, static_cast<int64_t>(range.scope), range.id, stored(range.from), stored(range.to));
  if (!read) return fail(std::move(read.error()));
  return steps;
}

Result<metrics::WaitHistogram> Store::answered_waits(metrics::Scope scope, const std::string& id, Time from, Time to) {
  const std::lock_guard lock(*mutex_);
  metrics::WaitHistogram waits;
  auto add = [&waits](const metrics::Minute& m) { waits.merge(m.answered_waits); };
  auto read = read_rows<metrics::Minute>(*database_, "minutes", kMinutes, add, static_cast<int64_t>(scope), id, stored(from), stored(to));
  if (!read) return fail(std::move(read.error()));
  return waits;
}

Result<std::vector<std::string>> Store::ids(metrics::Scope scope) {
  const std::lock_guard lock(*mutex_);
  return ids_of(scope);
}

// One seek an id, however many minutes each has.
Result<std::vector<std::string>> Store::ids_of(metrics::Scope scope) {
  auto next = database_->prepare("SELECT id FROM minutes WHERE scope = ? AND id > ? ORDER BY id LIMIT 1");
  auto first = database_->prepare("SELECT id FROM minutes WHERE scope = ? ORDER BY id LIMIT 1");
  if (!next) return fail(std::move(next.error()));
  if (!first) return fail(std::move(first.error()));
  std::vector<std::string> found;
  std::optional<std::string> id;
  const auto take = [&id](const Statement& row) { id = std::string(row.text(0)); };
  auto read = first->each(take, static_cast<int64_t>(scope));
  while (read && id) {
    found.push_back(*std::exchange(id, std::nullopt));
    read = next->each(take, static_cast<int64_t>(scope), found.back());
  }
  if (!read) return fail(std::move(read.error()));
  return found;
}

Result<std::vector<calls::Call>> Store::calls(const CallRange& range) {
  const std::lock_guard lock(*mutex_);
  std::vector<calls::Call> found;
  auto read = read_rows<calls::Call>(
      *database_, "calls", "SELECT body FROM calls WHERE arrived >= ? AND arrived < ? AND (?3 IS NULL OR line = ?3) ORDER BY arrived DESC, id DESC LIMIT ?4",
      [&found](calls::Call call) { found.push_back(std::move(call)); }, stored(range.from), stored(range.to), range.line,
      static_cast<int64_t>(range.limit));
  if (!read) return fail(std::move(read.error()));
  std::ranges::reverse(found);
  return found;
}

Result<std::vector<calls::AgentInterval>> Store::agents(Time from, Time to, size_t limit) {
  const std::lock_guard lock(*mutex_);
  std::vector<calls::AgentInterval> found;
  auto read = read_rows<calls::AgentInterval>(
      *database_, "agents", "SELECT body FROM agents WHERE began >= ? AND began < ? ORDER BY began DESC, queue DESC, agent DESC LIMIT ?",
      [&found](calls::AgentInterval a) { found.push_back(std::move(a)); }, stored(from), stored(to), static_cast<int64_t>(limit));
  if (!read) return fail(std::move(read.error()));
  std::ranges::reverse(found);
  return found;
}

Result<std::vector<incidents::Incident>> Store::incidents(const IncidentRange& range) {
  const std::lock_guard lock(*mutex_);
  std::vector<incidents::Incident> found;
  auto read = read_rows<incidents::Incident>(
      *database_, "incidents", "SELECT body FROM incidents WHERE onset >= ? AND onset < ? AND (closed IS NULL OR ? = 0) ORDER BY onset DESC, id LIMIT ?",
      [&found](incidents::Incident i) { found.push_back(std::move(i)); }, range.from ? stored(*range.from) : INT64_MIN,
      range.to ? stored(*range.to) : INT64_MAX, int64_t{range.open_only}, static_cast<int64_t>(range.limit));
  if (!read) return fail(std::move(read.error()));
  return found;
}

Result<incidents::Incident> Store::incident(std::string_view id) {
  const std::lock_guard lock(*mutex_);
  std::optional<incidents::Incident> found;
  auto read = read_rows<incidents::Incident>(*database_, "incidents", "SELECT body FROM incidents WHERE id = ?",
                                             [&found](incidents::Incident i) { found = std::move(i); }, id);
  if (!read) return fail(std::move(read.error()));
  if (!found) return fail(ErrorKind::not_found, fmt::format("no incident {}", id));
  return std::move(*found);
}

Result<std::vector<rules::Firing>> Store::firings(const FiringRange& range) {
  const std::lock_guard lock(*mutex_);
  std::vector<rules::Firing> found;
  auto read = read_rows<rules::Firing>(
      *database_, "firings", "SELECT body FROM firings WHERE opened >= ? AND opened < ? AND (?3 IS NULL OR rule = ?3) ORDER BY opened DESC, id LIMIT ?4",
      [&found](rules::Firing f) { found.push_back(std::move(f)); }, range.from ? stored(*range.from) : INT64_MIN, range.to ? stored(*range.to) : INT64_MAX,
      range.rule, static_cast<int64_t>(range.limit));
  if (!read) return fail(std::move(read.error()));
  return found;
}

Result<std::vector<metrics::SurveySum>> Store::surveys(Time from, Time to) {
  const std::lock_guard lock(*mutex_);
  std::vector<metrics::SurveySum> found;
  auto read = read_rows<metrics::SurveySum>(*database_, "surveys", "SELECT body FROM surveys WHERE start >= ? AND start < ? ORDER BY start, queue, question, low, high",
                                            [&found](metrics::SurveySum s) { found.push_back(std::move(s)); }, stored(from), stored(to));
  if (!read) return fail(std::move(read.error()));
  return found;
}

Result<std::vector<metrics::VoiceSum>> Store::voice(Time from, Time to) {
  const std::lock_guard lock(*mutex_);
  std::vector<metrics::VoiceSum> found;
  auto read = read_rows<metrics::VoiceSum>(*database_, "voice", "SELECT body FROM voice WHERE start >= ? AND start < ? ORDER BY start, queue",
                                           [&found](metrics::VoiceSum v) { found.push_back(std::move(v)); }, stored(from), stored(to));
  if (!read) return fail(std::move(read.error()));
  return found;
}

}  // namespace hf::store
