// The seam between a telephony source and the agent. A source never acts on the PBX, never ends the process, never logs personal data.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hal/pbx/call_event.hpp"

namespace hf::pbx {

// Where a source can go on after a restart: opaque to all but the source. Empty for a source that cannot (a live AMI stream).
using Cursor = std::string;

// What this source can and cannot know. What it cannot know reads unknown everywhere above, never 0.
struct Description {
  std::string kind;       // "ami", "queue_log", "simulator", "replay"
  std::string address;    // host and port, or path
  bool live = false;      // events arrive as they happen
  bool agent_state = false;      // who is free
  bool pre_queue = false;        // callers before the queue
  bool hold_times = false;       // hold after answer
  bool voice = false;            // how calls sounded, where phones or PBX report it
  bool queues = true;            // which queue a caller waits in, from when on, and why it gave him back
  bool abandons = true;
  bool resumable = false;        // events missed while away can be read later
  Duration grain{};              // its times are told in steps of this; zero: events count when they come
};

enum class Health : uint8_t { connecting, healthy, degraded, failed };
struct SourceHealth {
  Health state = Health::connecting;
  std::string what;       // "connected to pbx:5038"; a failure names the thing and the remedy
  Time since{};
  uint64_t events = 0, bytes = 0, unknown_messages = 0, malformed_messages = 0, reconnects = 0;
  std::optional<Time> last_event;
};

// Takes what a source has. Called from the source's own thread; on() blocks while the agent is busy (push back, never drop).
struct EventSink {
  virtual ~EventSink() = default;
  // The events of one message or chunk and the cursor behind them: they are committed together.
  virtual void on(std::vector<CallEvent> events, Cursor cursor) = 0;
};

class PbxSource {
 public:
  virtual ~PbxSource() = default;
  virtual Description describe() const = 0;
  // Runs until stop() or, for a replay, until the end. Returns an error only for what cannot mend itself (wrong path, no such scenario);
  // a PBX that is away or refuses the login is retried for ever and told by health().
  virtual Status run(EventSink& sink, Cursor from) = 0;
  virtual void stop() = 0;               // from any thread; run() returns soon after
  virtual SourceHealth health() const = 0;  // from any thread
};

}  // namespace hf::pbx
