#include "agent/journal/writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace hf::journal {

namespace {

SteadyTime steady_now() { return std::chrono::steady_clock::now(); }

}  // namespace

Writer::Writer(Journal journal, WriterOptions options, std::function<void(uint64_t)> on_durable)
    : journal_(std::move(journal)), options_(options), on_durable_(std::move(on_durable)) {
  durable_ = journal_.last_sequence();
  next_ = durable_ + 1;
  thread_ = std::thread([this] { run(); });
}

Writer::~Writer() { (void)stop(); }

Result<uint64_t> Writer::submit(std::vector<Entry> entries, std::optional<Cursor> cursor) {
  const Lock lock(mutex_);
  return enqueue(lock, std::move(entries), std::move(cursor));
}

Result<uint64_t> Writer::submit_now(std::vector<Entry> entries, std::chrono::milliseconds patience) {
  Lock lock(mutex_);
  auto last = enqueue(lock, std::move(entries), std::nullopt);
  if (!last) return last;
  hurry_to_ = *last;
  to_do_.notify_one();
  if (auto s = await(lock, *last, patience); !s) return fail(std::move(s.error()));
  return last;
}

Result<uint64_t> Writer::enqueue(const Lock&, std::vector<Entry> entries, std::optional<Cursor> cursor) {
  if (stopping_) return fail(ErrorKind::closed, "the journal is closed");
  if (rows_ + entries.size() > options_.queue_rows && rows_ > 0) {
    return fail(ErrorKind::busy, fmt::format("{} entries wait for the disk{}{}", rows_, problem_.empty() ? "" : ": ", problem_));
  }
  if (entries.empty() && !cursor) return next_ - 1;
  rows_ += entries.size(), next_ += entries.size();
  queue_.push_back({std::move(entries), std::move(cursor), steady_now()});
  to_do_.notify_one();
  return next_ - 1;
}

void Writer::hurry() {
  const Lock lock(mutex_);
  hurry_to_ = next_ - 1;
  to_do_.notify_one();
}

Status Writer::wait_durable(uint64_t sequence, std::chrono::milliseconds patience) {
  Lock lock(mutex_);
  return await(lock, sequence, patience);
}

Status Writer::await(Lock& lock, uint64_t sequence, std::chrono::milliseconds patience) {
  done_.wait_until(lock, steady_now() + patience, [&] { return durable_ >= sequence || stopping_; });
  if (durable_ >= sequence) return {};
  if (stopping_) return fail(ErrorKind::closed, "the journal is being closed");
  return fail(ErrorKind::timed_out, fmt::format("entry {} is not on the disk yet{}{}", sequence, problem_.empty() ? "" : ": ", problem_));
}

Status Writer::with_journal(std::function<void(Journal&)> work, std::chrono::milliseconds patience) {
  Job job{std::move(work)};
  Lock lock(mutex_);
  if (stopping_) return fail(ErrorKind::closed, "the journal is closed");
  jobs_.push_back(&job);
  to_do_.notify_one();
  done_.wait_until(lock, steady_now() + patience, [&] { return job.done || job.begun; });
  if (!job.begun) {
    std::erase(jobs_, &job);
    return fail(ErrorKind::timed_out, fmt::format("the journal is busy{}{}", problem_.empty() ? "" : ": ", problem_));
  }
  done_.wait(lock, [&job] { return job.done; });  // it refers to the caller's variables: once begun it must be seen to its end
  return {};
}

uint64_t Writer::durable() const {
  const Lock lock(mutex_);
  return durable_;
}

WriterHealth Writer::health() const {
  const Lock lock(mutex_);
  return {problem_, rows_, durable_};
}

Status Writer::stop() {
  {
    const Lock lock(mutex_);
    stopping_ = true;
    to_do_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
  const Lock lock(mutex_);
  done_.notify_all();
  if (rows_ == 0) return {};
  return fail(ErrorKind::io, fmt::format("{} entries could not be written: {}", rows_, problem_));
}

// --- the writer's thread

void Writer::run() {
  Lock lock(mutex_);
  for (bool well = true; well && !(stopping_ && queue_.empty());) {
    wait_for_work(lock);
    std::vector<Cursor> cursors;
    if (!queue_.empty()) well = write(lock, take_batch(cursors), cursors);
    run_jobs(lock);
  }
  if (auto closed = journal_.close(); !closed && problem_.empty()) problem_ = closed.error().what;
}

// Until a batch is due: old enough, large enough, wanted now.
void Writer::wait_for_work(Lock& lock) {
  to_do_.wait(lock, [this] { return !queue_.empty() || !jobs_.empty() || stopping_; });
  if (queue_.empty()) return;
  to_do_.wait_until(lock, queue_.front().arrived + options_.flush_after,
                    [this] { return hurry_to_ > durable_ || stopping_ || !jobs_.empty() || rows_ >= options_.batch_rows; });
}

// Joins what came in one after another to one transaction; of each source only the last cursor counts.
Writer::Batch Writer::take_batch(std::vector<Cursor>& cursors) {
  Batch joined;
  while (!queue_.empty() && (joined.entries.empty() || joined.entries.size() + queue_.front().entries.size() <= options_.batch_rows)) {
    Batch next = std::move(queue_.front());
    queue_.pop_front();
    std::ranges::move(next.entries, std::back_inserter(joined.entries));
    if (!next.cursor) continue;
    const auto same = std::ranges::find(cursors, next.cursor->source, &Cursor::source);
    if (same == cursors.end()) cursors.push_back(std::move(*next.cursor));
    else same->value = std::move(next.cursor->value);
  }
  return joined;
}

// Tries until the batch is on the disk. False only when stop() was called and the disk still refuses.
bool Writer::write(Lock& lock, const Batch& batch, const std::vector<Cursor>& cursors) {
  auto pause = options_.first_retry;
  while (!try_write(lock, batch, cursors)) {
    if (stopping_) return false;
    to_do_.wait_until(lock, steady_now() + pause, [this] { return stopping_; });
    pause = std::min(pause * 2, options_.longest_retry);
  }
  return true;
}

bool Writer::try_write(Lock& lock, const Batch& batch, const std::vector<Cursor>& cursors) {
  lock.unlock();
  auto last = journal_.append(batch.entries, cursors);
  lock.lock();
  problem_ = last ? std::string() : last.error().what;
  if (!last) return false;
  durable_ = *last;
  rows_ -= batch.entries.size();
  done_.notify_all();
  if (!on_durable_) return true;
  lock.unlock();
  on_durable_(*last);
  lock.lock();
  return true;
}

void Writer::run_jobs(Lock& lock) {
  while (!jobs_.empty() && queue_.empty()) {
    Job* job = jobs_.front();
    jobs_.pop_front();
    job->begun = true;
    lock.unlock();
    job->work(journal_);
    lock.lock();
    job->done = true;
    done_.notify_all();
  }
}

}  // namespace hf::journal
