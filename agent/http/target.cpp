#include "agent/http/target.hpp"

#include <algorithm>

#include "hal/platform/hex.hpp"
#include "hal/platform/utf8.hpp"

namespace hf::http {

namespace {

std::unexpected<Error> bad(std::string_view why) {
  return fail(ErrorKind::invalid_input, "request target: " + std::string(why));
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

bool is_visible_ascii(char c) { return c > 0x20 && c < 0x7f; }

enum class Plus { literal, space };

Result<std::string> decode(std::string_view text, Plus plus) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i] == '+' && plus == Plus::space ? ' ' : text[i];
      continue;
    }
    const auto byte = from_hex(text.substr(i + 1, 2));
    if (!byte || byte->size() != 1) return bad("a % without two hex digits");
    out += static_cast<char>(byte->front());
    i += 2;
  }
  const bool control = std::ranges::any_of(out, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  if (control || !is_utf8(out)) return bad("control characters, or not UTF-8");
  return out;
}

Status check_segments(std::string_view path) {
  for (std::string_view rest = path.substr(1);;) {
    const size_t end = std::min(rest.find('/'), rest.size());
    const std::string_view segment = rest.substr(0, end);
    const bool last = end == rest.size();
    if (segment == "." || segment == ".." || (segment.empty() && !last))
      return bad("a path with empty or dot segments");
    if (last) return {};
    rest.remove_prefix(end + 1);
  }
}

Status add_parameter(std::string_view pair, std::map<std::string, std::string>& query) {
  const size_t equals = std::min(pair.find('='), pair.size());
  auto name = decode(pair.substr(0, equals), Plus::space);
  if (!name) return fail(std::move(name.error()));
  auto value = decode(pair.substr(std::min(equals + 1, pair.size())), Plus::space);
  if (!value) return fail(std::move(value.error()));
  if (!query.emplace(std::move(*name), std::move(*value)).second) return bad("a parameter twice");
  return {};
}

}  // namespace

Result<Target> parse_target(std::string_view text) {
  if (text.empty() || text.front() != '/') return bad("only the form /path?query is understood");
  if (!std::ranges::all_of(text, is_visible_ascii) || text.find('#') != std::string_view::npos)
    return bad("characters that must be encoded");
  const size_t mark = std::min(text.find('?'), text.size());
  auto path = decode(text.substr(0, mark), Plus::literal);
  if (!path) return fail(std::move(path.error()));
  if (auto segments = check_segments(*path); !segments) return fail(std::move(segments.error()));
  Target target{std::move(*path), {}};
  for (std::string_view rest = text.substr(std::min(mark + 1, text.size())); !rest.empty();) {
    const size_t end = std::min(rest.find('&'), rest.size());
    if (end > 0) {
      if (auto added = add_parameter(rest.substr(0, end), target.query); !added) return fail(std::move(added.error()));
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return target;
}

std::string percent_encode(std::string_view text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_unreserved(c)) {
      out += c;
    } else {
      out += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return out;
}

}  // namespace hf::http
