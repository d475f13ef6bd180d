#include "hal/net/socket.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace hf::net {

namespace {

struct FreeAddresses {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

std::string reason(int error_number) { return std::generic_category().message(error_number); }

Result<Addresses> resolve(const HostPort& to) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* list = nullptr;
  const int rc = ::getaddrinfo(to.host.c_str(), std::to_string(to.port).c_str(), &hints, &list);
  if (rc == EAI_SYSTEM) return fail(ErrorKind::io, to_string(to) + ": " + reason(errno));
  if (rc != 0) return fail(ErrorKind::not_found, to_string(to) + ": cannot find this host: " + ::gai_strerror(rc));
  return Addresses(list);
}

void set_options(int fd) {
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  ::setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
}

Result<std::unique_ptr<Socket>> connect_one(const addrinfo& address, const std::string& peer, const Deadline& deadline,
                                            const std::shared_ptr<Interrupt>& stop) {
  const int fd = ::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return fail(ErrorKind::io, peer + ": " + reason(errno));
  auto socket = std::make_unique<Socket>(fd, peer, stop);
  set_options(fd);
  if (::connect(fd, address.ai_addr, address.ai_addrlen) == 0) return socket;
  if (errno != EINPROGRESS) return fail(socket->broken(errno));
  if (auto ready = socket->wait(POLLOUT, deadline); !ready) return fail(std::move(ready.error()).context("connecting"));
  int failure = 0;
  socklen_t size = sizeof(failure);
  if (::getsockopt(fd, SOL_SOCKET, SO_ERROR, &failure, &size) != 0) failure = errno;
  if (failure != 0) return fail(socket->broken(failure));
  return socket;
}

}  // namespace

Socket::Socket(int fd, std::string peer, std::shared_ptr<Interrupt> stop)
    : fd_(fd), peer_(std::move(peer)), stop_(std::move(stop)) {}

Socket::~Socket() { ::close(fd_); }

Status Socket::wait(short events, const Deadline& deadline) const {
  const PollOutcome outcome = poll_until(fd_, events, stop_.get(), deadline);
  if (shut_ || outcome == PollOutcome::interrupted) return fail(ErrorKind::closed, peer_ + ": closed by us");
  if (outcome == PollOutcome::timed_out) return fail(ErrorKind::timed_out, peer_ + ": no answer in time");
  if (outcome == PollOutcome::failed) return fail(broken(errno));
  return {};
}

void Socket::shut() {
  shut_ = true;
  ::shutdown(fd_, SHUT_RDWR);
}

Error Socket::broken(int error_number) const {
  if (shut_) return {ErrorKind::closed, peer_ + ": closed by us"};
  if (error_number == ECONNRESET || error_number == EPIPE)
    return {ErrorKind::closed, peer_ + ": " + reason(error_number)};
  if (error_number == ETIMEDOUT) return {ErrorKind::timed_out, peer_ + ": " + reason(error_number)};
  return {ErrorKind::io, peer_ + ": " + reason(error_number)};
}

Result<std::unique_ptr<Socket>> connect_socket(const HostPort& to, std::chrono::milliseconds within,
                                               std::shared_ptr<Interrupt> stop) {
  const Deadline deadline(within);
  if (stop && stop->triggered()) return fail(ErrorKind::closed, to_string(to) + ": closed by us");
  auto addresses = resolve(to);
  if (!addresses) return fail(std::move(addresses.error()));
  Result<std::unique_ptr<Socket>> last = fail(ErrorKind::not_found, to_string(to) + ": this host has no address");
  for (const addrinfo* a = addresses->get(); a != nullptr; a = a->ai_next) {
    last = connect_one(*a, to_string(to), deadline, stop);
    const bool over = last || last.error().kind == ErrorKind::closed || last.error().kind == ErrorKind::timed_out;
    if (over) break;
  }
  return last;
}

}  // namespace hf::net
