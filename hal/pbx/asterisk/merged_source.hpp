// One Asterisk followed by its manager and by its queue_log at once. Two sources run, each in a thread; their events become one stream
// (asterisk_merge). In: both. Out: the events, and a health that tells how each is and how they differ.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>

#include "hal/pbx/asterisk/asterisk_merge.hpp"
#include "hal/platform/clock.hpp"

namespace hf::pbx {

class MergedSource final : public PbxSource {
 public:
  // `log` may be a file that is followed or lines sent by a log daemon. The clock must outlive the source.
  MergedSource(std::unique_ptr<PbxSource> manager, std::unique_ptr<PbxSource> log, Clock& clock);
  ~MergedSource() override;

  Description describe() const override;
  // The cursor is the log's: the manager cannot tell what was missed. The first error of either ends both.
  Status run(EventSink& sink, Cursor from) override;
  void stop() override;
  SourceHealth health() const override;

 private:
  struct ManagerSink;
  struct LogSink;
  void give(EventSink& sink, std::vector<CallEvent> events);
  void keep_time(EventSink& sink);

  const std::unique_ptr<PbxSource> manager_, log_;
  Clock& clock_;
  std::mutex order_;  // guards what follows, and the order of what is given; held while the agent is busy
  std::condition_variable changed_;
  AsteriskMerge merge_;
  bool over_ = false;
  mutable std::mutex numbers_;  // guards what follows, for health(): never held for long
  MergeCounts counts_;
  uint64_t given_ = 0;
  std::optional<Time> last_event_;
};

}  // namespace hf::pbx
