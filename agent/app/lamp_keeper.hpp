// Keeps the lamp on the box in the rhythm of the site's state. In: the state, from any thread. Out: a lamp that blinks.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "agent/settings/settings.hpp"
#include "hal/board/lamp.hpp"

namespace hf::app {

class LampKeeper {
 public:
  LampKeeper(std::unique_ptr<board::Lamp> lamp, Clock& clock);
  ~LampKeeper();  // leaves it dark
  LampKeeper(const LampKeeper&) = delete;
  LampKeeper& operator=(const LampKeeper&) = delete;

  void show(board::LampState state);
  // Why the lamp could not be lit, until it can again.
  std::optional<std::string> problem() const;

 private:
  void run();

  const std::unique_ptr<board::Lamp> lamp_;
  Clock& clock_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  board::LampState state_ = board::LampState::calm;
  SteadyTime since_{};
  bool stopped_ = false;
  std::optional<std::string> problem_;
  std::thread thread_;
};

// As the settings say it; null without a lamp.
std::unique_ptr<board::Lamp> make_lamp(const settings::LampSettings& settings);

}  // namespace hf::app
