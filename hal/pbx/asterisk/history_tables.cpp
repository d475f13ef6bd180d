// How the tables are told apart, and their clock.
#include <algorithm>
#include <chrono>

#include "hal/pbx/asterisk/history_rows.hpp"
#include "hal/pbx/pbx_text.hpp"

namespace hf::pbx {

namespace {

using C = Column;

struct Known {
  std::string_view name;
  Column column;
};

// Names as cdr_adaptive_odbc, cdr_csv's documentation and FreePBX's database asteriskcdrdb have them.
constexpr auto kCdr = std::to_array<Known>({
    {"calldate", C::time}, {"start", C::time}, {"duration", C::duration}, {"billsec", C::billed}, {"disposition", C::answered}, {"uniqueid", C::id},
    {"linkedid", C::linked}, {"src", C::source}, {"dst", C::dialled}, {"did", C::line}, {"dcontext", C::context}, {"channel", C::channel},
    {"dstchannel", C::peer}, {"lastapp", C::application}, {"lastdata", C::data},
});
constexpr auto kCel = std::to_array<Known>({
    {"eventtype", C::kind}, {"eventtime", C::time}, {"cid_num", C::source}, {"exten", C::dialled}, {"context", C::context}, {"channame", C::channel},
    {"appname", C::application}, {"appdata", C::data}, {"uniqueid", C::id}, {"linkedid", C::linked}, {"peer", C::peer}, {"extra", C::extra},
    {"eventextra", C::extra},
});
constexpr auto kQueueLog = std::to_array<Known>({
    {"time", C::time}, {"callid", C::id}, {"queuename", C::queue}, {"queue", C::queue}, {"agent", C::agent}, {"event", C::kind}, {"verb", C::kind},
    {"data", C::extra}, {"data1", C::data1}, {"data2", C::data2}, {"data3", C::data3}, {"data4", C::data4}, {"data5", C::data5},
});

void place(TableShape& shape, Column column, size_t at) {
  if (auto& there = shape.at[static_cast<size_t>(column)]; there < 0) there = static_cast<int16_t>(at);
}

template <size_t N>
TableShape by_names(TableKind kind, const std::array<Known, N>& known, const std::vector<std::string>& names) {
  TableShape shape{kind, true, {}};
  shape.at.fill(-1);
  for (size_t at = 0; at < names.size() && at < 200; ++at) {
    std::string name = names[at];
    std::ranges::transform(name, name.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    const auto* const found = std::ranges::find(known, name, &Known::name);
    if (found != known.end()) place(shape, found->column, at);
  }
  return shape;
}

bool has(const TableShape& shape, std::initializer_list<Column> columns) {
  return std::ranges::all_of(columns, [&](Column c) { return shape.at[static_cast<size_t>(c)] >= 0; });
}

TableShape by_places(TableKind kind, std::initializer_list<Column> columns) {
  TableShape shape{kind, false, {}};
  shape.at.fill(-1);
  size_t at = 0;
  for (const Column column : columns) {
    if (column != C::count) place(shape, column, at);
    ++at;
  }
  return shape;
}

bool all_caps(std::string_view word) {
  return !word.empty() && std::ranges::all_of(word, [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; });
}

}  // namespace

TableShape table_shape(const std::vector<std::string>& first) {
  if (auto cel = by_names(TableKind::cel, kCel, first); has(cel, {C::kind, C::time, C::id, C::linked, C::channel})) return cel;
  if (auto cdr = by_names(TableKind::cdr, kCdr, first); has(cdr, {C::time, C::duration, C::answered, C::id, C::channel, C::application})) return cdr;
  if (auto log = by_names(TableKind::queue_log, kQueueLog, first); has(log, {C::time, C::id, C::queue, C::agent, C::kind})) return log;
  constexpr C kNone = C::count;
  // cel_custom.conf's sample: type, time, name, num, ANI, RDNIS, DNID, exten, context, channel, app, data, AMA, account, uniqueid, linkedid, peer, user, type, extra.
  if (first.size() >= 16 && all_caps(first[0]) && printed_time(first[1]))
    return by_places(TableKind::cel, {C::kind, C::time, kNone, C::source, kNone, kNone, kNone, C::dialled, C::context, C::channel, C::application, C::data,
                                      kNone, kNone, C::id, C::linked, C::peer, kNone, kNone, C::extra});
  // cdr_csv's Master.csv: account, src, dst, dcontext, clid, channel, dstchannel, lastapp, lastdata, start, answer, end, duration, billsec,
  // disposition, AMA, uniqueid (loguniqueid=yes), userfield (loguserfield=yes). A later version's linkedid would stand behind these.
  if (first.size() >= 16 && printed_time(first[9]) && printed_time(first[11]))
    return by_places(TableKind::cdr, {kNone, C::source, C::dialled, C::context, kNone, C::channel, C::peer, C::application, C::data, C::time, kNone, C::end,
                                      C::duration, C::billed, C::answered, kNone, C::id});
  return {};
}

std::optional<Time> printed_time(std::string_view text) {
  constexpr Time kFirst{std::chrono::sys_days(std::chrono::year(1971) / 1 / 1).time_since_epoch()};
  const auto number = [&](size_t at, size_t length) { return to_number<uint32_t>(text.substr(at, length)); };
  if (text.size() < 19 || text[4] != '-' || text[7] != '-' || (text[10] != ' ' && text[10] != 'T') || text[13] != ':' || text[16] != ':') {
    const auto unix = to_time(text);
    return unix && *unix >= kFirst ? unix : std::nullopt;
  }
  const auto year = number(0, 4), month = number(5, 2), day = number(8, 2), hour = number(11, 2), minute = number(14, 2), second = number(17, 2);
  if (!year || !month || !day || !hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60) return {};
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)), std::chrono::month(*month), std::chrono::day(*day)};
  if (!date.ok() || *year < 1971 || *year > 9998) return {};
  const auto part = text.size() > 19 ? to_seconds(std::string("0") + std::string(text.substr(19))) : Duration{};
  if (!part || *part >= std::chrono::seconds(1)) return {};
  return Time(std::chrono::sys_days(date).time_since_epoch()) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) + std::chrono::seconds(*second) + *part;
}

void TableClock::learn(Time printed, std::string_view id) {
  constexpr auto kStep = std::chrono::minutes(15), kFarthest = std::chrono::minutes(15 * 60);
  constexpr Duration kSlack = std::chrono::seconds(2);
  constexpr uint32_t kSure = 3;
  if (const size_t name = id.rfind('-'); name != id.npos) id.remove_prefix(name + 1);  // "de-01-1795305000.12" where asterisk.conf has a systemname
  const auto began = to_number<int64_t>(id.substr(0, id.find('.')));
  if (!began || *began < 0 || *began > 253'000'000'000) return;
  const Duration off = printed - Time(std::chrono::seconds(*began));
  const auto steps = std::chrono::round<std::chrono::minutes>(off + (off < Duration{} ? -kStep / 2 : kStep / 2)) / kStep;
  const Duration zone = steps * kStep;
  if (zone > kFarthest || zone < -kFarthest || off - zone > kSlack || zone - off > kSlack) return;
  // A row that begins with a later ring may stand a quarter of an hour off by chance: a new zone needs more than one witness.
  if (learnt_ && zone != offset_) {
    others_ = zone == other_ ? others_ + 1 : 1;
    other_ = zone;
    if (others_ < kSure) return;
  }
  offset_ = zone, learnt_ = true, others_ = 0;
}

}  // namespace hf::pbx
