// The one thread that writes the journal: group commit, retries, push back. In: batches from the app's loop. Out: sequence numbers at once,
// word of what is on the disk soon after. What was told durable is never lost; what was only submitted may be, by a power cut within flush_after.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "agent/journal/journal.hpp"

namespace hf::journal {

struct WriterOptions {
  std::chrono::milliseconds flush_after{900};   // events are on the disk at most one second after receipt; the disk takes its share
  size_t batch_rows = 8192;                     // so many waiting entries are written without waiting longer
  size_t queue_rows = 200'000;                  // beyond it submit() pushes back
  std::chrono::milliseconds first_retry{250}, longest_retry{10'000};
};

struct WriterHealth {
  std::string problem;      // empty = well; else what the disk said last, e.g. "...: disk full"
  size_t waiting = 0;       // entries not yet on the disk
  uint64_t durable = 0;     // the last entry that is
};

class Writer {
 public:
  // `on_durable` is called on the writer's thread, with the last sequence on the disk, after each commit.
  explicit Writer(Journal journal, WriterOptions options = {}, std::function<void(uint64_t)> on_durable = {});
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // Takes all of it and returns the sequence of the last entry, or takes nothing: busy when the queue is full, closed after stop().
  // Entries are numbered in the order of the calls. The cursor is committed together with the entries.
  Result<uint64_t> submit(std::vector<Entry> entries, std::optional<Cursor> cursor = std::nullopt);
  // The same, and waits until they are on the disk: for what people do. timed_out: not yet there; they stay queued and are tried on.
  Result<uint64_t> submit_now(std::vector<Entry> entries, std::chrono::milliseconds patience = std::chrono::seconds(10));
  // Writes what is queued without waiting for more; on_durable tells when it is there. For what an outgoing message rests on.
  void hurry();
  // Waits until entry `sequence` is on the disk.
  Status wait_durable(uint64_t sequence, std::chrono::milliseconds patience);

  // Runs `work` on the writer's thread once everything submitted before is on the disk: snapshots, retention, checks, erase(). It must not
  // append nor erase_everything(). timed_out: it was not begun and will not be.
  Status with_journal(std::function<void(Journal&)> work, std::chrono::milliseconds patience);

  uint64_t durable() const;
  WriterHealth health() const;

  // Writes what is queued and closes the journal. On failure tells how many entries could not be written.
  Status stop();

 private:
  struct Batch {
    std::vector<Entry> entries;
    std::optional<Cursor> cursor;
    SteadyTime arrived{};
  };
  struct Job {
    std::function<void(Journal&)> work;
    bool begun = false, done = false;
  };
  using Lock = std::unique_lock<std::mutex>;

  void run();
  void wait_for_work(Lock& lock);
  Batch take_batch(std::vector<Cursor>& cursors);
  bool write(Lock& lock, const Batch& batch, const std::vector<Cursor>& cursors);
  bool try_write(Lock& lock, const Batch& batch, const std::vector<Cursor>& cursors);
  void run_jobs(Lock& lock);
  Result<uint64_t> enqueue(const Lock& lock, std::vector<Entry> entries, std::optional<Cursor> cursor);
  Status await(Lock& lock, uint64_t sequence, std::chrono::milliseconds patience);

  Journal journal_;  // the writer thread's alone, once it runs
  const WriterOptions options_;
  const std::function<void(uint64_t)> on_durable_;

  mutable std::mutex mutex_;  // all below
  std::condition_variable to_do_, done_;
  std::deque<Batch> queue_;
  std::deque<Job*> jobs_;
  size_t rows_ = 0;           // queued or being written
  uint64_t next_ = 1, durable_ = 0;
  uint64_t hurry_to_ = 0;     // write without waiting up to this sequence
  bool stopping_ = false;
  std::string problem_;
  std::thread thread_;
};

}  // namespace hf::journal
