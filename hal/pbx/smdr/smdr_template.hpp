// How one kind of PBX prints its call records (SMDR): which column says what. Types only; agent/settings reads them from config/smdr-templates.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace hf::pbx {

// What a column can say. start/end/answered_at: date and time together, or in two columns. ring: first arrival to the answer, or to the end when
// nobody answered. total: all of the call. talk: from the answer to the end. call: an id that joins the records of one call.
enum class SmdrField : uint8_t { start, start_date, start_time, answered_at, end, end_date, end_time, ring, queue_wait, talk, total, hold, park, caller, dialled, queue, device, name, direction, internal, call, continues };
inline constexpr size_t kSmdrFields = 22;
// As templates and complaints write them.
inline constexpr std::array<std::string_view, kSmdrFields> kSmdrFieldNames = {"start", "start_date", "start_time", "answered_at", "end", "end_date", "end_time", "ring", "queue_wait", "talk", "total",
                                                                              "hold", "park", "caller", "dialled", "queue", "device", "name", "direction", "internal", "call", "continues"};

struct SmdrColumn {
  uint32_t at = 0;     // separated lines: the column's number; fixed ones: the place of its first sign. From 1; 0 = this PBX does not tell it
  uint32_t width = 0;  // fixed lines only
};

enum class DateOrder : uint8_t { ymd, dmy, mdy };

struct SmdrTemplate {
  std::string id, label;       // "avaya-ip-office", "Avaya IP Office"
  std::string document;        // where the columns come from
  bool real_capture = false;   // whether records of a real PBX have passed through it
  std::string separator;       // one sign; empty: columns of fixed width
  std::string skip;            // lines that begin with one of these are no records; '|' between them
  std::string continued;       // lines that begin with one of these belong to the record above (smdr_records.hpp); '|' between them
  DateOrder date_order{};
  std::array<SmdrColumn, kSmdrFields> columns{};
  std::string inbound;         // values of `direction` that mean a call from outside, '|' between them; a column may begin with it. Empty: every call
  std::string is_internal;     // values of `internal` that mean a call between extensions
  std::string more;            // value of `continues`: another record of this call will come
  std::string caller_after;    // the caller's number stands behind this mark in its column

  const SmdrColumn& column(SmdrField field) const { return columns[static_cast<size_t>(field)]; }
  bool has(SmdrField field) const { return column(field).at > 0; }
};

}  // namespace hf::pbx
