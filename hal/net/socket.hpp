// The descriptor below the blocking streams: owned, non-blocking, closed once.
#pragma once

#include <atomic>
#include <memory>

#include "hal/net/poll.hpp"
#include "hal/net/tcp_stream.hpp"

namespace hf::net {

class Socket {
 public:
  Socket(int fd, std::string peer, std::shared_ptr<Interrupt> stop);
  ~Socket();
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  int fd() const { return fd_; }
  const std::string& peer() const { return peer_; }

  // Waits for `events`. Ok when ready; closed after shut() or an interrupt; timed_out; io.
  Status wait(short events, const Deadline& deadline) const;
  void shut();  // from any thread: wakes a wait
  bool shut_down() const { return shut_; }

  // The error of the system's last call as ours, with the peer's address.
  Error broken(int error_number) const;

 private:
  const int fd_;
  const std::string peer_;
  const std::shared_ptr<Interrupt> stop_;
  std::atomic<bool> shut_ = false;
};

// A connected socket as a stream.
std::unique_ptr<ByteStream> stream_on(std::unique_ptr<Socket> socket);

// What connect_tcp does, before a stream is put on top.
Result<std::unique_ptr<Socket>> connect_socket(const HostPort& to, std::chrono::milliseconds within,
                                               std::shared_ptr<Interrupt> stop);

}  // namespace hf::net
