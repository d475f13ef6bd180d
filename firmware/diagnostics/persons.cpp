#include "firmware/diagnostics/persons.hpp"

#include <algorithm>

namespace hf::diagnostics {

namespace {

constexpr size_t kLongestCount = 4;  // digits that no number to dial has: a port, a status, a year
constexpr size_t kShortestDialled = 7;  // when its digits are parted by blanks, dashes or strokes

constexpr size_t kMostBetween = 3;  // ") (": signs between two groups of them

bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool hex(char c) { return digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool in_account(char c) { return letter(c) || digit(c) || c == '.' || c == '_' || c == '-' || c == '+' || c == '%' || c == '*' || c == '#' || static_cast<unsigned char>(c) >= 0x80; }
bool in_place(char c) { return letter(c) || digit(c) || c == '.' || c == '-' || c == ':' || c == '[' || c == ']'; }

template <class F>
size_t run(std::string_view text, F of_it) {
  return static_cast<size_t>(std::ranges::find_if_not(text, of_it) - text.begin());
}

// Each looks at the begin of `rest` and says how much of it is such a thing; 0: none.
size_t account(std::string_view rest) {
  const size_t name = run(rest, in_account);
  if (name == 0 || name == rest.size() || rest[name] != '@') return 0;
  const size_t place = run(rest.substr(name + 1), in_place);
  return place == 0 ? 0 : name + 1 + place;
}

// "192.0.2." of "192.0.2.9", and the whole length.
struct Address {
  size_t kept = 0, whole = 0;
};
Address address_v4(std::string_view rest) {
  size_t at = 0, kept = 0;
  for (int part = 0; part < 4; ++part) {
    const size_t digits = run(rest.substr(at), digit);
    if (digits == 0 || digits > 3) return {};
    kept = at, at += digits;
    if (part < 3 && (at == rest.size() || rest[at++] != '.')) return {};
  }
  const bool goes_on = at < rest.size() && (letter(rest[at]) || (rest[at] == '.' && at + 1 < rest.size() && digit(rest[at + 1])));
  return goes_on ? Address{} : Address{kept, at};
}

// Not "12:30:59", nor a card's "52:54:00:12:34:56", which names hardware: two colons side by side, or seven of them.
size_t address_v6(std::string_view rest) {
  const size_t length = run(rest, [](char c) { return hex(c) || c == ':'; });
  const std::string_view text = rest.substr(0, length);
  const auto colons = std::ranges::count(text, ':');
  if (length < 4 || colons < 2 || (length < rest.size() && letter(rest[length]))) return 0;
  return text.find("::") != std::string_view::npos || colons == 7 ? length : 0;
}

size_t dialled(std::string_view rest) {
  size_t at = rest.starts_with('+') || rest.starts_with('(') ? 1 : 0, digits = 0, end = 0;
  bool parted = false;
  while (at < rest.size()) {
    if (const size_t more = run(rest.substr(at), digit)) {
      digits += more, end = at += more;
      continue;
    }
    const size_t signs = run(rest.substr(at), [](char c) { return c == ' ' || c == '-' || c == '/' || c == '(' || c == ')'; });
    if (digits == 0 || signs == 0 || signs > kMostBetween) break;
    parted = parted || (at + signs < rest.size() && digit(rest[at + signs]));
    at += signs;
  }
  if (end < rest.size() && letter(rest[end])) return 0;
  return digits >= (parted ? kShortestDialled : kLongestCount + 1) ? end : 0;
}

// Takes one thing from the begin of `rest`, or lets one sign or word pass.
void take(std::string_view& rest, std::string& out, bool numbers) {
  const auto replace = [&](size_t length, std::string_view by) { out += by, rest.remove_prefix(length); };
  if (const size_t length = account(rest)) return replace(length, "<account>");
  if (const Address v4 = address_v4(rest); v4.whole > 0) {
    out += rest.substr(0, v4.kept);
    return replace(v4.whole, "*");
  }
  if (const size_t length = address_v6(rest)) return replace(length, "<address>");
  if (const size_t length = numbers ? dialled(rest) : 0) return replace(length, "<number>");
  // What belongs together passes together: digits within a word are no number.
  const size_t word = std::max<size_t>(1, run(rest, [](char c) { return letter(c) || digit(c) || c == '_'; }));
  out += rest.substr(0, word);
  rest.remove_prefix(word);
}

std::string cleaned(std::string_view text, bool numbers) {
  std::string out;
  while (!text.empty()) take(text, out, numbers);
  return out;
}

}  // namespace

std::string without_persons(std::string_view text) { return cleaned(text, true); }
std::string without_addresses(std::string_view text) { return cleaned(text, false); }

}  // namespace hf::diagnostics
