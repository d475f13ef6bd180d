// SIP over TCP: bytes of one direction, cut anywhere, become messages (RFC 3261, 18.3: Content-Length tells where one
// ends). Pure. Keep-alives (CRLF CRLF) are passed over. After a gap, or what is no SIP, the next start line that can be
// one is looked for.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hf::pbx {

class SipStream {
 public:
  // Bytes that follow the last ones. No more than one message and one chunk are kept.
  void feed(std::string_view bytes);
  // The next whole message; it lives until the next call. False when more bytes are needed.
  [[nodiscard]] bool next(std::string_view& message);
  // Bytes are missing here: the half message is given up.
  void gap();
  uint64_t malformed() const { return malformed_; }

 private:
  bool resync();

  std::string buffer_;
  size_t at_ = 0;
  bool lost_ = false;  // looking for a start line
  uint64_t malformed_ = 0;
};

}  // namespace hf::pbx
