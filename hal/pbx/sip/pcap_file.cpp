#include "hal/pbx/sip/pcap_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace hf::pbx {

namespace {

constexpr uint32_t kMicro = 0xa1b2c3d4, kNano = 0xa1b23c4d, kSection = 0x0a0d0d0a, kByteOrder = 0x1a2b3c4d;
constexpr uint32_t kInterface = 1, kSimple = 3, kStatistics = 5, kEnhanced = 6;

uint32_t raw32(std::string_view bytes) {
  uint32_t value = 0;
  if (bytes.size() >= 4) std::memcpy(&value, bytes.data(), 4);
  return value;
}

uint32_t swap32(uint32_t v) { return __builtin_bswap32(v); }
constexpr size_t padded(size_t size) { return (size + 3) / 4 * 4; }

uint64_t power_of_ten(unsigned power) {
  uint64_t value = 1;
  for (unsigned i = 0; i < std::min(power, 18u); ++i) value *= 10;
  return value;
}

Time time_of(int64_t seconds, uint64_t fraction, uint64_t ticks) {
  const auto micro = static_cast<int64_t>(static_cast<double>(fraction) / static_cast<double>(ticks) * 1e6 + 0.5);
  return Time(std::chrono::seconds(std::clamp<int64_t>(seconds, 0, 253'402'300'799)) + Duration(micro));
}

}  // namespace

bool looks_like_pcap(std::string_view first) {
  const uint32_t magic = raw32(first);
  return magic == kMicro || magic == kNano || swap32(magic) == kMicro || swap32(magic) == kNano || magic == kSection;
}

uint16_t PcapFile::u16(std::string_view bytes, size_t at) const {
  uint16_t value = 0;
  std::memcpy(&value, bytes.data() + at, 2);
  return swapped_ ? __builtin_bswap16(value) : value;
}

uint32_t PcapFile::u32(std::string_view bytes, size_t at) const {
  const uint32_t value = raw32(bytes.substr(at));
  return swapped_ ? swap32(value) : value;
}

Error PcapFile::damaged(const char* what) const {
  return {ErrorKind::corrupt, fmt::format("{}: {} at byte {}", file_->name(), what, file_->position())};
}

// False at the clean end of the file.
Result<bool> PcapFile::exactly(size_t bytes, std::string_view& out) {
  buffer_.resize(bytes);
  size_t have = 0;
  while (have < bytes) {
    const auto got = file_->read(std::span(buffer_).subspan(have));
    if (!got) return fail(got.error());
    if (*got == 0) break;
    have += *got;
  }
  if (have == 0 && bytes != 0) return false;
  if (have < bytes) return fail(damaged("the file is cut off"));
  out = buffer_;
  return true;
}

Result<PcapFile> PcapFile::open(const Path& path) {
  auto file = InputFile::open(path);
  if (!file) return fail(std::move(file.error()));
  PcapFile pcap;
  pcap.file_ = std::move(*file);
  if (auto good = pcap.begin(); !good) return fail(std::move(good.error()));
  return pcap;
}

Status PcapFile::begin() {
  std::string_view bytes;
  const auto first = exactly(4, bytes);
  if (!first) return fail(first.error());
  if (!*first || !looks_like_pcap(bytes))
    return fail(ErrorKind::invalid_input, file_->name() + ": neither pcap nor pcapng");
  const uint32_t magic = raw32(bytes);
  ng_ = magic == kSection;
  if (ng_) {
    const auto length = exactly(4, bytes);
    if (!length || !*length) return fail(damaged("the first block is cut off"));
    return begin_section(bytes);
  }
  swapped_ = magic != kMicro && magic != kNano;
  const bool nano = magic == kNano || swap32(magic) == kNano;
  const auto rest = exactly(20, bytes);
  if (!rest) return fail(rest.error());
  if (!*rest) return fail(damaged("the header is cut off"));
  const uint32_t link = u32(bytes, 16);
  interfaces_.push_back({static_cast<uint16_t>(link & 0xffff), nano ? 1'000'000'000u : 1'000'000u});
  if (!known_link(interfaces_[0].link))
    return fail(ErrorKind::unsupported, fmt::format("{}: link type {} is none that is read here", file_->name(), link));
  return {};
}

Result<bool> PcapFile::next_classic(Frame& out) {
  std::string_view header;
  const auto more = exactly(16, header);
  if (!more || !*more) return more;
  const uint32_t seconds = u32(header, 0), fraction = u32(header, 4), held = u32(header, 8), sent = u32(header, 12);
  if (held > kMaxFrame) return fail(damaged("a frame is longer than any network sends"));
  out.at = time_of(seconds, fraction, interfaces_[0].ticks);
  out.link = static_cast<LinkType>(interfaces_[0].link), out.cut = held < sent;
  if (held == 0) {
    out.bytes = {};
    return true;
  }
  const auto body = exactly(held, out.bytes);
  if (!body) return body;
  if (!*body) return fail(damaged("the last frame is cut off"));
  return true;
}

// The Section Header Block, whose type was read already; `length` holds its length in a byte order not yet known.
Status PcapFile::begin_section(std::string_view length) {
  const uint32_t raw = raw32(length);
  std::string_view order;
  const auto more = exactly(4, order);
  if (!more) return fail(more.error());
  const uint32_t magic = *more ? raw32(order) : 0;
  if (magic != kByteOrder && swap32(magic) != kByteOrder) return fail(damaged("the section has no byte-order magic"));
  swapped_ = magic != kByteOrder;
  const uint32_t size = swapped_ ? swap32(raw) : raw;
  if (size < 28 || size > kMaxBlock || size % 4 != 0)
    return fail(damaged("the section header has an impossible length"));
  std::string_view rest;
  const auto body = exactly(size - 12, rest);
  if (!body) return fail(body.error());
  interfaces_.clear();
  return {};
}

void PcapFile::take_interface(std::string_view block) {
  if (block.size() < 8 || interfaces_.size() >= kMaxInterfaces) return;
  Interface one{u16(block, 0)};
  for (size_t at = 8; at + 4 <= block.size();) {
    const uint16_t code = u16(block, at), size = u16(block, at + 2);
    if (code == 0 || at + 4 + size > block.size()) break;
    if (code == 9 && size == 1) {  // if_tsresol: a power of ten, or of two with the highest bit set
      const auto resolution = static_cast<uint8_t>(block[at + 4]);
      const unsigned power = resolution & 0x7fu;
      one.ticks = (resolution & 0x80) != 0 ? uint64_t{1} << std::min(power, 63u) : power_of_ten(power);
    }
    at += 4 + padded(size);
  }
  interfaces_.push_back(one);
}

// isb_ifdrop (5) and isb_osdrop (7), 64 bits each.
void PcapFile::take_statistics(std::string_view block) {
  for (size_t at = 12; at + 4 <= block.size();) {
    const uint16_t code = u16(block, at), size = u16(block, at + 2);
    if (code == 0 || at + 4 + size > block.size()) return;
    if ((code == 5 || code == 7) && size == 8) {
      const uint64_t low = u32(block, at + (swapped_ ? 8 : 4)), high = u32(block, at + (swapped_ ? 4 : 8));
      lost_ = lost_.value_or(0) + (high << 32 | low);
    }
    at += 4 + padded(size);
  }
}

// Enhanced and Simple Packet Blocks; false when the frame cannot be read.
bool PcapFile::take_packet(uint32_t type, std::string_view block, Frame& out) {
  const bool simple = type == kSimple;
  const size_t header = simple ? 4 : 20;
  if (block.size() < header) return false;
  const size_t number = simple ? 0 : u32(block, 0);
  if (number >= interfaces_.size()) return false;
  const Interface& one = interfaces_[number];
  const uint32_t sent = u32(block, simple ? 0 : 16);
  const size_t held = simple ? std::min<size_t>(sent, block.size() - header) : u32(block, 12);
  if (held > block.size() - header || held > kMaxFrame) return false;
  if (!known_link(one.link)) return ++unknown_, false;
  if (!simple) {
    const uint64_t ticks = uint64_t{u32(block, 4)} << 32 | u32(block, 8);
    out.at = time_of(static_cast<int64_t>(ticks / one.ticks), ticks % one.ticks, one.ticks);
  }
  out.link = static_cast<LinkType>(one.link), out.cut = held < sent;
  out.bytes = block.substr(header, held);
  return true;
}

Result<bool> PcapFile::next_block(Frame& out, bool& found) {
  std::string_view header;
  const auto more = exactly(8, header);
  if (!more || !*more) return more;
  const uint32_t type = u32(header, 0), size = u32(header, 4);
  if (type == kSection) {
    const std::string length(header.substr(4));
    if (auto good = begin_section(length); !good) return fail(std::move(good.error()));
    return true;
  }
  if (size < 12 || size > kMaxBlock || size % 4 != 0) return fail(damaged("a block has an impossible length"));
  std::string_view body;
  const auto whole = exactly(size - 8, body);
  if (!whole) return whole;
  if (!*whole) return fail(damaged("the last block is cut off"));
  body.remove_suffix(4);  // its length once more
  if (type == kInterface) take_interface(body);
  if (type == kStatistics) take_statistics(body);
  found = (type == kEnhanced || type == kSimple) && take_packet(type, body, out);
  return true;
}

Result<bool> PcapFile::next(Frame& out) {
  if (!ng_) return next_classic(out);
  for (bool found = false; !found;) {
    const auto more = next_block(out, found);
    if (!more || !*more) return more;
  }
  return true;
}

}  // namespace hf::pbx
