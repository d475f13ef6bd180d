#include "hal/pbx/asterisk/ami_frame.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace hf::pbx {

namespace {

constexpr size_t kSeam = 2;    // "\n\r" at the end of a chunk may be two thirds of a blank line
constexpr size_t kStep = 512;  // how much of a chunk is copied to finish a message begun before: about one message

static_assert(std::endian::native == std::endian::little);  // the first place of a block is in the lowest byte

// Where a line ends that a blank line follows, or npos. Sixteen places at a time: going from line to line took half of
// all parsing.
size_t find_blank_line(std::string_view text, size_t from) {
  using Block = char __attribute__((vector_size(16)));
  const auto load = [&text](size_t at) {
    Block block;
    std::memcpy(&block, text.data() + at, sizeof block);
    return block;
  };
  size_t at = from;
  for (; at + sizeof(Block) + 2 <= text.size(); at += sizeof(Block)) {
    const Block second = load(at + 1);
    const auto found = (load(at) == '\n') & ((second == '\n') | ((second == '\r') & (load(at + 2) == '\n')));
    std::array<uint64_t, 2> halves;
    std::memcpy(halves.data(), &found, sizeof halves);
    if (halves[0] != 0) return at + static_cast<size_t>(std::countr_zero(halves[0])) / 8;
    if (halves[1] != 0) return at + 8 + static_cast<size_t>(std::countr_zero(halves[1])) / 8;
  }
  for (; at < text.size(); ++at)
    if (const std::string_view rest = text.substr(at, 3); rest.starts_with("\n\n") || rest == "\n\r\n") return at;
  return text.npos;
}

// Just past the blank line that ends the message, or npos. `from`: what is before it was searched already.
size_t message_end(std::string_view text, size_t from) {
  if (text.starts_with(kAmiBanner)) {
    const size_t line = text.find('\n');
    return line == text.npos ? line : line + 1;
  }
  const size_t at = find_blank_line(text, from);
  if (at == text.npos) return at;
  return text[at + 1] == '\n' ? at + 2 : at + 3;
}

bool has_long_line(std::string_view text) {
  if (text.size() <= kMaxAmiLine) return false;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    if (end - begin > kMaxAmiLine) return true;
    begin = end + 1;
  }
  return false;
}

bool begins_with_key(std::string_view text) {
  size_t at = 0;
  while (at < text.size() && text[at] != ':' && text[at] != '\n') ++at;
  return at > 0 && at < text.size() && text[at] == ':';
}

}  // namespace

void AmiFramer::reset() {
  carry_.clear();
  carry_done_ = skipping_ = false;
}

bool AmiFramer::next(std::string_view& chunk, std::string_view& message) {
  if (carry_done_) carry_.clear(), carry_done_ = false;
  while (!chunk.empty()) {
    if (carry_.empty() ? from_chunk(chunk, message) : from_carry(chunk, message)) return true;
    if (carry_done_) carry_.clear(), carry_done_ = false;
  }
  return false;
}

bool AmiFramer::from_chunk(std::string_view& chunk, std::string_view& message) {
  chunk.remove_prefix(std::min(chunk.find_first_not_of("\r\n"), chunk.size()));
  const size_t end = message_end(chunk, 0);
  if (end == chunk.npos) {
    carry_.assign(chunk);
    chunk = {};
    keep_limit();
    return false;
  }
  const std::string_view body = chunk.substr(0, end);
  chunk.remove_prefix(end);
  return accept(body, message);
}

// Copies only as much of the chunk as ends the message, so that the rest is read where it lies.
bool AmiFramer::from_carry(std::string_view& chunk, std::string_view& message) {
  const size_t before = carry_.size();
  carry_.append(chunk.substr(0, kStep));
  const size_t end = message_end(carry_, before > kSeam ? before - kSeam : 0);
  if (end == carry_.npos) {
    chunk.remove_prefix(std::min(kStep, chunk.size()));
    keep_limit();
    return false;
  }
  carry_.resize(end);
  chunk.remove_prefix(end - before);
  carry_done_ = true;
  if (skipping_) {
    skipping_ = false;
    return false;
  }
  return accept(carry_, message);
}

bool AmiFramer::accept(std::string_view body, std::string_view& message) {
  if (body.size() > kMaxAmiMessage || has_long_line(body) || !(body.starts_with(kAmiBanner) || begins_with_key(body))) {
    ++malformed_;
    return false;
  }
  message = body.substr(0, body.find_last_not_of("\r\n") + 1);
  return true;
}

// Memory stays bounded whatever the peer sends: of an oversized message only what may begin a blank line is kept.
void AmiFramer::keep_limit() {
  if (!skipping_ && carry_.size() > kMaxAmiMessage) skipping_ = true, ++malformed_;
  if (!skipping_) return;
  const bool newline = carry_.ends_with('\n'), both = carry_.ends_with("\n\r");
  carry_.assign(both ? "\n\r" : newline ? "\n" : "-");
}

}  // namespace hf::pbx
