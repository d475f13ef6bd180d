#include "firmware/deviced/server.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "hal/platform/log.hpp"

namespace hf::deviced {

namespace {

constexpr size_t kMaxConnections = 8;
constexpr auto kIdle = std::chrono::seconds(30);  // a connection that asks nothing is closed

// What the kernel knows of the other end. Nothing when it does not tell: then nobody is served.
std::optional<Peer> peer_of(int fd) {
  ucred who{};
  socklen_t size = sizeof who;
  if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) != 0 || size != sizeof who) return std::nullopt;
  Peer peer{who.uid, who.pid, "?"};
  if (auto name = read_file(fmt::format("/proc/{}/comm", who.pid), 64)) peer.program = name->substr(0, name->find('\n'));
  return peer;
}

}  // namespace

Result<Descriptor> listen_at(const Path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name = path.string();
  if (name.size() >= sizeof address.sun_path) return fail(ErrorKind::invalid_input, name + ": too long for a socket");
  std::memcpy(address.sun_path, name.data(), name.size());
  Descriptor fd(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (fd.get() < 0) return fail(file_error(path, errno));
  if (::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || ::listen(fd.get(), static_cast<int>(kMaxConnections)) != 0)
    return fail(file_error(path, errno));
  return fd;
}

void Server::accept() {
  Descriptor fd(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (fd.get() < 0) return;
  auto peer = peer_of(fd.get());
  if (!peer) return log_warning("device", "a connection without credentials is closed");
  connections_.push_back({std::move(fd), std::move(*peer), clock_.steady()});
}

bool Server::serve(const Connection& connection) {
  std::array<char, device::kMaxMessage> buffer;
  iovec part{buffer.data(), buffer.size()};
  msghdr header{};
  header.msg_iov = &part, header.msg_iovlen = 1;
  const ssize_t got = ::recvmsg(connection.fd.get(), &header, 0);
  if (got < 0) return errno == EAGAIN || errno == EINTR;
  if (got == 0) return false;
  const bool cut = (header.msg_flags & MSG_TRUNC) != 0;  // longer than any message: what is left of it is not looked at
  const std::string answer = service_.answer(connection.peer, cut ? std::string_view() : std::string_view(buffer.data(), static_cast<size_t>(got)));
  return ::send(connection.fd.get(), answer.data(), answer.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(answer.size());
}

std::chrono::milliseconds Server::patience(std::chrono::milliseconds every) const {
  const auto next = service_.next_tick();
  if (!next) return every;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*next - clock_.steady());
  return std::clamp(left, std::chrono::milliseconds(0), every);
}

Status Server::run(const net::Interrupt& stop, std::chrono::milliseconds every, const std::function<void()>& alive) {
  while (!stop.triggered()) {
    service_.tick();
    alive();
    // While all places are taken nobody new is let in: they wait in the kernel's queue.
    std::vector<pollfd> fds{{stop.fd(), POLLIN, 0}, {connections_.size() < kMaxConnections ? listener_.get() : -1, POLLIN, 0}};
    for (const auto& c : connections_) fds.push_back({c.fd.get(), POLLIN, 0});
    if (::poll(fds.data(), fds.size(), static_cast<int>(patience(every).count())) < 0 && errno != EINTR) return fail(ErrorKind::io, "poll failed");
    const SteadyTime now = clock_.steady();
    std::vector<Connection> kept;
    for (size_t i = 0; i < connections_.size(); ++i) {
      const bool spoke = fds[i + 2].revents != 0;
      if (spoke ? !serve(connections_[i]) : now - connections_[i].since > kIdle) continue;
      if (spoke) connections_[i].since = now;
      kept.push_back(std::move(connections_[i]));
    }
    connections_ = std::move(kept);
    if (fds[1].revents != 0) accept();
  }
  return {};
}

}  // namespace hf::deviced
