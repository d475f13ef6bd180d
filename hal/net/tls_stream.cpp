#include "hal/net/tls_stream.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <climits>

#include "hal/net/openssl.hpp"
#include "hal/net/socket.hpp"

namespace hf::net {

namespace {

// OpenSSL's own socket BIO writes without MSG_NOSIGNAL: a peer that went away would kill the process with SIGPIPE.
int bio_write(BIO* bio, const char* bytes, int size) {
  const auto* socket = static_cast<const Socket*>(::BIO_get_data(bio));
  ::BIO_clear_retry_flags(bio);
  const auto n = ::send(socket->fd(), bytes, static_cast<size_t>(size), MSG_NOSIGNAL);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) ::BIO_set_retry_write(bio);
  return static_cast<int>(n);
}

int bio_read(BIO* bio, char* bytes, int size) {
  const auto* socket = static_cast<const Socket*>(::BIO_get_data(bio));
  ::BIO_clear_retry_flags(bio);
  const auto n = ::recv(socket->fd(), bytes, static_cast<size_t>(size), 0);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) ::BIO_set_retry_read(bio);
  return static_cast<int>(n);
}

long bio_control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

BIO* new_bio(Socket* socket) {
  static BIO_METHOD* const method = [] {
    BIO_METHOD* made = ::BIO_meth_new(::BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "holdfast socket");
    ::BIO_meth_set_write(made, bio_write);
    ::BIO_meth_set_read(made, bio_read);
    ::BIO_meth_set_ctrl(made, bio_control);
    return made;
  }();
  BIO* bio = ::BIO_new(method);
  ::BIO_set_data(bio, socket);
  ::BIO_set_init(bio, 1);
  return bio;
}

class TlsStream final : public ByteStream {
 public:
  TlsStream(std::unique_ptr<Socket> socket, const TlsContext& context)
      : socket_(std::move(socket)), ssl_(::SSL_new(context.get())) {
    BIO* bio = new_bio(socket_.get());
    ::SSL_set_bio(ssl_.get(), bio, bio);
  }

  Status handshake(const std::string& host, const Deadline& deadline) {
    if (auto set = expect_host(ssl_.get(), host); !set) return set;
    auto done = repeat(deadline, [this] { return ::SSL_connect(ssl_.get()); });
    if (!done && done.error().kind == ErrorKind::io) {
      return fail(handshake_error(ssl_.get(), peer(), "TLS handshake: " + done.error().what));
    }
    if (!done) return fail(std::move(done.error()).context("TLS handshake"));
    return {};
  }

  void wait_for_handshake() { ::SSL_set_accept_state(ssl_.get()); }

  Result<size_t> read(std::span<char> out, std::chrono::milliseconds within) override {
    const int room = static_cast<int>(std::min<size_t>(out.size(), INT_MAX));
    return repeat(Deadline(within), [this, out, room] { return ::SSL_read(ssl_.get(), out.data(), room); });
  }

  Status write(std::string_view bytes, std::chrono::milliseconds within) override {
    const Deadline deadline(within);
    while (!bytes.empty()) {
      const int size = static_cast<int>(std::min<size_t>(bytes.size(), 1 << 20));
      auto n = repeat(deadline, [this, bytes, size] { return ::SSL_write(ssl_.get(), bytes.data(), size); });
      if (!n) return fail(std::move(n.error()));
      bytes.remove_prefix(*n);
    }
    return {};
  }

  void close() override { socket_->shut(); }
  std::string peer() const override { return socket_->peer(); }

 private:
  // Calls `step` until it moves on; it may have to wait for either direction, whatever it does (key updates).
  template <class Step>
  Result<size_t> repeat(const Deadline& deadline, Step step) {
    while (true) {
      if (socket_->shut_down()) return fail(ErrorKind::closed, peer() + ": closed by us");
      ::ERR_clear_error();
      const int n = step();
      if (n > 0) return static_cast<size_t>(n);
      const int why = ::SSL_get_error(ssl_.get(), n);
      if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) return failed(why);
      auto ready = socket_->wait(why == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, deadline);
      if (!ready) return fail(std::move(ready.error()));
    }
  }

  std::unexpected<Error> failed(int why) {
    const int system_error = errno;
    if (socket_->shut_down()) return fail(ErrorKind::closed, peer() + ": closed by us");
    if (why == SSL_ERROR_ZERO_RETURN) return fail(ErrorKind::closed, peer() + ": the other side closed the connection");
    if (why == SSL_ERROR_SYSCALL && system_error != 0) return fail(socket_->broken(system_error));
    return openssl_failure(ErrorKind::io, peer());
  }

  const std::unique_ptr<Socket> socket_;
  const SslPtr ssl_;
};

}  // namespace

std::unique_ptr<ByteStream> tls_server_stream(std::unique_ptr<Socket> socket, const TlsContext& context) {
  auto stream = std::make_unique<TlsStream>(std::move(socket), context);
  stream->wait_for_handshake();
  return stream;
}

Result<std::unique_ptr<ByteStream>> connect_tls(const HostPort& to, const TlsContext& context,
                                                std::chrono::milliseconds within, std::shared_ptr<Interrupt> stop) {
  const Deadline deadline(within);
  auto socket = connect_socket(to, within, std::move(stop));
  if (!socket) return fail(std::move(socket.error()));
  auto stream = std::make_unique<TlsStream>(std::move(*socket), context);
  if (auto done = stream->handshake(to.host, deadline); !done) return fail(std::move(done.error()));
  return stream;
}

}  // namespace hf::net
