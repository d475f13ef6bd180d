// A table as FreeSWITCH's commands answer: cells joined by '|', the names of the columns first, "+OK" last. An empty
// one is "+OK" alone. Nothing is escaped [1.10.12], so one column may hold bars of its own: the free one.
#pragma once

#include <string_view>
#include <vector>

namespace hf::pbx {

class EslTable {
 public:
  // `free_column`: the one whose cells may hold '|'; the cells behind it are counted from the end of the row.
  EslTable(std::string_view text, std::string_view free_column);

  // False for what is no table: "-ERR ...", "-USAGE ...", nothing.
  bool good() const { return good_; }
  bool has(std::string_view column) const;
  // Moves on to the next row; rows with too few cells are passed over. False at the end.
  [[nodiscard]] bool next();
  // The cell of the present row; empty when there is no such column.
  std::string_view operator[](std::string_view column) const;

 private:
  std::string_view line();
  size_t column(std::string_view name) const;

  std::string_view rest_;
  std::vector<std::string_view> columns_, cells_;
  size_t free_ = 0;
  bool good_ = false;
};

}  // namespace hf::pbx
