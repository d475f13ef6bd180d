// Syslog as rsyslog and syslog-ng send it: messages out of a stream (RFC 6587: octet-counted, or a line each), and what was logged out of a message
// (RFC 5424, or the older RFC 3164). Pure; any cut of the bytes gives the same messages.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hf::pbx {

class SyslogFrames {
 public:
  static constexpr size_t kMax = size_t{64} << 10;  // a longer message is passed over and counted

  // Appends the whole messages that the bytes complete.
  void feed(std::string_view bytes, std::vector<std::string>& out);
  uint64_t passed_over() const { return passed_over_; }

 private:
  bool take_counted(std::vector<std::string>& out);
  bool take_line(std::vector<std::string>& out);

  std::string buffer_;
  size_t skip_ = 0;             // bytes of a counted message that is too long
  bool skipping_line_ = false;
  uint64_t passed_over_ = 0;
};

// The text that was logged, without priority, time, host and tag; empty when the message is no syslog message. A view into `message`.
std::string_view logged_text(std::string_view message);

}  // namespace hf::pbx
