// A live PBX, followed over one connection for as long as the agent runs: connects, reads, reconnects, tells gaps. What
// is said on the connection is its session's business. In: bytes. Out: events into the sink, health.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "hal/net/byte_stream.hpp"
#include "hal/net/interrupt.hpp"
#include "hal/net/tcp_stream.hpp"
#include "hal/pbx/backoff.hpp"
#include "hal/pbx/chunk_queue.hpp"
#include "hal/pbx/live_session.hpp"
#include "hal/pbx/pbx_source.hpp"
#include "hal/platform/secret.hpp"
#include "hal/platform/siphash.hpp"

namespace hf::pbx {

struct LiveOptions {
  net::HostPort address;
  std::filesystem::path secret_file;  // read before each login, so that a corrected file is enough
  // Set: over TLS, and only with a PBX for whose certificate this file (PEM: a CA, or the PBX's own certificate) vouches. Read before each connection;
  // one that is missing or empty is an error, never a connection without a check.
  std::optional<std::filesystem::path> tls_ca_file;
  SipKey site_key{};
  std::chrono::milliseconds connect_within{10'000};
  std::chrono::milliseconds first_retry{1'000}, last_retry{30'000};
  std::chrono::milliseconds slow_retry{
      60'000};  // after a refused login or a stranger on the port: knocking faster locks accounts
  size_t max_waiting_bytes = size_t{64} << 20;  // received and not yet understood; beyond it the connection is given up
};

// Opens a connection; `stop` ends the call and the stream's waits.
using LiveConnect =
    std::function<Result<std::unique_ptr<net::ByteStream>>(const std::shared_ptr<net::Interrupt>& stop)>;

class LiveSource : public PbxSource {
 public:
  ~LiveSource() override;

  // invalid_input when something that is configured cannot be sent; all else is retried for ever and told by health().
  Status run(EventSink& sink, Cursor from) override;
  void stop() override;
  SourceHealth health() const override;

 protected:
  // `connect` stands in for TCP in tests; left empty, options.address is dialled. The clock and random must outlive the
  // source.
  LiveSource(LiveOptions options, Clock& clock, Random& random, LiveConnect connect);

  // Whether what is configured can be sent at all.
  virtual Status check() const = 0;
  virtual std::unique_ptr<LiveSession> make_session(Secret secret, SteadyTime now) const = 0;

 private:
  struct Served {
    Error why;
    bool was_up = false;
    Time lost{};  // nothing was received from here on
  };

  Result<std::unique_ptr<net::ByteStream>> open();
  Served serve(net::ByteStream& stream, Secret secret, EventSink& sink);
  Error follow(net::ByteStream& stream, ChunkQueue& queue, LiveSession& session, EventSink& sink);
  void receive(net::ByteStream& stream, ChunkQueue& queue);
  Status step(net::ByteStream& stream, ChunkQueue& queue, LiveSession& session, EventSink& sink);
  void give(std::vector<CallEvent> events, EventSink& sink);
  void wait_after(const Error& why, bool was_up);
  void tell(Health state, std::string what);
  void count(const LiveSession& session, size_t bytes);

  const LiveOptions options_;
  Clock& clock_;
  Random& random_;
  const LiveConnect connect_;
  const std::shared_ptr<net::Interrupt> stop_ = std::make_shared<net::Interrupt>();
  Backoff backoff_;
  Time last_{};  // of the last event given out

  mutable std::mutex mutex_;  // guards what follows
  SourceHealth health_;
  uint64_t unknown_before_ = 0, malformed_before_ = 0;  // of earlier connections
  net::ByteStream* stream_ = nullptr;                   // the open one, for stop()
};

}  // namespace hf::pbx
