// Where work is done. In: jobs. Out: they run, one after another per thread, on threads that the owner named and
// bounded.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace hf {

using Job = std::function<void()>;

struct Executor {
  virtual ~Executor() = default;
  // From any thread. False: too much waits already, the job was not taken and will not run.
  [[nodiscard]] virtual bool post(Job job) = 0;
  // For the second half of work whose first half was taken: never refused. The number of such jobs is bounded by those
  // first halves.
  virtual void resume(Job job) = 0;
};

// Threads with one bounded queue. A job must not throw. The destructor waits for the jobs that run and drops those that
// wait.
class Workers final : public Executor {
 public:
  Workers(size_t threads, size_t max_waiting);
  ~Workers() override;
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  [[nodiscard]] bool post(Job job) override;
  void resume(Job job) override;
  void stop();  // from the owner's thread, any number of times; what is posted later is refused or dropped

 private:
  void run();

  const size_t max_waiting_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace hf
