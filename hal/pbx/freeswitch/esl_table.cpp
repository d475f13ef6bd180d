#include "hal/pbx/freeswitch/esl_table.hpp"

#include <algorithm>

namespace hf::pbx {

namespace {

constexpr size_t kMaxCells = 200;
constexpr std::string_view kEnd = "+OK";

void split(std::string_view line, std::vector<std::string_view>& cells) {
  cells.clear();
  while (cells.size() < kMaxCells) {
    const size_t bar = line.find('|');
    cells.push_back(line.substr(0, bar));
    if (bar == line.npos) return;
    line.remove_prefix(bar + 1);
  }
}

}  // namespace

EslTable::EslTable(std::string_view text, std::string_view free_column) : rest_(text) {
  const std::string_view head = line();
  if (head == kEnd) {
    good_ = true;
    rest_ = {};
  } else if (head.find('|') != head.npos && !head.starts_with('-')) {
    good_ = true;
    split(head, columns_);
    free_ = column(free_column);
  }
}

std::string_view EslTable::line() {
  const size_t end = rest_.find('\n');
  std::string_view found = rest_.substr(0, end);
  rest_ = end == rest_.npos ? std::string_view{} : rest_.substr(end + 1);
  if (found.ends_with('\r')) found.remove_suffix(1);
  return found;
}

size_t EslTable::column(std::string_view name) const {
  return static_cast<size_t>(std::ranges::find(columns_, name) - columns_.begin());
}

bool EslTable::has(std::string_view name) const { return column(name) < columns_.size(); }

bool EslTable::next() {
  while (good_ && !rest_.empty()) {
    const std::string_view row = line();
    if (row == kEnd) rest_ = {};
    if (row.empty() || row == kEnd) continue;
    split(row, cells_);
    if (cells_.size() >= columns_.size()) return true;
  }
  return false;
}

std::string_view EslTable::operator[](std::string_view name) const {
  const size_t at = column(name), over = cells_.size() - columns_.size();
  if (at >= columns_.size()) return {};
  if (at < free_) return cells_[at];
  if (at > free_) return cells_[at + over];
  const char* begin = cells_[at].data();
  const std::string_view last = cells_[at + over];
  return {begin, static_cast<size_t>(last.data() + last.size() - begin)};
}

}  // namespace hf::pbx
