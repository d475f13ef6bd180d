// Questions of other threads to the loop. In: work. Out: what it returned, or busy.
#pragma once

#include <chrono>
#include <future>
#include <memory>

#include "agent/app/inbox.hpp"
#include "hal/platform/result.hpp"

namespace hf::app {

// Runs on the loop's thread and waits for it; busy when the loop does not come to it within ten seconds. `work` may then still run later, so it
// captures by value what may be gone.
template <class F>
auto on_loop(Inbox& inbox, F work) -> Result<decltype(work())> {
  auto done = std::make_shared<std::promise<decltype(work())>>();
  auto answer = done->get_future();
  if (!inbox.post([done, work = std::move(work)]() mutable { done->set_value(work()); }))
    return fail(ErrorKind::busy, "the agent is stopping or overloaded");
  if (answer.wait_for(std::chrono::seconds(10)) != std::future_status::ready) return fail(ErrorKind::busy, "the agent is busy; try again");
  return answer.get();
}

}  // namespace hf::app
