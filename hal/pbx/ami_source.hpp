// A live Asterisk, followed over its Manager Interface for as long as the agent runs: connects, logs in, asks for full
// pictures, reconnects. Sends nothing but what ami_action.hpp can express.
#pragma once

#include <functional>
#include <memory>
#include <mutex>

#include "hal/net/byte_stream.hpp"
#include "hal/net/interrupt.hpp"
#include "hal/net/tcp_stream.hpp"
#include "hal/pbx/ami_session.hpp"
#include "hal/pbx/backoff.hpp"
#include "hal/pbx/chunk_queue.hpp"
#include "hal/pbx/pbx_source.hpp"

namespace hf::pbx {

struct AmiOptions {
  net::HostPort address;
  std::string user;
  std::filesystem::path secret_file;  // read before each login, so that a corrected file is enough
  AmiEventMask events;
  SipKey site_key{};
  AmiTimes times;
  std::chrono::milliseconds connect_within{10'000};
  std::chrono::milliseconds first_retry{1'000}, last_retry{30'000};
  std::chrono::milliseconds slow_retry{
      60'000};  // after a refused login or a stranger on the port: knocking faster locks accounts
  size_t max_waiting_bytes = size_t{64} << 20;  // received and not yet understood; beyond it the connection is given up
};

// Opens a connection; `stop` ends the call and the stream's waits.
using AmiConnect = std::function<Result<std::unique_ptr<net::ByteStream>>(const std::shared_ptr<net::Interrupt>& stop)>;

class AmiSource final : public PbxSource {
 public:
  // `connect` stands in for TCP in tests; left empty, options.address is dialled. The clock and random must outlive the
  // source.
  AmiSource(AmiOptions options, Clock& clock, Random& random, AmiConnect connect = {});
  ~AmiSource() override;

  Description describe() const override;
  // invalid_input when the user or the event classes cannot be sent; all else is retried for ever and told by health().
  Status run(EventSink& sink, Cursor from) override;
  void stop() override;
  SourceHealth health() const override;

 private:
  struct Served {
    Error why;
    bool was_up = false;
    Time lost{};  // nothing was received from here on
  };

  Status check() const;
  Result<std::unique_ptr<net::ByteStream>> open();
  Served serve(net::ByteStream& stream, Secret secret, EventSink& sink);
  Error follow(net::ByteStream& stream, ChunkQueue& queue, AmiSession& session, EventSink& sink);
  void receive(net::ByteStream& stream, ChunkQueue& queue);
  Status step(net::ByteStream& stream, ChunkQueue& queue, AmiSession& session, EventSink& sink);
  void give(std::vector<CallEvent> events, EventSink& sink);
  void wait_after(const Error& why, bool was_up);
  void tell(Health state, std::string what);
  void count(const AmiSession& session, size_t bytes);

  const AmiOptions options_;
  Clock& clock_;
  Random& random_;
  const AmiConnect connect_;
  const std::shared_ptr<net::Interrupt> stop_ = std::make_shared<net::Interrupt>();
  Backoff backoff_;
  Time last_{};  // of the last event given out

  mutable std::mutex mutex_;  // guards what follows
  SourceHealth health_;
  uint64_t unknown_before_ = 0, malformed_before_ = 0;  // of earlier connections
  net::ByteStream* stream_ = nullptr;                   // the open one, for stop()
};

}  // namespace hf::pbx
