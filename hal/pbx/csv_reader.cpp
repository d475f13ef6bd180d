#include "hal/pbx/csv_reader.hpp"

#include <algorithm>
#include <array>

namespace hf::pbx {

namespace {

constexpr size_t kMaxRecord = size_t{64} << 10, kMaxLines = 50, kMaxFields = 200;

// One field from the front of `rest`; false when its quote is still open.
bool take_field(std::string_view& rest, char separator, std::string& field) {
  if (rest.empty() || rest.front() != '"') {
    const size_t end = rest.find(separator);
    field.assign(rest.substr(0, end));
    rest.remove_prefix(std::min(end, rest.size()));
    return true;
  }
  for (size_t at = 1; at < rest.size(); ++at) {
    if (rest[at] != '"') {
      field += rest[at];
      continue;
    }
    if (at + 1 < rest.size() && rest[at + 1] == '"') {
      field += '"', ++at;
      continue;
    }
    const size_t end = rest.find(separator, at);  // what stands between the quote and the separator is no part of the field
    rest.remove_prefix(std::min(end, rest.size()));
    return true;
  }
  rest = {};
  return false;
}

}  // namespace

bool split_csv(std::string_view record, char separator, std::vector<std::string>& fields) {
  fields.clear();
  while (fields.size() < kMaxFields) {
    fields.emplace_back();
    if (!take_field(record, separator, fields.back())) return false;
    if (record.empty()) break;
    record.remove_prefix(1);
  }
  return true;
}

char csv_separator(std::string_view first_line) {
  constexpr std::array kSigns = {',', ';', '\t'};
  std::array<size_t, kSigns.size()> seen{};
  bool quoted = false;
  for (const char c : first_line) {
    if (c == '"') quoted = !quoted;
    for (size_t i = 0; i < kSigns.size(); ++i) seen[i] += !quoted && c == kSigns[i] ? 1 : 0;
  }
  return kSigns[static_cast<size_t>(std::ranges::max_element(seen) - seen.begin())];
}

Result<bool> CsvReader::read_line() {
  ++lines_;
  if (!ahead_.empty()) {
    line_ = std::move(ahead_.back());
    ahead_.pop_back();
    return true;
  }
  return file_->line(line_);
}

// The lines that an open quote goes on over; if nothing closes it, they are records of their own.
Status CsvReader::join_lines(std::vector<std::string>& fields) {
  std::vector<std::string> taken;
  std::string joined = record_;
  while (taken.size() < kMaxLines && joined.size() < kMaxRecord) {
    const auto more = read_line();
    if (!more) return fail(more.error());
    if (!*more) break;
    joined += '\n', joined += line_;
    taken.push_back(std::move(line_));
    if (split_csv(joined, separator_, fields)) return {};
  }
  overlong_ = true;
  (void)split_csv(record_, separator_, fields);
  lines_ -= taken.size();
  ahead_.insert(ahead_.end(), std::make_move_iterator(taken.rbegin()), std::make_move_iterator(taken.rend()));
  return {};
}

Result<bool> CsvReader::next(std::vector<std::string>& fields) {
  overlong_ = false;
  do {
    const auto more = read_line();
    if (!more) return fail(more.error());
    if (!*more) return false;
  } while (line_.empty());
  first_line_ = lines_;
  record_ = line_;
  constexpr std::string_view kMark = "\xEF\xBB\xBF";  // Excel's
  if (first_line_ == 1 && record_.starts_with(kMark)) record_.erase(0, kMark.size());
  if (separator_ == '\0') separator_ = csv_separator(record_);
  if (split_csv(record_, separator_, fields)) return true;
  if (auto joined = join_lines(fields); !joined) return fail(std::move(joined.error()));
  return true;
}

}  // namespace hf::pbx
