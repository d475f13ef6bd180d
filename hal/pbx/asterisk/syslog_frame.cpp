#include "hal/pbx/asterisk/syslog_frame.hpp"

#include <algorithm>

#include "hal/pbx/pbx_text.hpp"

namespace hf::pbx {

namespace {

constexpr size_t kMaxDigits = 7;

bool digit(char c) { return c >= '0' && c <= '9'; }

// Cuts the next word off; empty at the end.
std::string_view word(std::string_view& rest) {
  const size_t end = rest.find(' ');
  const std::string_view first = rest.substr(0, end);
  rest = end == rest.npos ? std::string_view{} : rest.substr(end + 1);
  return first;
}

// Passes over RFC 5424's structured data: "-" or "[...]" once or more, with "\]" inside.
bool pass_data(std::string_view& rest) {
  if (rest.starts_with('-')) return rest.remove_prefix(1), true;
  if (!rest.starts_with('[')) return false;
  while (rest.starts_with('[')) {
    size_t end = 1;
    while (end < rest.size() && rest[end] != ']') end += rest[end] == '\\' ? 2 : 1;
    if (end >= rest.size()) return false;
    rest.remove_prefix(end + 1);
  }
  return true;
}

std::string_view of_5424(std::string_view rest) {
  for (int i = 0; i < 5; ++i)  // time, host, application, process, kind
    if (word(rest).empty()) return {};
  if (!pass_data(rest) || !rest.starts_with(' ')) return {};
  rest.remove_prefix(1);
  if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);
  return rest;
}

// "Mar  2 10:00:00 host tag[17]: text"; rsyslog can also be told to write an ISO time. The tag ends at ": ".
std::string_view of_3164(std::string_view rest) {
  const size_t tag = rest.find(": ");
  return tag == rest.npos ? std::string_view{} : rest.substr(tag + 2);
}

}  // namespace

std::string_view logged_text(std::string_view message) {
  const size_t end = message.find('>');
  if (!message.starts_with('<') || end == message.npos || end < 2 || end > 4 || !std::all_of(message.begin() + 1, message.begin() + static_cast<std::ptrdiff_t>(end), digit)) return {};
  std::string_view rest = message.substr(end + 1);
  while (!rest.empty() && (rest.back() == '\n' || rest.back() == '\r' || rest.back() == '\0')) rest.remove_suffix(1);
  if (rest.starts_with("1 ")) return of_5424(rest.substr(2));
  return of_3164(rest);
}

// Whether something was done.
bool SyslogFrames::take_counted(std::vector<std::string>& out) {
  const size_t digits = std::min(buffer_.find_first_not_of("0123456789"), buffer_.size());
  if (digits == buffer_.size() && digits <= kMaxDigits) return false;  // more of the number may come
  const auto length = digits <= kMaxDigits && buffer_[digits] == ' ' ? to_number<size_t>(std::string_view(buffer_).substr(0, digits)) : std::nullopt;
  if (!length) return take_line(out);
  if (*length > kMax) {
    ++passed_over_;
    skip_ = digits + 1 + *length;
    return true;
  }
  if (buffer_.size() < digits + 1 + *length) return false;
  out.push_back(buffer_.substr(digits + 1, *length));
  buffer_.erase(0, digits + 1 + *length);
  return true;
}

bool SyslogFrames::take_line(std::vector<std::string>& out) {
  const size_t end = buffer_.find('\n');
  const bool open_end = end == buffer_.npos;
  if (open_end && buffer_.size() < kMax) return false;
  const bool whole = !open_end && end < kMax && !skipping_line_;
  if (!whole && !skipping_line_) ++passed_over_;
  if (whole && end > 0) out.push_back(buffer_.substr(0, end));
  skipping_line_ = open_end;
  buffer_.erase(0, open_end ? buffer_.size() : end + 1);
  return true;
}

void SyslogFrames::feed(std::string_view bytes, std::vector<std::string>& out) {
  buffer_ += bytes;
  for (bool more = true; more && !buffer_.empty();) {
    if (skip_ > 0) {
      const size_t now = std::min(skip_, buffer_.size());
      buffer_.erase(0, now), skip_ -= now;
      continue;
    }
    more = !skipping_line_ && buffer_[0] >= '1' && buffer_[0] <= '9' ? take_counted(out) : take_line(out);
  }
}

}  // namespace hf::pbx
