// SIP and RTCP that somebody else captures and sends here: HEPv3 over UDP, TCP and TLS, or from holdfast-tap over a
// local socket. A source that listens: it never connects to anything. Each connection and the datagrams have a thread
// that only reads; what they read is taken one after the other. While the agent is busy TCP's senders wait; of UDP the
// kernel keeps kBuffer bytes and counts what it drops, which health() tells as a loss of ours, apart from the quality
// of the calls.
#pragma once

#include <atomic>
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
#include "hal/pbx/hep_frame.hpp"
#include "hal/pbx/pbx_source.hpp"
#include "hal/pbx/sip_feed.hpp"
#include "hal/platform/clock.hpp"
#include "hal/platform/secret.hpp"

namespace hf::pbx {

struct HepOptions {
  std::string kind = "hep";              // as describe() names it; "tap" for holdfast-tap
  std::optional<net::HostPort> address;  // UDP and TCP
  std::optional<uint16_t> tls_port;      // at the same address
  std::optional<net::TlsContext> tls;    // needed for tls_port
  std::filesystem::path local;           // a local socket instead
  Secret key;                            // that every frame must carry; empty = none is asked for
  std::vector<Endpoint> pbx;             // its addresses; empty = learnt
  SipKey site_key{};
  std::chrono::milliseconds quiet{60'000};  // without a frame for so long health() says so
};

class HepSource final : public PbxSource {
 public:
  static constexpr size_t kMaxConnections = 16;       // more are closed at once, and counted
  static constexpr size_t kBuffer = size_t{8} << 20;  // the kernel's, for datagrams

  HepSource(HepOptions options, Clock& clock);
  ~HepSource() override;

  Description describe() const override;
  // Errors: an address that is none; TLS without a context. A port that is taken is tried again every 10 s and told by
  // health().
  Status run(EventSink& sink, Cursor from) override;
  void stop() override;
  SourceHealth health() const override;
  // Where UDP, TCP and TLS listen; 0 before. For tests, which ask for port 0.
  struct Ports {
    uint16_t udp = 0, tcp = 0, tls = 0;
  };
  Ports ports() const;

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

  Result<Listening> listen();
  void serve(Listening listening, EventSink& sink);
  void receive(net::DatagramSocket& socket, EventSink& sink);
  void accept(const net::Acceptor& acceptor, const net::TlsContext* tls, EventSink& sink);
  void admit(std::unique_ptr<net::ByteStream> stream, EventSink& sink);
  void follow(net::ByteStream& stream, EventSink& sink);
  void tick(EventSink& sink);
  void take(std::string_view bytes, EventSink& sink);
  void take_payload(const HepFrame& frame, Time now, std::vector<CallEvent>& out);
  void give(std::vector<CallEvent> events, const std::optional<Time>& sent, EventSink& sink);
  void complain(std::string what);
  void refresh(Time now);
  std::string where() const;

  HepOptions options_;
  Clock& clock_;
  const std::shared_ptr<net::Interrupt> stop_ = std::make_shared<net::Interrupt>();

  std::mutex taking_;  // guards what follows: one frame at a time
  SipFeed feed_;
  Time last_{};
  bool up_ = false;
  uint64_t refused_ = 0, unread_ = 0, compressed_ = 0;
  std::optional<Time> last_frame_;
  std::string complaint_, told_complaint_;
  Time complained_{};
  std::string tap_words_;  // what holdfast-tap says of itself

  std::mutex connecting_;  // guards what follows
  std::list<Connection> connections_;
  uint64_t turned_away_ = 0;

  mutable std::mutex mutex_;  // guards what follows
  SourceHealth health_;
  Ports ports_;
  uint64_t udp_lost_ = 0;
};

}  // namespace hf::pbx
