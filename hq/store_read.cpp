#include "hq/store.hpp"

namespace hf::hq {
namespace {

using sqlite::Statement;

constexpr size_t kJoinAtMost = 10'000;  // incidents looked at, newest first
constexpr auto kSeenWithin = std::chrono::hours(24 * 30);

Time time_of(int64_t us) { return Time(Duration(us)); }

}  // namespace

Result<std::vector<SiteIncident>> Store::incidents(std::optional<std::string> site, bool open_only, size_t limit) {
  auto query = db_.prepare(
      "SELECT site, received, body FROM incidents WHERE (?1 IS NULL OR site = ?1) AND (?2 = 0 OR closed IS NULL)"
      " ORDER BY onset DESC, site, id LIMIT ?3");
  if (!query) return fail(std::move(query.error()));
  std::vector<SiteIncident> out;
  auto done = query->each(
      [&out](const Statement& row) {
        auto body = wire::decode_body(row.text(2));
        auto* incident = body ? std::get_if<wire::Incident>(&*body) : nullptr;
        if (incident != nullptr)
          out.push_back({std::string(row.text(0)), std::move(*incident), time_of(row.integer(1))});
      },
      site, open_only ? 1 : 0, static_cast<int64_t>(limit));
  if (!done) return fail(std::move(done.error()));
  return out;
}

Result<std::vector<HqIncident>> Store::hq_incidents() {
  auto all = incidents(std::nullopt, false, kJoinAtMost);
  if (!all) return fail(std::move(all.error()));
  return join_incidents(std::move(*all));
}

Result<LabelTable> Store::labels(std::string_view site) {
  auto query = db_.prepare("SELECT scope, id, label FROM labels WHERE site = ?");
  if (!query) return fail(std::move(query.error()));
  LabelTable out;
  auto done = query->each(
      [&out](const Statement& row) {
        out[{static_cast<wire::Scope>(row.integer(0)), wire::Id{static_cast<uint64_t>(row.integer(1))}}] = row.text(2);
      },
      site);
  if (!done) return fail(std::move(done.error()));
  return out;
}

Result<std::vector<NamedId>> Store::seen(std::string_view site) {
  auto query = db_.prepare(
      "SELECT scope, id FROM minutes WHERE site = ?1 GROUP BY scope, id"
      " HAVING max(start) >= (SELECT ifnull(newest_data, 0) FROM sites WHERE site = ?1) - ?2 LIMIT 2000");
  if (!query) return fail(std::move(query.error()));
  std::vector<NamedId> out;
  auto done = query->each(
      [&out](const Statement& row) {
        out.push_back({static_cast<wire::Scope>(row.integer(0)), wire::Id{static_cast<uint64_t>(row.integer(1))}});
      },
      site, std::chrono::duration_cast<Duration>(kSeenWithin).count());
  if (!done) return fail(std::move(done.error()));
  return out;
}

Result<std::vector<GapRow>> Store::gaps(std::string_view site) {
  auto query =
      db_.prepare("SELECT why, from_time, to_time, messages FROM gaps WHERE site = ? ORDER BY to_time DESC LIMIT 100");
  if (!query) return fail(std::move(query.error()));
  std::vector<GapRow> out;
  auto done = query->each(
      [&out](const Statement& row) {
        out.push_back({static_cast<wire::GapReason>(row.integer(0)), time_of(row.integer(1)), time_of(row.integer(2)),
                       static_cast<uint64_t>(row.integer(3))});
      },
      site);
  if (!done) return fail(std::move(done.error()));
  return out;
}

Result<std::vector<RefusedRow>> Store::refused(std::string_view site) {
  auto query = db_.prepare("SELECT at, epoch, sequence, why FROM refused WHERE site = ? ORDER BY at DESC LIMIT 100");
  if (!query) return fail(std::move(query.error()));
  std::vector<RefusedRow> out;
  auto done = query->each(
      [&out](const Statement& row) {
        out.push_back({time_of(row.integer(0)), static_cast<uint64_t>(row.integer(1)),
                       static_cast<uint64_t>(row.integer(2)), static_cast<wire::RefusedReason>(row.integer(3))});
      },
      site);
  if (!done) return fail(std::move(done.error()));
  return out;
}

}  // namespace hf::hq
