#include "agent/http/head_rules.hpp"

#include <algorithm>
#include <string>

#include "agent/http/http_types.hpp"

namespace hf::http {

namespace {

constexpr int kMaxFields = 100;
constexpr std::string_view kLineEnd = "\r\n";

// RFC 9110, 5.6.2.
bool is_token_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         (c != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos);
}

bool is_token(std::string_view text) { return !text.empty() && std::ranges::all_of(text, is_token_char); }

bool is_value_char(char c) { return c == '\t' || static_cast<unsigned char>(c) >= 0x20; }

bool is_value(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return is_value_char(c) && c != 0x7f; });
}

bool is_length(std::string_view value) {
  while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
  while (!value.empty() && value.back() == ' ') value.remove_suffix(1);
  return !value.empty() && value.size() <= 18 &&
         std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; });
}

const char* broken_request_line(std::string_view line) {
  const size_t first = line.find(' '), last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return "request line";
  const std::string_view version = line.substr(last + 1);
  if (!is_token(line.substr(0, first)) || (version != "HTTP/1.1" && version != "HTTP/1.0")) return "request line";
  const std::string_view target = line.substr(first + 1, last - first - 1);
  const bool fine = std::ranges::all_of(target, [](char c) { return c > 0x20 && c < 0x7f; });
  return fine ? nullptr : "characters in the request target";
}

// Calls `on_field(name, value)` for each field line until it returns a reason or the lines end.
template <class OnField>
const char* each_field(std::string_view head, OnField on_field) {
  head.remove_prefix(std::min(head.find(kLineEnd), head.size() - kLineEnd.size()) + kLineEnd.size());
  while (head.size() > kLineEnd.size()) {
    const size_t end = head.find(kLineEnd);
    if (end == std::string_view::npos) return "line end";
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(end + kLineEnd.size());
    const size_t colon = std::min(line.find(':'), line.size());
    if (const char* why = on_field(line.substr(0, colon), line.substr(std::min(colon + 1, line.size())));
        why != nullptr)
      return why;
    if (colon == line.size()) return "field without a colon";
  }
  return nullptr;
}

}  // namespace

const char* broken_head_rule(std::string_view head) {
  if (head.size() < 2 * kLineEnd.size() || !head.ends_with("\r\n\r\n")) return "end of the head";
  for (size_t i = 0; i < head.size(); ++i) {
    const bool pair = head[i] == '\r' ? i + 1 < head.size() && head[i + 1] == '\n'
                                      : head[i] != '\n' || (i > 0 && head[i - 1] == '\r');
    if (!pair) return "line end";
  }
  if (const char* why = broken_request_line(head.substr(0, head.find(kLineEnd))); why != nullptr) return why;
  int fields = 0, hosts = 0, lengths = 0;
  const char* why = each_field(head, [&](std::string_view name, std::string_view value) -> const char* {
    if (!is_token(name)) return "field name";  // also a folded line and a space before the colon
    if (!is_value(value)) return "control characters in a field";
    hosts += same_header_name(name, "host") ? 1 : 0;
    const bool length = same_header_name(name, "content-length");
    lengths += length ? 1 : 0;
    if (length && !is_length(value)) return "Content-Length";
    return ++fields > kMaxFields ? "too many fields" : nullptr;
  });
  if (why != nullptr) return why;
  if (hosts != 1) return "exactly one Host is needed";
  return lengths > 1 ? "Content-Length twice" : nullptr;
}

bool has_transfer_encoding(std::string_view head) {
  return each_field(head, [](std::string_view name, std::string_view) {
           return same_header_name(name, "transfer-encoding") ? "yes" : nullptr;
         }) != nullptr;
}

}  // namespace hf::http
