// The table of minutes: revisions replace, coarser summaries take the place of finer ones, and no minute is counted
// twice.
#include <algorithm>

#include "hal/platform/archive.hpp"
#include "hq/store.hpp"

namespace hf::hq {
namespace {

using sqlite::Blob;
using sqlite::Statement;

constexpr auto kHour = std::chrono::hours(1);

int64_t microseconds(Time t) { return t.time_since_epoch().count(); }
int64_t number(uint64_t n) { return static_cast<int64_t>(n); }

Time hour_of(Time t) { return Time(t.time_since_epoch() / kHour * kHour); }

// The minutes of an hour that a summary is made of, a bit each.
uint64_t mask(Time start, uint64_t cover) {
  return cover << std::chrono::duration_cast<std::chrono::minutes>(start - hour_of(start)).count();
}

struct Present {
  Time start{};
  uint32_t span = 0;
  uint64_t cover = 0;
  uint32_t revision = 0;
  uint64_t bits() const { return mask(start, cover); }
};

enum class Verdict : uint8_t { insert, older, closed };

// May `s` stand beside or in place of what is there? `outdated` gets what it takes the place of.
Verdict judge(const wire::Summary& s, const std::vector<Present>& there, std::vector<Present>& outdated) {
  const uint64_t bits = mask(s.start, s.cover);
  const uint32_t span = minutes_of(s.span);
  for (const auto& p : there) {
    if ((p.bits() & bits) == 0) continue;
    if (p.span == 1 && span == 1) {
      if (p.revision >= s.revision) return Verdict::older;
    } else if (p.span > span || (p.bits() & ~bits) != 0) {
      return Verdict::closed;
    }
    outdated.push_back(p);
  }
  return Verdict::insert;
}

std::optional<int64_t> count_of(const std::optional<Duration>& d) {
  if (!d) return std::nullopt;
  return d->count();
}

struct Histograms {
  wire::Bins answered, abandoned, holds;
  template <class A>
  void fields(A& a) {
    a("answered", answered), a("abandoned", abandoned), a("holds", holds);
  }
};

std::optional<Duration> duration_or_unset(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return Duration(row.integer(column));
}

uint32_t count(const Statement& row, int column) { return static_cast<uint32_t>(row.integer(column)); }

metrics::Minute minute_of(const Statement& row) {
  metrics::Minute m;
  m.start = Time(Duration(row.integer(0))), m.span_minutes = count(row, 1), m.revision = count(row, 2);
  m.observed_seconds = count(row, 3), m.offered = count(row, 4), m.answered = count(row, 5),
  m.abandoned = count(row, 6);
  m.short_abandoned = count(row, 7), m.timeout = count(row, 8), m.exit_key = count(row, 9), m.refused = count(row, 10);
  m.lost = count(row, 11), m.answered_within = count(row, 12), m.abandoned_within = count(row, 13);
  m.service_level = Duration(row.integer(14)), m.answered_wait = Duration(row.integer(15));
  m.abandoned_wait = Duration(row.integer(16)), m.hold = Duration(row.integer(17)), m.talk = Duration(row.integer(18));
  m.longest_wait = Duration(row.integer(19)), m.waiting = Duration(row.integer(20));
  m.staffed = duration_or_unset(row, 21), m.busy = duration_or_unset(row, 22), m.free = duration_or_unset(row, 23);
  m.avoidable_wait = duration_or_unset(row, 24);
  Histograms h;
  if (from_bytes(row.blob(25), h)) {
    m.answered_waits.bins = wire::dense(h.answered);
    m.abandoned_waits.bins = wire::dense(h.abandoned);
    m.holds.bins = wire::dense(h.holds);
  }
  return m;
}

}  // namespace

Result<Time> Store::apply_minutes(const std::string& site, const wire::Minutes& minutes, uint32_t& ignored) {
  Time newest{};
  for (const auto& s : minutes.sums) {
    if (auto done = apply_summary(site, s, ignored); !done) return fail(std::move(done.error()));
    newest = std::max(newest, s.start + std::chrono::minutes(minutes_of(s.span)));
  }
  return newest;
}

Status Store::apply_summary(const std::string& site, const wire::Summary& s, uint32_t& ignored) {
  auto query = db_.prepare(
      "SELECT start, span, cover, revision FROM minutes WHERE site = ? AND scope = ? AND id = ? AND start BETWEEN ? "
      "AND ?");
  if (!query) return fail(std::move(query.error()));
  std::vector<Present> there, outdated;
  const Time hour = hour_of(s.start);
  auto read = query->each(
      [&there](const Statement& row) {
        there.push_back(
            {Time(Duration(row.integer(0))), count(row, 1), static_cast<uint64_t>(row.integer(2)), count(row, 3)});
      },
      site, static_cast<int64_t>(s.scope), number(s.id.value), microseconds(hour), microseconds(hour + kHour) - 1);
  if (!read) return read;
  const Verdict verdict = judge(s, there, outdated);
  if (verdict == Verdict::closed) ++ignored;
  if (verdict != Verdict::insert) return {};
  for (const auto& p : outdated) {
    auto removed = db_.run(
        "DELETE FROM minutes WHERE site = ? AND scope = ? AND id = ? AND start = ? AND span = ? AND cover = ?", site,
        static_cast<int64_t>(s.scope), number(s.id.value), microseconds(p.start), p.span, number(p.cover));
    if (!removed) return removed;
  }
  return insert_summary(site, s);
}

Status Store::insert_summary(const std::string& site, const wire::Summary& s) {
  const std::string histograms = to_bytes(Histograms{s.answered_waits, s.abandoned_waits, s.holds});
  return db_.run("INSERT INTO minutes (site, scope, id, start, span, cover, revision, observed, offered, answered, abandoned, short_abandoned, timeout, exit_key, refused, lost, answered_within, abandoned_within, service_level, answered_wait, abandoned_wait, hold, talk, longest_wait, waiting, staffed, busy, free, avoidable, histograms) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", site,
                 static_cast<int64_t>(s.scope), number(s.id.value), microseconds(s.start), minutes_of(s.span),
                 number(s.cover), s.revision, s.observed_seconds, s.offered, s.answered, s.abandoned, s.short_abandoned,
                 s.timeout, s.exit_key, s.refused, s.lost, s.answered_within, s.abandoned_within,
                 s.service_level.count(), s.answered_wait.count(), s.abandoned_wait.count(), s.hold.count(),
                 s.talk.count(), s.longest_wait.count(), s.waiting.count(), count_of(s.staffed), count_of(s.busy),
                 count_of(s.free), count_of(s.avoidable_wait), Blob{histograms});
}

Result<std::vector<metrics::Minute>> Store::minutes(const MinutesWanted& wanted) {
  auto query = db_.prepare(
      "SELECT start, span, revision, observed, offered, answered, abandoned, short_abandoned, timeout, exit_key, "
      "refused, lost,"
      " answered_within, abandoned_within, service_level, answered_wait, abandoned_wait, hold, talk, longest_wait, "
      "waiting,"
      " staffed, busy, free, avoidable, histograms FROM minutes"
      " WHERE site = ? AND scope = ? AND id = ? AND start >= ? AND start < ? ORDER BY start");
  if (!query) return fail(std::move(query.error()));
  std::vector<metrics::Minute> out;
  const auto step = std::chrono::duration_cast<Duration>(wanted.step);
  auto done = query->each(
      [&out, step](const Statement& row) {
        metrics::Minute m = minute_of(row);
        const Time start(m.start.time_since_epoch() / step * step);
        if (!out.empty() && out.back().start == start)
          out.back().merge(m);
        else
          out.push_back(std::move(m));
        out.back().start = start;
      },
      wanted.site, static_cast<int64_t>(wanted.what.scope), number(wanted.what.id.value), microseconds(wanted.from),
      microseconds(wanted.to));
  if (!done) return fail(std::move(done.error()));
  return out;
}

}  // namespace hf::hq
