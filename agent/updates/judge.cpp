#include "agent/updates/judge.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>

namespace hf::updates {

namespace {

constexpr size_t kMaxDetail = 300;

// In this order: a message may hold several of these words, the first that fits says most.
constexpr std::array<std::pair<std::string_view, Reason>, 19> kWords{{{"downgrade", Reason::downgrade},
                                                                      {"what runs already", Reason::same},
                                                                      {"minimum", Reason::too_old},
                                                                      {"min-bundle-version", Reason::too_old},
                                                                      {"expected at least", Reason::too_old},
                                                                      {"compatible", Reason::other_hardware},
                                                                      {"no space left", Reason::no_space},
                                                                      {"larger than its partition", Reason::no_space},
                                                                      {"the boot partition has", Reason::no_space},
                                                                      {"input/output error", Reason::damaged},
                                                                      {"signature size", Reason::damaged},
                                                                      {"bundle size", Reason::damaged},
                                                                      {"too small", Reason::damaged},
                                                                      {"too short", Reason::damaged},
                                                                      {"not a valid", Reason::damaged},
                                                                      {"verity", Reason::damaged},
                                                                      {"squashfs", Reason::damaged},
                                                                      {"signature", Reason::signature},
                                                                      {"verify error", Reason::signature}}};

std::string_view next_part(std::string_view& rest) {
  const std::string_view part = rest.substr(0, rest.find('.'));
  rest.remove_prefix(std::min(part.size() + 1, rest.size()));
  return part;
}

int compare_parts(std::string_view a, std::string_view b) {
  uint64_t x = 0, y = 0;
  const auto read = [](std::string_view text, uint64_t& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size();
  };
  if (read(a, x) && read(b, y)) return x < y ? -1 : x > y ? 1 : 0;
  return a.compare(b);
}

void refuse(Bundle& bundle, Reason reason, std::string detail = {}) {
  bundle.verdict = Verdict::refused, bundle.reason = reason, bundle.detail = std::move(detail);
}

}  // namespace

Reason reason_of(std::string_view words) {
  std::string small(words);
  for (char& c : small)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  for (const auto& [word, reason] : kWords)
    if (small.find(word) != std::string::npos) return reason;
  return Reason::other;
}

int compare_versions(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    const std::string_view x = next_part(a), y = next_part(b);
    if (const int order = compare_parts(x, y); order != 0) return order;
  }
  return a.empty() == b.empty() ? 0 : a.empty() ? -1 : 1;
}

void judge(Bundle& bundle, const Result<device::Fields>& told, std::string_view running, std::string_view compatible) {
  if (!told) return refuse(bundle, reason_of(told.error().what), told.error().what.substr(0, kMaxDetail));
  const auto version = device::find(*told, "version"), made_for = device::find(*told, "compatible");
  if (!version || version->empty() || !made_for || made_for->empty()) return refuse(bundle, Reason::damaged, "it does not say its version or what it is made for");
  bundle.version = *version, bundle.compatible = *made_for;
  if (!compatible.empty() && *made_for != compatible) return refuse(bundle, Reason::other_hardware);
  const int order = running.empty() ? 1 : compare_versions(*version, running);
  if (order < 0) return refuse(bundle, Reason::downgrade);
  if (order == 0) return refuse(bundle, Reason::same);
  bundle.verdict = Verdict::good, bundle.reason = Reason::none, bundle.detail.clear();
}

}  // namespace hf::updates
