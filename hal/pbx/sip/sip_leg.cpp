#include "hal/pbx/sip/sip_leg.hpp"

#include <array>

namespace hf::pbx {

std::string LegRef::name() const {
  std::array<char, 20> text{'s', 'i', 'p', '-'};
  for (size_t i = 0; i < 16; ++i) text[4 + i] = "0123456789abcdef"[call >> (60 - 4 * i) & 15];
  std::string name(text.data(), text.size());
  if (place > 0) name.append(".").append(std::to_string(place));
  return name;
}

// A leg that the PBX began, and whose caller is not known, is the call of somebody else.
std::string Leg::linked() const {
  if (!(origin == ref)) return origin.name();
  return inbound ? id() : id().append("-alone");
}

}  // namespace hf::pbx
