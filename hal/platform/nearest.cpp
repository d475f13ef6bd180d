#include "hal/platform/nearest.hpp"

#include <algorithm>
#include <array>

namespace hf {

namespace {

constexpr size_t kLongest = 64;

char low(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

size_t edits(std::string_view a, std::string_view b) {
  a = a.substr(0, kLongest), b = b.substr(0, kLongest);
  using Row = std::array<size_t, kLongest + 1>;
  Row before{}, last{}, row{};
  for (size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const bool same = low(a[i - 1]) == low(b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && low(a[i - 1]) == low(b[j - 2]) && low(a[i - 2]) == low(b[j - 1])) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before = last, last = row;
  }
  return last[b.size()];
}

std::string nearest(std::string_view word, const std::vector<std::string_view>& known) {
  std::string_view best;
  size_t fewest = 4;
  for (const auto one : known) {
    const size_t count = edits(word, one);
    const size_t allowed = std::max(one.size(), word.size()) / 3 + (one.size() > 2 ? 1 : 0);
    if (count < fewest && count <= allowed && count < one.size()) best = one, fewest = count;
  }
  return std::string(best);
}

}  // namespace hf
