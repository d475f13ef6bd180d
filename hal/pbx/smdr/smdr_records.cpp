#include "hal/pbx/smdr/smdr_records.hpp"

#include <algorithm>
#include <utility>

#include "hal/pbx/smdr/smdr_line.hpp"

namespace hf::pbx {

void SmdrRecords::add(std::string_view line) {
  if (lines_ >= kMaxLines) return;
  if (!how_.separator.empty()) held_ += how_.separator;
  else held_.resize(lines_ * kWide, ' ');  // a first line that is longer is cut where the next begins
  held_ += line;
  ++lines_;
}

// A further line without a first one is a record of its own: whoever reads it tells that it is none.
std::optional<std::string> SmdrRecords::take(std::string_view line) {
  if (how_.continued.empty()) return std::string(line);
  if (lines_ > 0 && begins_with_one_of(line, how_.continued)) return add(line), std::nullopt;
  auto before = end();
  held_ = line, lines_ = 1;
  return before;
}

std::optional<std::string> SmdrRecords::end() {
  if (std::exchange(lines_, 0) == 0) return std::nullopt;
  return std::exchange(held_, {});
}

}  // namespace hf::pbx
