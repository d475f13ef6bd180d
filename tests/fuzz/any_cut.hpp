// What every reader of a stream must hold: the same events, whatever pieces it comes in, each readable
// from its own text.
#pragma once

#include <cstdlib>
#include <string>
#include <vector>

#include "hal/pbx/call_event.hpp"

namespace hf::fuzz {

// The event as text; aborts when it does not come back from it.
inline std::string as_text(const pbx::CallEvent& event) {
  std::string line = pbx::to_text(event);
  const auto back = pbx::from_text(line);
  if (!back || pbx::to_text(*back) != line) std::abort();
  return line;
}

// A line each.
inline std::string as_text(const std::vector<pbx::CallEvent>& events) {
  std::string text;
  for (const pbx::CallEvent& event : events) text += as_text(event) + "\n";
  return text;
}

// In: `mapped(bytes, chunk)`, what a reader says of bytes that come in chunks of that size. The first byte of the fuzzer's
// data chooses one; aborts when it says something else of the whole.
template <class Mapped>
int same_in_any_cut(const uint8_t* data, size_t size, Mapped mapped) {
  if (size < 2) return 0;
  const size_t chunk = 1 + data[0];
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (mapped(bytes, chunk) != mapped(bytes, bytes.size())) std::abort();
  return 0;
}

}  // namespace hf::fuzz
