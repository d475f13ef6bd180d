#include "hal/net/tcp_stream.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <charconv>

#include "hal/net/socket.hpp"

namespace hf::net {

namespace {

using namespace std::string_view_literals;

class TcpStream final : public ByteStream {
 public:
  explicit TcpStream(std::unique_ptr<Socket> socket) : socket_(std::move(socket)) {}

  Result<size_t> read(std::span<char> out, std::chrono::milliseconds within) override {
    const Deadline deadline(within);
    while (true) {
      if (auto ready = socket_->wait(POLLIN, deadline); !ready) return fail(std::move(ready.error()));
      const ssize_t n = ::recv(socket_->fd(), out.data(), out.size(), 0);
      if (n > 0) return static_cast<size_t>(n);
      if (n == 0) return fail(ErrorKind::closed, socket_->peer() + ": the other side closed the connection");
      if (errno != EAGAIN && errno != EINTR) return fail(socket_->broken(errno));
    }
  }

  Status write(std::string_view bytes, std::chrono::milliseconds within) override {
    const Deadline deadline(within);
    while (!bytes.empty()) {
      if (auto ready = socket_->wait(POLLOUT, deadline); !ready) return ready;
      const ssize_t n = ::send(socket_->fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n >= 0) {
        bytes.remove_prefix(static_cast<size_t>(n));
      } else if (errno != EAGAIN && errno != EINTR) {
        return fail(socket_->broken(errno));
      }
    }
    return {};
  }

  void close() override { socket_->shut(); }
  std::string peer() const override { return socket_->peer(); }

 private:
  const std::unique_ptr<Socket> socket_;
};

std::unexpected<Error> bad_address(std::string_view text) {
  return fail(ErrorKind::invalid_input, "\"" + std::string(text) + "\" is not an address of the form HOST:PORT");
}

}  // namespace

std::unique_ptr<ByteStream> stream_on(std::unique_ptr<Socket> socket) { return std::make_unique<TcpStream>(std::move(socket)); }

Result<HostPort> parse_host_port(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return bad_address(text);
  std::string_view host = text.substr(0, colon);
  if (host.front() == '[') {
    if (host.size() < 3 || host.back() != ']') return bad_address(text);
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return bad_address(text);  // an IPv6 address without brackets: the last group could be taken for the port
  }
  const std::string_view digits = text.substr(colon + 1);
  uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc() || end != digits.data() + digits.size() || port == 0) return bad_address(text);
  if (host.find_first_of(" \t\r\n\0[]/@"sv) != std::string_view::npos) return bad_address(text);
  return HostPort{std::string(host), port};
}

std::string to_string(const HostPort& address) {
  const bool v6 = address.host.find(':') != std::string::npos;
  return (v6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

bool is_address(const std::string& host) {
  in6_addr scratch;  // room for either kind
  return ::inet_pton(AF_INET, host.c_str(), &scratch) == 1 || ::inet_pton(AF_INET6, host.c_str(), &scratch) == 1;
}

Result<std::unique_ptr<ByteStream>> connect_tcp(const HostPort& to, std::chrono::milliseconds within,
                                                std::shared_ptr<Interrupt> stop) {
  auto socket = connect_socket(to, within, std::move(stop));
  if (!socket) return fail(std::move(socket.error()));
  return stream_on(std::move(*socket));
}

}  // namespace hf::net
