#include "hal/pbx/asterisk/history_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>

#include "hal/pbx/live_session.hpp"
#include "hal/pbx/pbx_text.hpp"

namespace hf::pbx {

namespace {

using C = Column;
constexpr Duration kLongest = std::chrono::hours(48);

struct Record {
  const TableShape& shape;
  const std::vector<std::string>& fields;
  std::string_view operator[](Column c) const {
    const int16_t at = shape.at[static_cast<size_t>(c)];
    return at < 0 || static_cast<size_t>(at) >= fields.size() ? std::string_view{} : std::string_view(fields[static_cast<size_t>(at)]);
  }
  std::string text(Column c) const { return clean_text((*this)[c]); }
};

Duration seconds_of(std::string_view text) { return std::min(to_seconds(text).value_or(Duration{}), kLongest); }

struct KindName {
  std::string_view name;
  CelKind kind;
};
constexpr auto kKinds = std::to_array<KindName>({
    {"ANSWER", CelKind::answer},
    {"APP_END", CelKind::app_end},
    {"APP_START", CelKind::app_start},
    {"ATTENDEDTRANSFER", CelKind::attended_transfer},
    {"BLINDTRANSFER", CelKind::blind_transfer},
    {"BRIDGE_ENTER", CelKind::bridge_enter},
    {"BRIDGE_EXIT", CelKind::bridge_exit},
    {"CHAN_START", CelKind::channel_start},
    {"HANGUP", CelKind::hangup},
});

CelKind cel_kind(std::string_view name) {
  const auto* const found = std::ranges::find(kKinds, name, &KindName::name);
  return found == kKinds.end() ? CelKind::other : found->kind;
}

// The extra column is one JSON object; what cannot be read tells nothing.
void read_extra(std::string_view text, CelRow& row) {
  boost::system::error_code bad;
  const auto value = boost::json::parse(text, bad);
  const auto* const object = bad ? nullptr : value.if_object();
  if (object == nullptr) return;
  const auto string = [&](std::string_view name) {
    const auto* const found = object->if_contains(name);
    return found != nullptr && found->is_string() ? clean_text(found->get_string()) : std::string{};
  };
  row.bridge = string("bridge_id"), row.hung_up_by = string("hangupsource"), row.transferee = string("transferee_channel_uniqueid");
  const auto* const cause = object->if_contains("hangupcause");
  if (cause != nullptr && cause->is_int64() && cause->get_int64() >= 0 && cause->get_int64() < 1000) row.cause = static_cast<uint16_t>(cause->get_int64());
}

}  // namespace

bool read_cdr(const TableShape& shape, const std::vector<std::string>& record, const SipKey& key, TableClock& clock, CdrRow& row, std::string& problem) {
  const Record r{shape, record};
  const auto start = printed_time(r[C::time]);
  if (!start || r[C::id].empty()) {
    problem = start ? "no unique id (cdr.conf needs loguniqueid=yes)" : fmt::format("\"{}\" is no time", shown(r[C::time]));
    return false;
  }
  row = {};
  row.id = r.text(C::id), row.linked = r.text(C::linked), row.context = r.text(C::context);
  clock.learn(*start, row.id);
  row.start = clock.utc(*start), row.end = row.start + seconds_of(r[C::duration]);
  if (const auto end = printed_time(r[C::end]); end && clock.utc(*end) > row.end) row.end = std::min(clock.utc(*end), row.end + std::chrono::seconds(1));
  row.answered = r[C::answered] == "ANSWERED";
  if (row.answered) row.answer = row.end - std::min(seconds_of(r[C::billed]), row.end - row.start);
  row.line = r.text(C::line).empty() ? r.text(C::dialled) : r.text(C::line);
  row.channel = r.text(C::channel), row.peer = r.text(C::peer), row.application = r.text(C::application), row.data = r.text(C::data);
  row.caller = caller_key(key, r[C::source]);
  return true;
}

bool read_cel(const TableShape& shape, const std::vector<std::string>& record, const SipKey& key, TableClock& clock, CelRow& row, std::string& problem) {
  const Record r{shape, record};
  const auto at = printed_time(r[C::time]);
  if (!at || r[C::id].empty()) {
    problem = at ? "no unique id" : fmt::format("\"{}\" is no time", shown(r[C::time]));
    return false;
  }
  row = {};
  row.kind = cel_kind(r[C::kind]), row.id = r.text(C::id), row.linked = r.text(C::linked);
  if (row.kind == CelKind::channel_start) clock.learn(*at, row.id);
  row.at = clock.utc(*at);
  row.line = r.text(C::dialled), row.context = r.text(C::context), row.channel = r.text(C::channel);
  row.application = r.text(C::application), row.data = r.text(C::data), row.peer = r.text(C::peer);
  row.caller = caller_key(key, r[C::source]);
  read_extra(r[C::extra], row);
  return true;
}

bool read_queue_log_row(const TableShape& shape, const std::vector<std::string>& record, const TableClock& clock, std::string& line, std::string& problem) {
  const Record r{shape, record};
  const auto unix = to_time(r[C::time]);
  const auto printed = unix ? std::nullopt : printed_time(r[C::time]);
  if (!unix && !printed) {
    problem = fmt::format("\"{}\" is no time", shown(r[C::time]));
    return false;
  }
  line = fmt::format("{:.6f}|{}|{}|{}|{}", unix_seconds(unix ? *unix : clock.utc(*printed)), r[C::id], r[C::queue], r[C::agent], r[C::kind]);
  if (shape.at[static_cast<size_t>(C::data1)] < 0)
    line += fmt::format("|{}", r[C::extra]);  // one column with all its data, bars between
  else
    for (const C data : {C::data1, C::data2, C::data3, C::data4, C::data5}) line += fmt::format("|{}", r[data]);
  std::ranges::replace(line, '\n', ' ');
  return true;
}

}  // namespace hf::pbx
