// RTCP packets for tests, byte by byte.
#pragma once

#include "packet_words.hpp"

namespace hf::pbx {

inline std::string block(uint32_t sender, uint8_t lost, uint32_t jitter, uint32_t last_sr = 0, uint32_t since = 0) {
  return frames::b32(sender) + std::string{static_cast<char>(lost), '\0', '\0', '\0'} + frames::b32(0) + frames::b32(jitter) + frames::b32(last_sr) +
         frames::b32(since);
}
inline std::string receiver_report(const std::string& blocks) {
  return std::string("\x81\xc9", 2) + frames::b16(1 + blocks.size() / 4) + frames::b32(7) + blocks;
}
inline std::string sender_report(uint32_t middle) {
  return std::string("\x80\xc8", 2) + frames::b16(6) + frames::b32(9) + frames::b16(1) + frames::b16(middle >> 16) + frames::b16(middle & 0xffff) + frames::b16(1) +
         std::string(12, '\0');
}

}  // namespace hf::pbx
