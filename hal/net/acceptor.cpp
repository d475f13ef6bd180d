#include "hal/net/acceptor.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "hal/net/poll.hpp"
#include "hal/net/socket.hpp"
#include "hal/net/tls_stream.hpp"

namespace hf::net {

namespace {

constexpr int kBacklog = 16;

std::unexpected<Error> broken(const std::string& name, const char* what) {
  return fail(ErrorKind::io, name + ": " + what + ": " + std::generic_category().message(errno));
}

struct Address {
  sockaddr_storage bytes{};
  socklen_t size = 0;
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&bytes); }
};

Result<Address> address_of(const HostPort& at) {
  Address a;
  auto* v4 = reinterpret_cast<sockaddr_in*>(&a.bytes);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&a.bytes);
  if (::inet_pton(AF_INET, at.host.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET, v4->sin_port = htons(at.port), a.size = sizeof *v4;
  } else if (::inet_pton(AF_INET6, at.host.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6, v6->sin6_port = htons(at.port), a.size = sizeof *v6;
  } else {
    return fail(ErrorKind::invalid_input, "\"" + at.host + "\" is no IP address to listen on");
  }
  return a;
}

uint16_t port_of(int fd) {
  Address a;
  a.size = sizeof a.bytes;
  if (::getsockname(fd, a.get(), &a.size) != 0) return 0;
  return ntohs(a.bytes.ss_family == AF_INET ? reinterpret_cast<sockaddr_in*>(&a.bytes)->sin_port
                                            : reinterpret_cast<sockaddr_in6*>(&a.bytes)->sin6_port);
}

Result<Descriptor> bound(const HostPort& at, int type) {
  auto address = address_of(at);
  if (!address) return fail(std::move(address.error()));
  Descriptor fd(::socket(address->bytes.ss_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (fd.get() < 0) return broken(to_string(at), "no socket");
  const int on = 1;
  if (type == SOCK_STREAM) ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(fd.get(), address->get(), address->size) != 0) return broken(to_string(at), "cannot listen there");
  return fd;
}

std::string name_of(const Address& peer) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const bool v4 = peer.bytes.ss_family == AF_INET;
  if (!v4 && peer.bytes.ss_family != AF_INET6) return "local";
  const void* where = v4 ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in*>(&peer.bytes)->sin_addr)
                         : &reinterpret_cast<const sockaddr_in6*>(&peer.bytes)->sin6_addr;
  ::inet_ntop(peer.bytes.ss_family, where, text.data(), text.size());
  return text.data();
}

}  // namespace

Acceptor::~Acceptor() {
  if (file_.empty() || fd_.get() < 0) return;
  std::error_code ignored;
  std::filesystem::remove(file_, ignored);
}

Result<Acceptor> Acceptor::tcp(const HostPort& at) {
  auto fd = bound(at, SOCK_STREAM);
  if (!fd) return fail(std::move(fd.error()));
  Acceptor made(std::move(*fd), to_string(at));
  if (::listen(made.fd_.get(), kBacklog) != 0) return broken(made.name_, "cannot listen");
  made.port_ = port_of(made.fd_.get());
  return made;
}

Result<Acceptor> Acceptor::local(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.string().size() >= sizeof address.sun_path)
    return fail(ErrorKind::invalid_input, path.string() + ": the path of a local socket has at most 107 bytes");
  std::memcpy(address.sun_path, path.c_str(), path.string().size());
  std::error_code error;
  if (std::filesystem::is_socket(path, error)) std::filesystem::remove(path, error);
  Descriptor fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (fd.get() < 0) return broken(path.string(), "no socket");
  if (::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    return broken(path.string(), "cannot listen there");
  Acceptor made(std::move(fd), path.string());
  made.file_ = path;
  if (::chmod(path.c_str(), 0660) != 0 || ::listen(made.fd_.get(), kBacklog) != 0)
    return broken(made.name_, "cannot listen");
  return made;
}

Result<std::unique_ptr<ByteStream>> Acceptor::accept(std::chrono::milliseconds within,
                                                     const std::shared_ptr<Interrupt>& stop,
                                                     const TlsContext* tls) const {
  const PollOutcome ready = poll_until(fd_.get(), POLLIN, stop.get(), Deadline(within));
  if (ready == PollOutcome::interrupted) return fail(ErrorKind::closed, name_ + ": closed by us");
  if (ready == PollOutcome::timed_out) return fail(ErrorKind::timed_out, name_ + ": nobody came");
  Address peer;
  peer.size = sizeof peer.bytes;
  const int fd = ::accept4(fd_.get(), peer.get(), &peer.size, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (fd < 0 && (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED))
    return fail(ErrorKind::timed_out, name_ + ": nobody came");
  if (fd < 0) return broken(name_, "cannot accept");
  auto socket = std::make_unique<Socket>(fd, name_of(peer), stop);
  return tls == nullptr ? stream_on(std::move(socket)) : tls_server_stream(std::move(socket), *tls);
}

Result<DatagramSocket> DatagramSocket::bind(const HostPort& at, size_t buffer) {
  auto fd = bound(at, SOCK_DGRAM);
  if (!fd) return fail(std::move(fd.error()));
  DatagramSocket made(std::move(*fd), to_string(at));
  const int on = 1, size = static_cast<int>(buffer);
  ::setsockopt(made.fd_.get(), SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof on);
  ::setsockopt(made.fd_.get(), SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  made.port_ = port_of(made.fd_.get());
  return made;
}

Result<size_t> DatagramSocket::receive(std::span<char> out, std::chrono::milliseconds within, const Interrupt& stop) {
  const PollOutcome ready = poll_until(fd_.get(), POLLIN, &stop, Deadline(within));
  if (ready == PollOutcome::interrupted) return fail(ErrorKind::closed, name_ + ": closed by us");
  if (ready == PollOutcome::timed_out) return fail(ErrorKind::timed_out, name_ + ": nothing came");
  alignas(cmsghdr) std::array<char, 64> control{};
  iovec room{out.data(), out.size()};
  msghdr message{};
  message.msg_iov = &room, message.msg_iovlen = 1, message.msg_control = control.data(),
  message.msg_controllen = control.size();
  const ssize_t n = ::recvmsg(fd_.get(), &message, 0);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return fail(ErrorKind::timed_out, name_ + ": nothing came");
  if (n < 0) return broken(name_, "cannot receive");
  for (cmsghdr* c = CMSG_FIRSTHDR(&message); c != nullptr; c = CMSG_NXTHDR(&message, c)) {
    if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SO_RXQ_OVFL) continue;
    uint32_t dropped = 0;
    std::memcpy(&dropped, CMSG_DATA(c), sizeof dropped);
    lost_ = dropped;
  }
  return static_cast<size_t>(n);
}

}  // namespace hf::net
