// Those who send to a source of their own accord: datagrams, and connections over TCP, TLS or a local socket. Each has a thread that only reads.
// While the agent is busy connections wait; of datagrams the kernel keeps kBuffer bytes and counts what it drops.
#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "hal/net/acceptor.hpp"
#include "hal/net/interrupt.hpp"
#include "hal/net/tls.hpp"

namespace hf::pbx {

struct SenderAddresses {
  std::optional<net::HostPort> address;  // UDP and TCP
  std::optional<uint16_t> tls_port;      // at the same address
  std::optional<net::TlsContext> tls;    // needed for tls_port
  std::filesystem::path local;           // a local socket instead
};

// What a source does with what comes. Called from the hub's threads, several at once.
struct Senders {
  virtual ~Senders() = default;
  virtual void datagram(std::string_view bytes) = 0;
  // Takes the bytes of one connection in order. An error ends the connection; it goes to broken().
  struct Stream {
    virtual ~Stream() = default;
    virtual Status take(std::string_view bytes) = 0;
  };
  virtual std::unique_ptr<Stream> stream() = 0;
  virtual void broken(std::string what) = 0;
  // Every second; `last_left`: the last connection has ended since.
  virtual void tick(bool last_left) = 0;
  // The addresses cannot be had now; tried again every 10 s.
  virtual void waiting(const Error& why) = 0;
};

class SenderHub {
 public:
  static constexpr size_t kMaxConnections = 16;       // more are closed at once, and counted
  static constexpr size_t kBuffer = size_t{8} << 20;  // the kernel's, for datagrams
  static constexpr size_t kMaxDatagram = size_t{64} << 10;

  explicit SenderHub(SenderAddresses addresses) : addresses_(std::move(addresses)) {}

  // Serves until `stop`. invalid_input: neither an address nor a socket, an address that is none, or TLS without a certificate.
  Status run(Senders& senders, const std::shared_ptr<net::Interrupt>& stop);

  // "0.0.0.0:9060", or the local socket's path.
  std::string where() const;
  // Where UDP, TCP and TLS listen; 0 before.
  struct Ports {
    uint16_t udp = 0, tcp = 0, tls = 0;
  };
  Ports ports() const;
  uint64_t datagrams_lost() const { return lost_; }
  uint64_t turned_away() const { return turned_away_; }

 private:
  struct Listening {
    std::optional<net::DatagramSocket> udp;
    std::optional<net::Acceptor> tcp, tls, local;
  };
  struct Connection {
    std::unique_ptr<net::ByteStream> stream;
    std::thread thread;
    std::atomic<bool> over = false;
  };

  Result<Listening> listen() const;
  void serve(Listening listening, Senders& senders, const std::shared_ptr<net::Interrupt>& stop);
  void receive(net::DatagramSocket& socket, Senders& senders, const net::Interrupt& stop);
  void accept(const net::Acceptor& acceptor, const net::TlsContext* tls, Senders& senders, const std::shared_ptr<net::Interrupt>& stop);
  void admit(std::unique_ptr<net::ByteStream> stream, Senders& senders);
  static void follow(net::ByteStream& stream, Senders& senders);
  bool clear_ended();

  const SenderAddresses addresses_;
  std::mutex connecting_;  // guards connections_
  std::list<Connection> connections_;
  std::atomic<uint64_t> turned_away_ = 0, lost_ = 0;
  mutable std::mutex mutex_;  // guards ports_
  Ports ports_;
};

}  // namespace hf::pbx
