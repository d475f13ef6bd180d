// A batch from a site, message by message, in one transaction.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "agent/wire/encode.hpp"
#include "hal/net/digest.hpp"
#include "hal/platform/archive.hpp"
#include "hal/platform/log.hpp"
#include "hq/store.hpp"

namespace hf::hq {
namespace {

using sqlite::Blob;
using sqlite::Statement;

// So many sequences below the floor can still be told apart from their repeats with other bytes; older ones are taken
// for repeats.
constexpr uint64_t kDigestsKept = 2000;

int64_t microseconds(Time t) { return t.time_since_epoch().count(); }
int64_t number(uint64_t n) { return static_cast<int64_t>(n); }

std::string digest_of(std::string_view line) {
  const net::Sha256 digest = net::sha256(line);
  return std::string(digest.begin(), digest.end());
}

int64_t packed(const std::array<uint16_t, 3>& version) {
  return int64_t{version[0]} << 32 | int64_t{version[1]} << 16 | int64_t{version[2]};
}

}  // namespace

Result<Store::Stream> Store::load_stream(const std::string& site, const wire::Head& head) {
  auto query = db_.prepare("SELECT handled, newest FROM streams WHERE site = ? AND epoch = ?");
  if (!query) return fail(std::move(query.error()));
  Stream stream{site, head.epoch, {}, 0, {}, false};
  bool readable = true;
  auto done = query->each(
      [&stream, &readable](const Statement& row) {
        readable = from_bytes(row.blob(0), stream.handled);
        stream.newest = static_cast<uint64_t>(row.integer(1));
      },
      site, number(head.epoch));
  if (!done) return fail(std::move(done.error()));
  if (!readable) return fail(ErrorKind::corrupt, fmt::format("{}: the table streams holds damaged bytes", db_.file()));
  stream.newest = std::max(stream.newest, head.newest);
  return stream;
}

Status Store::save_stream(const Stream& s, uint64_t old_floor, const wire::Head& head, Time now) {
  auto saved = db_.run(
      "INSERT INTO streams (site, epoch, handled, newest, last_contact) VALUES (?, ?, ?, ?, ?) ON CONFLICT (site, "
      "epoch) DO"
      " UPDATE SET handled = excluded.handled, newest = excluded.newest, last_contact = excluded.last_contact",
      s.site, number(s.epoch), Blob{to_bytes(s.handled)}, number(s.newest), microseconds(now));
  if (!saved) return saved;
  if (const uint64_t floor = s.handled.floor(); floor > old_floor) {
    auto raised = db_.run(
        "UPDATE streams SET complete_until = nullif(max(ifnull(complete_until, 0), ifnull((SELECT max(data_end) FROM "
        "received r"
        " WHERE r.site = streams.site AND r.epoch = streams.epoch AND sequence BETWEEN ? AND ?), 0)), 0)"
        " WHERE site = ? AND epoch = ?",
        number(old_floor + 1), number(floor), s.site, number(s.epoch));
    if (!raised) return raised;
    auto tidied = db_.run("DELETE FROM received WHERE site = ? AND epoch = ? AND sequence < ?", s.site, number(s.epoch),
                          number(floor > kDigestsKept ? floor - kDigestsKept : 0));
    if (!tidied) return tidied;
  }
  return db_.run(
      "UPDATE sites SET last_contact = ?, agent = ?, newest_data = nullif(max(ifnull(newest_data, 0), ?), 0) WHERE "
      "site = ?",
      microseconds(now), packed(head.agent), microseconds(s.newest_data), s.site);
}

Status Store::refuse(const Stream& stream, uint64_t sequence, wire::RefusedReason why, Time now, wire::Answer& answer) {
  answer.refused.push_back({sequence, why});
  log_warning("ingest", "site {}: message {} refused: {}", stream.site, sequence, to_string(why));
  return db_.run("INSERT INTO refused (site, epoch, sequence, why, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", stream.site, number(stream.epoch),
                 number(sequence), static_cast<int64_t>(why), microseconds(now));
}

Result<bool> Store::same_bytes(const Stream& stream, uint64_t sequence, std::string_view digest) {
  auto query = db_.prepare("SELECT digest FROM received WHERE site = ? AND epoch = ? AND sequence = ?");
  if (!query) return fail(std::move(query.error()));
  bool same = true;  // replaced, or too old to compare
  auto done = query->each([&same, digest](const Statement& row) { same = row.blob(0) == digest; }, stream.site,
                          number(stream.epoch), number(sequence));
  if (!done) return fail(std::move(done.error()));
  return same;
}

Status Store::take_line(Stream& stream, std::string_view line, Time now, wire::Answer& answer,
                        std::vector<uint64_t>& acked) {
  const auto sequence = wire::sequence_of(line);
  if (!sequence) return fail(sequence.error());
  const std::string digest = digest_of(line);
  if (stream.handled.contains(*sequence)) {
    const auto same = same_bytes(stream, *sequence, digest);
    if (!same) return fail(same.error());
    if (!*same) return refuse(stream, *sequence, wire::RefusedReason::other_bytes, now, answer);
    acked.push_back(*sequence);
    return {};
  }
  const auto message = wire::decode(line);
  if (!message) return refuse(stream, *sequence, wire::RefusedReason::invalid, now, answer);
  const auto data_end = apply(stream, *message, now, answer.ignored);
  if (!data_end) return fail(data_end.error());
  for (const auto& [first, last] : message->replaces) stream.handled.add(first, last);
  stream.handled.add(*sequence, *sequence);
  stream.newest = std::max(stream.newest, *sequence);
  stream.newest_data = std::max(stream.newest_data, *data_end);
  stream.fresh = true;
  acked.push_back(*sequence);
  return db_.run("INSERT INTO received (site, epoch, sequence, digest, data_end) VALUES (?, ?, ?, ?, ?)", stream.site, number(stream.epoch), number(*sequence),
                 Blob{digest}, microseconds(*data_end));
}

Result<wire::Answer> Store::take(const std::string& site, const wire::Head& head,
                                 const std::vector<std::string_view>& lines, Time now) {
  wire::Answer answer;
  bool fresh = false;
  auto done = db_.transaction([&]() -> Status {
    auto stream = load_stream(site, head);
    if (!stream) return fail(std::move(stream.error()));
    const uint64_t old_floor = stream->handled.floor();
    std::vector<uint64_t> acked;
    for (const auto line : lines)
      if (auto taken = take_line(*stream, line, now, answer, acked); !taken) return taken;
    answer.acked = wire::ranges_of(std::move(acked));
    fresh = stream->fresh;
    return save_stream(*stream, old_floor, head, now);
  });
  if (!done) return fail(std::move(done.error()));
  if (fresh) ++revision_;
  return answer;
}

// Returns the end of the newest minute in the message; the epoch of time for what holds none.
Result<Time> Store::apply(Stream& stream, const wire::Message& message, Time now, uint32_t& ignored) {
  if (const auto* minutes = std::get_if<wire::Minutes>(&message.body))
    return apply_minutes(stream.site, *minutes, ignored);
  Status done;
  if (const auto* incident = std::get_if<wire::Incident>(&message.body))
    done = apply_incident(stream.site, *incident, now);
  else if (const auto* labels = std::get_if<wire::Labels>(&message.body))
    done = apply_labels(stream, message.sequence, *labels);
  else if (const auto* gap = std::get_if<wire::Gap>(&message.body))
    done = apply_gap(stream, message, *gap);
  else if (const auto* surveys = std::get_if<wire::Surveys>(&message.body))
    done = apply_surveys(stream.site, *surveys);
  else
    ++ignored;
  if (!done) return fail(std::move(done.error()));
  return Time{};
}

Status Store::apply_incident(const std::string& site, const wire::Incident& i, Time now) {
  const auto body = wire::encode(i);
  if (!body) return fail(body.error());
  std::optional<int64_t> closed, wait;
  if (i.closed) closed = microseconds(*i.closed);
  if (i.imposed_wait) wait = i.imposed_wait->count();
  return db_.run(
      "INSERT INTO incidents (site, id, revision, kind, onset, closed, imposed_wait, received, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (site, id) DO UPDATE SET revision = "
      "excluded.revision,"
      " kind = excluded.kind, onset = excluded.onset, closed = excluded.closed, imposed_wait = excluded.imposed_wait,"
      " body = excluded.body WHERE excluded.revision > incidents.revision",
      site, number(i.id.value), i.revision, static_cast<int64_t>(i.kind), microseconds(i.onset), closed, wait,
      microseconds(now), *body);
}

Status Store::apply_labels(const Stream& stream, uint64_t sequence, const wire::Labels& labels) {
  auto taken = db_.run(
      "UPDATE sites SET labels_epoch = ?1, labels_sequence = ?2 WHERE site = ?3 AND (labels_epoch <> ?1 OR "
      "labels_sequence < ?2)",
      number(stream.epoch), number(sequence), stream.site);
  if (!taken || db_.changes() == 0) return taken;  // an older table, late
  if (auto cleared = db_.run("DELETE FROM labels WHERE site = ?", stream.site); !cleared) return cleared;
  for (const auto& label : labels.labels) {
    auto stored = db_.run("INSERT INTO labels (site, scope, id, label) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET label = excluded.label",
                          stream.site, static_cast<int64_t>(label.scope), number(label.id.value), label.text);
    if (!stored) return stored;
  }
  return {};
}

Status Store::apply_gap(const Stream& stream, const wire::Message& message, const wire::Gap& gap) {
  uint64_t messages = 0;
  for (const auto& [first, last] : message.replaces) messages += last - first + 1;
  return db_.run("INSERT INTO gaps (site, epoch, sequence, why, from_time, to_time, messages) VALUES (?, ?, ?, ?, ?, ?, ?)", stream.site, number(stream.epoch),
                 number(message.sequence), static_cast<int64_t>(gap.why), microseconds(gap.from), microseconds(gap.to),
                 number(messages));
}

}  // namespace hf::hq
