#include "hal/pbx/sip/sip_stream.hpp"

#include <algorithm>
#include <utility>

#include "hal/pbx/sip/sip_message.hpp"

namespace hf::pbx {

void SipStream::feed(std::string_view bytes) {
  buffer_.erase(0, std::exchange(at_, 0));
  buffer_.append(bytes);
}

void SipStream::gap() {
  if (buffer_.size() > at_) ++malformed_;
  buffer_.clear(), at_ = 0;
  lost_ = true;
}

// To the next line that begins as a message does. False when there is none yet; its beginning may be the last,
// unfinished line.
bool SipStream::resync() {
  const std::string_view all = buffer_;
  for (;;) {
    const size_t end = all.find('\n', at_);
    if (looks_like_sip(all.substr(at_)) && end != all.npos) break;
    if (end == all.npos) {
      if (all.size() - at_ > kMaxSipLine) at_ = all.size();
      return false;
    }
    at_ = end + 1;
  }
  lost_ = false;
  return true;
}

bool SipStream::next(std::string_view& message) {
  for (;;) {
    const std::string_view all = buffer_;
    while (!lost_ && at_ < all.size() && (all[at_] == '\r' || all[at_] == '\n' || all[at_] == '\0')) ++at_;
    if (lost_ && !resync()) return false;
    const std::string_view rest = all.substr(at_);
    if (rest.empty()) return false;
    const size_t line = rest.find('\n');
    const auto headers = line == rest.npos || looks_like_sip(rest) ? sip_header_end(rest) : std::nullopt;
    const bool no_sip = line != rest.npos && !looks_like_sip(rest);
    const size_t whole =
        headers ? *headers + std::min(sip_content_length(rest.substr(0, *headers)).value_or(0), kMaxSipMessage + 1) : 0;
    if (no_sip || whole > kMaxSipMessage || (!headers && rest.size() > kMaxSipMessage)) {
      ++malformed_;
      at_ += line == rest.npos ? rest.size() : line + 1;
      lost_ = true;
      continue;
    }
    if (!headers || rest.size() < whole) return false;
    message = rest.substr(0, whole);
    at_ += whole;
    return true;
  }
}

}  // namespace hf::pbx
