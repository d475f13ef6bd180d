// What the columns of pasted call records look like. For smdr_assist alone.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hal/pbx/smdr/smdr_template.hpp"

namespace hf::pbx {

enum class ColumnLook : uint8_t { empty, moment, date, clock, duration, number, marked_number, extension, direction, counter, words };

struct PastedColumn {
  SmdrColumn place;
  std::string head;                      // its name in a line of headings, in lower case; empty = none
  std::vector<std::string_view> values;  // trimmed, one a record
  ColumnLook look = ColumnLook::empty;
};

struct PastedTable {
  std::string separator;      // empty: fixed width
  std::vector<std::string> skip;  // beginnings of lines that are no records
  std::vector<PastedColumn> columns;
  size_t records = 0;
};

// The views lie in `lines`.
PastedTable split_pasted(const std::vector<std::string_view>& lines);

// The first sign of a date that tells day, month and year apart.
struct Dates {
  DateOrder order{};
  bool sure = false;
};
Dates date_order_of(const PastedColumn& column);

}  // namespace hf::pbx
