// FreeSWITCH Event Socket, framing: bytes cut anywhere become frames. Pure; knows nothing of what a frame means.
// In: chunks as they come from the wire. Out: a frame's header lines and its body. A frame is lines "Key: value" up to
// a blank line, LF only, and then exactly Content-Length bytes if that header is there. The length of an event's frame
// covers the whole event; what an event carries inside has a second Content-Length of its own, which esl_fields reads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace hf::pbx {

inline constexpr size_t kMaxEslHeaders = 16 * 1024;
inline constexpr size_t kMaxEslBody = size_t{8} << 20;  // a list of 5,000 channels; events stay below 64 KiB

enum class EslContent : uint8_t {
  other,
  auth_request,
  command_reply,
  api_response,
  event_plain,
  event_json,
  disconnect_notice,
  rude_rejection,
};

struct EslFrame {
  EslContent content{};
  std::string_view headers;  // without the blank line
  std::string_view body;
};

class EslFramer {
 public:
  // Takes the next frame out of `chunk`, which shrinks. False when the chunk is used up; what is left of it is kept for
  // the next one. The views live until the next call and as long as the chunk's bytes. A header block that is over the
  // limit, does not begin with "Key:" or holds a length that is no number is dropped up to its blank line, a body over
  // the limit as a whole; both are counted.
  [[nodiscard]] bool next(std::string_view& chunk, EslFrame& frame);

  uint64_t malformed() const { return malformed_; }
  // True when the last chunk ended in the middle of a frame.
  bool pending() const { return skip_ > 0 || (!carry_.empty() && !carry_done_); }
  // The connection was lost: forgets the half frame. The count stays.
  void reset();

 private:
  bool from_chunk(std::string_view& chunk, EslFrame& frame);
  bool from_carry(std::string_view& chunk, EslFrame& frame);
  bool headers_end(std::string_view headers, size_t& length);
  void keep_limit();

  std::string carry_;        // the frame begun in an earlier chunk
  size_t headers_ = 0;       // length of carry_'s header block once its blank line has come
  size_t body_ = 0;          // and of the body that follows
  size_t skip_ = 0;          // bytes of an oversized body still to come
  bool carry_done_ = false;  // carry_ was handed out and may be dropped
  bool skipping_ = false;    // in a header block that is over the limit
  uint64_t malformed_ = 0;
};

// The value of a frame's header, not decoded: they are plain text. Empty when it is missing.
std::string_view esl_header(std::string_view headers, std::string_view name);

}  // namespace hf::pbx
