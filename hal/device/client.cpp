#include "hal/device/client.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace hf::device {

Result<Fields> ask(const Path& socket, const Ask& ask, std::chrono::milliseconds within) {
  if (auto good = check(ask.request); !good) return fail(std::move(good.error()));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = socket.string();
  if (path.size() >= sizeof address.sun_path) return fail(ErrorKind::invalid_input, "the socket's path is too long");
  std::memcpy(address.sun_path, path.data(), path.size());
  const Descriptor fd(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
  if (fd.get() < 0 || ::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return fail(file_error(socket, errno));
  const std::string message = write_ask(ask);
  if (::send(fd.get(), message.data(), message.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(message.size())) return fail(file_error(socket, errno));
  pollfd ready{fd.get(), POLLIN, 0};
  const int polled = ::poll(&ready, 1, static_cast<int>(within.count()));
  if (polled == 0) return fail(ErrorKind::timed_out, "the device service did not answer");
  std::array<char, kMaxMessage> buffer;
  const ssize_t got = polled < 0 ? -1 : ::recv(fd.get(), buffer.data(), buffer.size(), 0);
  if (got < 0) return fail(file_error(socket, errno));
  if (got == 0) return fail(ErrorKind::denied, "the device service closed without an answer");
  return parse_answer({buffer.data(), static_cast<size_t>(got)});
}

}  // namespace hf::device
