// What the andon lamp can say.
#pragma once

#include <cstdint>

namespace hf::board {

// calm: steady. warning: a slow blink. incident: two quick flashes, again and again. box_ill: a long light with a short gap in it. off: nobody home.
enum class LampState : uint8_t { off, calm, warning, incident, box_ill };

}  // namespace hf::board
