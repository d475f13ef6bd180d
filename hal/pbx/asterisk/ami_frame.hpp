// Asterisk Manager Interface, framing: bytes cut anywhere become messages. Pure; knows nothing of what a message means.
// In: chunks as they come from the wire. Out: the text of each message, "Key: value" lines without the closing blank
// line. The banner ("Asterisk Call Manager/5.0.4", no blank line after it) is a message of its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace hf::pbx {

inline constexpr std::string_view kAmiBanner = "Asterisk Call Manager/";
inline constexpr size_t kMaxAmiLine = 64 * 1024;
inline constexpr size_t kMaxAmiMessage = 256 * 1024;

class AmiFramer {
 public:
  // Takes the next message out of `chunk`, which shrinks. False when the chunk is used up; what is left of it is kept
  // for the next one. `message` lives until the next call and as long as the chunk's bytes. Stray blank lines between
  // messages are passed over (Asterisk 16 and 22 end some TestEvents with one too many). A line or message over the
  // limit, or one that does not begin with "Key:", is dropped up to the next blank line and counted.
  [[nodiscard]] bool next(std::string_view& chunk, std::string_view& message);

  uint64_t malformed() const { return malformed_; }
  // True when the last chunk ended in the middle of a message.
  bool pending() const { return !carry_.empty() && !carry_done_; }
  // The connection was lost: forgets the half message. The count stays.
  void reset();

 private:
  bool from_chunk(std::string_view& chunk, std::string_view& message);
  bool from_carry(std::string_view& chunk, std::string_view& message);
  bool accept(std::string_view body, std::string_view& message);
  void keep_limit();

  std::string carry_;        // the message begun in an earlier chunk
  bool carry_done_ = false;  // carry_ was handed out and may be dropped
  bool skipping_ = false;    // in a message that is over the limit
  uint64_t malformed_ = 0;
};

}  // namespace hf::pbx
