// Frames for tests, byte by byte.
#pragma once

#include <string>

#include "hal/pbx/sip/packet_decode.hpp"

namespace hf::pbx::frames {

inline std::string b16(size_t v) { return {static_cast<char>(v >> 8), static_cast<char>(v)}; }
inline std::string b32(size_t v) { return b16(v >> 16) + b16(v & 0xffff); }

inline std::string udp(uint16_t from, uint16_t to, const std::string& body) {
  return b16(from) + b16(to) + b16(8 + body.size()) + b16(0) + body;
}
inline std::string tcp(uint16_t from, uint16_t to, uint32_t sequence, char flags, const std::string& body) {
  return b16(from) + b16(to) + b32(sequence) + b32(0) + std::string{'\x50', flags} + b16(1000) + b32(0) + body;
}
// `place`: flags and offset in units of eight bytes.
inline std::string ipv4(uint8_t protocol, const std::string& body, uint16_t id = 7, uint16_t place = 0) {
  return std::string("\x45\0", 2) + b16(20 + body.size()) + b16(id) + b16(place) +
         std::string{'\x40', static_cast<char>(protocol)} + b16(0) + std::string("\xc0\0\2\x09\xc0\0\2\1", 8) + body;
}
inline std::string ipv6(uint8_t next, const std::string& body) {
  std::string bytes("\x60\0\0\0", 4);
  bytes += b16(body.size()) + std::string{static_cast<char>(next), '\x40'};
  bytes += std::string("\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\x09", 16) +
           std::string("\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\1", 16);
  return bytes + body;
}
inline std::string ethernet(const std::string& type_and_rest) { return std::string(12, '\1') + type_and_rest; }
inline std::string frame4(const std::string& packet) { return ethernet(b16(0x0800) + packet); }
inline std::string frame6(const std::string& packet) { return ethernet(b16(0x86dd) + packet); }

}  // namespace hf::pbx::frames
