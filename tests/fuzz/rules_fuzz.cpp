// LINKS: hf_rules
// The rule language takes any bytes: it reads a bounded tree, or names one problem that lies inside the text.
#include <cstdint>
#include <cstdlib>

#include "agent/rules/text.hpp"

namespace {

size_t depth_of(const hf::rules::Node& node) {
  size_t deepest = 0;
  for (const auto& part : node.parts) deepest = std::max(deepest, depth_of(part));
  return deepest + 1;
}

void expect(bool held) {
  if (!held) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  static const hf::rules::Names kNames{{{"printers", "Printer help"}, {"sales", ""}}, {{"5550101", "Support"}}, {}};
  for (const auto* names : {static_cast<const hf::rules::Names*>(nullptr), &kNames}) {
    const auto read = hf::rules::read_text(text, names);
    if (read) {
      expect(depth_of(read->when) <= 3 * hf::rules::kMaxDepth + 4);
      continue;
    }
    expect(read.error().column >= 1 && read.error().column <= text.size() + 1);
    expect(!hf::rules::to_text(read.error()).empty());
  }
  return 0;
}
