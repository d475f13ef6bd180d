#include "hal/net/listener.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "hal/net/socket.hpp"

namespace hf::net {

namespace {

constexpr int kBacklog = 16;

struct Address {
  sockaddr_storage bytes{};
  socklen_t size = sizeof(sockaddr_storage);
  sockaddr* raw() { return reinterpret_cast<sockaddr*>(&bytes); }  // NOLINT(cppcoreguidelines-pro-type-reinterpret-cast): the socket API's own way
};

bool fill(Address& address, const HostPort& at) {
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  if (::inet_pton(AF_INET, at.host.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET, v4.sin_port = htons(at.port);
    std::memcpy(&address.bytes, &v4, address.size = sizeof(v4));
    return true;
  }
  if (::inet_pton(AF_INET6, at.host.c_str(), &v6.sin6_addr) != 1) return false;
  v6.sin6_family = AF_INET6, v6.sin6_port = htons(at.port);
  std::memcpy(&address.bytes, &v6, address.size = sizeof(v6));
  return true;
}

HostPort told(const Address& address) {
  char text[INET6_ADDRSTRLEN] = "";
  if (address.bytes.ss_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address.bytes, sizeof(v4));
    ::inet_ntop(AF_INET, &v4.sin_addr, text, sizeof(text));
    return {text, ntohs(v4.sin_port)};
  }
  sockaddr_in6 v6{};
  std::memcpy(&v6, &address.bytes, sizeof(v6));
  ::inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof(text));
  return {text, ntohs(v6.sin6_port)};
}

std::unexpected<Error> refused(const HostPort& at, int error_number) {
  const ErrorKind kind = error_number == EADDRINUSE ? ErrorKind::busy : error_number == EACCES ? ErrorKind::denied : ErrorKind::io;
  return fail(kind, "cannot listen at " + to_string(at) + ": " + std::generic_category().message(error_number));
}

}  // namespace

Listener::Listener(std::unique_ptr<Socket> socket, std::shared_ptr<Interrupt> stop, uint16_t port) : socket_(std::move(socket)), stop_(std::move(stop)), port_(port) {}
Listener::~Listener() = default;
Listener::Listener(Listener&&) noexcept = default;
Listener& Listener::operator=(Listener&&) noexcept = default;

Result<Listener> Listener::open(const HostPort& at, std::shared_ptr<Interrupt> stop) {
  Address address;
  if (!fill(address, at)) return fail(ErrorKind::invalid_input, "\"" + at.host + "\" is no address of this machine to listen at (such as 0.0.0.0)");
  const int fd = ::socket(address.bytes.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return refused(at, errno);
  auto socket = std::make_unique<Socket>(fd, to_string(at), stop);
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  Address mine;
  if (::bind(fd, address.raw(), address.size) != 0 || ::listen(fd, kBacklog) != 0 || ::getsockname(fd, mine.raw(), &mine.size) != 0) return refused(at, errno);
  return Listener(std::move(socket), std::move(stop), told(mine).port);
}

Result<std::unique_ptr<ByteStream>> Listener::accept(std::chrono::milliseconds within) {
  const Deadline deadline(within);
  for (;;) {
    if (auto ready = socket_->wait(POLLIN, deadline); !ready) return fail(std::move(ready.error()));
    Address peer;
    const int fd = ::accept4(socket_->fd(), peer.raw(), &peer.size, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd >= 0) return stream_on(std::make_unique<Socket>(fd, to_string(told(peer)), stop_));
    if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED) return fail(socket_->broken(errno));
  }
}

}  // namespace hf::net
