#include "hal/platform/result.hpp"

namespace hf {

std::string_view to_string(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::not_found: return "not_found";
    case ErrorKind::invalid_input: return "invalid_input";
    case ErrorKind::denied: return "denied";
    case ErrorKind::busy: return "busy";
    case ErrorKind::timed_out: return "timed_out";
    case ErrorKind::closed: return "closed";
    case ErrorKind::io: return "io";
    case ErrorKind::corrupt: return "corrupt";
    case ErrorKind::unsupported: return "unsupported";
    case ErrorKind::internal: return "internal";
  }
  return "internal";
}

Error Error::context(std::string_view story) && {
  what.insert(0, std::string(story) + ": ");
  return std::move(*this);
}

}  // namespace hf
