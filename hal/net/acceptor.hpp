// Those who connect to us, and datagrams sent to us: TCP, UDP and local sockets on which a source listens.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "hal/net/byte_stream.hpp"
#include "hal/net/interrupt.hpp"
#include "hal/net/tcp_stream.hpp"
#include "hal/net/tls.hpp"
#include "hal/platform/descriptor.hpp"

namespace hf::net {

// Listens for connections. Ends with its owner; a local socket's file goes with it.
class Acceptor {
 public:
  // `at.host` is a literal address; port 0 takes a free one. invalid_input: no address; io: in use, not ours.
  static Result<Acceptor> tcp(const HostPort& at);
  // A file of mode 0660: who may write to it may connect. A left-over socket is replaced, any other file is not.
  static Result<Acceptor> local(const std::filesystem::path& path);

  Acceptor(Acceptor&&) noexcept = default;
  Acceptor& operator=(Acceptor&&) noexcept = default;
  ~Acceptor();

  // The next connection. timed_out: nobody came; closed: interrupted. With `tls` the handshake is done by the stream's
  // first read.
  Result<std::unique_ptr<ByteStream>> accept(std::chrono::milliseconds within, const std::shared_ptr<Interrupt>& stop,
                                             const TlsContext* tls = nullptr) const;
  uint16_t port() const { return port_; }

 private:
  Acceptor(Descriptor fd, std::string name) : fd_(std::move(fd)), name_(std::move(name)) {}
  Descriptor fd_;
  std::string name_;
  std::filesystem::path file_;  // of a local socket
  uint16_t port_ = 0;
};

// Datagrams to one address.
class DatagramSocket {
 public:
  // As Acceptor::tcp's. `buffer`: what the kernel may keep for us while we are busy, in bytes.
  static Result<DatagramSocket> bind(const HostPort& at, size_t buffer);

  // The next datagram, cut at out.size(); its length, which may be 0. timed_out; closed: interrupted; io.
  Result<size_t> receive(std::span<char> out, std::chrono::milliseconds within, const Interrupt& stop);
  uint64_t lost() const {
    return lost_;
  }  // datagrams that the kernel dropped since the start, since its buffer was full
  uint16_t port() const { return port_; }

 private:
  DatagramSocket(Descriptor fd, std::string name) : fd_(std::move(fd)), name_(std::move(name)) {}
  Descriptor fd_;
  std::string name_;
  uint64_t lost_ = 0;
  uint16_t port_ = 0;
};

}  // namespace hf::net
