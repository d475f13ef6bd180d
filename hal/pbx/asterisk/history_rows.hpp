// Rows of the tables that an Asterisk keeps: call records (CDR), channel events (CEL) and the queue_log as a table. In: records of a CSV file. Out:
// rows with times in UTC. See README.md for where each table comes from. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hal/pbx/call_event.hpp"
#include "hal/platform/siphash.hpp"

namespace hf::pbx {

enum class TableKind : uint8_t { none, cdr, cel, queue_log };

// Where in a record each column stands.
enum class Column : uint8_t {
  time, end, duration, billed, answered, id, linked, source, dialled, line, context, channel, peer, application, data, kind, extra, queue, agent,
  data1, data2, data3, data4, data5, count
};
struct TableShape {
  TableKind kind = TableKind::none;
  bool header = false;
  std::array<int16_t, static_cast<size_t>(Column::count)> at{};  // -1: the table has no such column
};
// From the first record: its column names, else the shape of Asterisk's own files without a header (Master.csv of cdr_csv and of cel_custom as
// Asterisk's sample has it). kind none when it is no such table.
TableShape table_shape(const std::vector<std::string>& first);

struct CdrRow {
  Time start{}, end{};
  std::optional<Time> answer;
  std::string id, linked, line, context, channel, peer, application, data;
  CallerKey caller = 0;
  bool answered = false;  // the disposition
};

enum class CelKind : uint8_t { other, channel_start, answer, app_start, app_end, bridge_enter, bridge_exit, blind_transfer, attended_transfer, hangup };
struct CelRow {
  Time at{};
  CelKind kind{};
  std::string id, linked, line, context, channel, application, data, peer;
  std::string bridge, hung_up_by, transferee;  // from the extra column
  std::optional<uint16_t> cause;
  CallerKey caller = 0;
};

// How the tables' clock differs from UTC. They print local time and no zone, but a channel's unique id begins with the second in which the channel
// began, in UTC: the difference is the zone, with summer time. Ids of another form leave it as it was, at first zero.
class TableClock {
 public:
  // `printed`: when a channel began, as the table prints it.
  void learn(Time printed, std::string_view id);
  Time utc(Time printed) const { return printed - offset_; }
  bool learnt() const { return learnt_; }

 private:
  Duration offset_{}, other_{};
  uint32_t others_ = 0;  // how often in a row another zone was seen
  bool learnt_ = false;
};

// "2026-11-22 00:11:22[.310028]" as if it were UTC, or Unix seconds; from 1971 on. Nothing for anything else.
std::optional<Time> printed_time(std::string_view text);

// False when the record is no row of such a table; `problem` then says why.
bool read_cdr(const TableShape& shape, const std::vector<std::string>& record, const SipKey& key, TableClock& clock, CdrRow& row, std::string& problem);
bool read_cel(const TableShape& shape, const std::vector<std::string>& record, const SipKey& key, TableClock& clock, CelRow& row, std::string& problem);
// The line that stands in the queue_log file; its time may be Unix seconds or printed (then `clock` tells the zone).
bool read_queue_log_row(const TableShape& shape, const std::vector<std::string>& record, const TableClock& clock, std::string& line, std::string& problem);

}  // namespace hf::pbx
