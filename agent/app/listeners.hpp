// The sources at work: a thread each, from where each left off. In: sources. Out: their events, at the inbox's doors.
//
// Sources that tell of the past first (a log that was written while the agent was away) begin before those that are live from the start, and their
// pasts become one, in the order of time. None waits for one that has nothing to say: it may be broken, and must stop no other.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "agent/app/engine.hpp"
#include "agent/app/make_source.hpp"
#include "hal/pbx/listener.hpp"

namespace hf::app {

struct NamedSource {
  std::string pbx;  // its name
  Source source;
  bool ended = false;  // its run is over; guarded by the listeners
  Status status;       // with this
  std::unique_ptr<pbx::Listener> heard = nullptr;  // between the source and the inbox: what it tells, for who asks. Made by the listeners
};

class Listeners {
 public:
  // All of them must outlive the listeners. `all_failed`: no source runs any more, and at least one ended with the error that is told. From
  // one of their threads, at most once. (A replay that came to its end leaves the agent running.)
  Listeners(std::vector<NamedSource>& sources, Engine& engine, Inbox& inbox, const Clock& clock, std::function<void(Status)> all_failed);
  ~Listeners();
  Listeners(const Listeners&) = delete;
  Listeners& operator=(const Listeners&) = delete;

  void start();
  void stop();  // asks all of them; join() returns soon after
  void join();
  // How one source is; with what ended it, if that was an error.
  pbx::SourceHealth health(const NamedSource& source) const;

 private:
  struct Past {
    const NamedSource* source;
    std::optional<Time> latest;
    SteadyTime since;  // when it said that
  };
  void listen(NamedSource& source, std::string from);
  void begin_in_turn();
  void begin(bool live);
  bool over(Past& past);
  bool stopped() const;

  std::vector<NamedSource>& sources_;
  Engine& engine_;
  Inbox& inbox_;
  const Clock& clock_;
  std::function<void(Status)> all_failed_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  size_t running_ = 0;
  std::vector<std::string> cursors_;
  std::vector<std::thread> threads_;
  std::thread starter_;
};

}  // namespace hf::app
