#include "hal/tap/uplink.hpp"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <algorithm>
#include <cstring>

namespace hf::tap {

void Uplink::sip(const pbx::Endpoint& from, const pbx::Endpoint& to, Time at, std::string_view message) {
  add(pbx::HepPayload::sip, from, to, at, message);
}
void Uplink::rtcp(const pbx::Endpoint& from, const pbx::Endpoint& to, Time at, std::string_view packet) {
  add(pbx::HepPayload::rtcp, from, to, at, packet);
}

void Uplink::tell(Time at, std::string_view words) {
  add(pbx::HepPayload::log, {}, {}, at, words);
  --messages_;
}

void Uplink::add(pbx::HepPayload kind, const pbx::Endpoint& from, const pbx::Endpoint& to, Time at,
                 std::string_view payload) {
  pbx::HepFrame frame;
  frame.from = from, frame.to = to, frame.sent = at, frame.kind = kind, frame.payload = payload;
  ++messages_;
  if (!pbx::append_hep(frame, waiting_)) {
    ++unsent_;
    return;
  }
  ++waiting_messages_;
  if (waiting_.size() > kMost) flush(std::chrono::steady_clock::now());
}

void Uplink::connect(std::chrono::steady_clock::time_point now) {
  if (now < next_try_) return;
  next_try_ = now + kAgain;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path_.c_str(), std::min(path_.size(), sizeof address.sun_path - 1));
  Descriptor fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (fd.get() < 0) return;
  const timeval within{kWithin.count() / 1000, 0};
  ::setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &within, sizeof within);
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) fd_ = std::move(fd);
}

bool Uplink::send() {
  for (std::string_view rest = waiting_; !rest.empty();) {
    const ssize_t n = ::send(fd_.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    rest.remove_prefix(static_cast<size_t>(n));
  }
  return true;
}

void Uplink::lose() {
  unsent_ += waiting_messages_;
  fd_.reset();
}

void Uplink::flush(std::chrono::steady_clock::time_point now) {
  if (!connected()) connect(now);
  if (waiting_.empty()) return;
  if (!connected() || !send()) lose();
  waiting_.clear(), waiting_messages_ = 0;
}

}  // namespace hf::tap
