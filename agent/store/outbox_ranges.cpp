#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "agent/store/outbox.hpp"

namespace hf::store {

std::string ranges_text(const Ranges& ranges) {
  std::string out;
  for (const auto& [first, last] : ranges) out += fmt::format("{}{}-{}", out.empty() ? "" : " ", first, last);
  return out;
}

Result<Ranges> ranges_from(std::string_view text) {
  Ranges out;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    SequenceRange r;
    const auto first = std::from_chars(at, end, r.first);
    if (first.ec != std::errc() || first.ptr == end || *first.ptr != '-')
      return fail(ErrorKind::corrupt, "a list of sequences in the outbox is damaged");
    const auto last = std::from_chars(first.ptr + 1, end, r.second);
    if (last.ec != std::errc() || r.second < r.first || (last.ptr != end && *last.ptr != ' '))
      return fail(ErrorKind::corrupt, "a list of sequences in the outbox is damaged");
    out.push_back(r);
    at = last.ptr == end ? end : last.ptr + 1;
  }
  return out;
}

Ranges joined(Ranges ranges) {
  std::ranges::sort(ranges);
  Ranges out;
  for (const auto& r : ranges) {
    if (!out.empty() && r.first <= out.back().second + 1)
      out.back().second = std::max(out.back().second, r.second);
    else
      out.push_back(r);
  }
  return out;
}

}  // namespace hf::store
