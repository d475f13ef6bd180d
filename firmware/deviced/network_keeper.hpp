// The box's network settings, which nobody can lock himself out with. In: a setting. Out: a file for systemd-networkd that is taken back by itself unless
// somebody confirms, over the new setting, that it works. What is confirmed lies on the data partition; what is on trial only in /run, so a power cut undoes it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "firmware/deviced/machine.hpp"
#include "hal/device/request.hpp"
#include "hal/platform/clock.hpp"
#include "hal/platform/files.hpp"

namespace hf::deviced {

// The text of the .network file, as systemd.network(5) reads it.
std::string network_file(const device::SetNetwork& setting);
// Back from that text; what others wrote is left out.
device::SetNetwork read_network_file(std::string_view text);

enum class TrialEnd : uint8_t { kept, reverted, taken_back };  // taken_back: nobody confirmed in time
struct EndedTrial {
  device::SetNetwork setting;
  TrialEnd how{};
  SteadyTime at{};
};

class NetworkKeeper {
 public:
  // `kept`: folder on the data partition; `live`: networkd's folder in /run. Both are there.
  NetworkKeeper(Path kept, Path live, Machine& machine, Random& random) : kept_(std::move(kept)), live_(std::move(live)), machine_(machine), random_(random) {}

  // Puts it to trial and returns the token that confirms it. busy: another one is on trial.
  Result<std::string> set(const device::SetNetwork& setting, SteadyTime now);
  // denied: not the token of what is on trial; not_found: nothing is.
  Status confirm(std::string_view token, SteadyTime now);
  // Takes back what is on trial. not_found: nothing is.
  Status revert(SteadyTime now);
  // Takes back what nobody confirmed in time; true when it did.
  Result<bool> tick(SteadyTime now);

  std::optional<SteadyTime> deadline() const { return trial_ ? std::optional(trial_->until) : std::nullopt; }
  std::optional<device::SetNetwork> on_trial() const { return trial_ ? std::optional(trial_->setting) : std::nullopt; }
  const std::optional<EndedTrial>& last() const { return last_; }  // since this program began
  // The settings that were confirmed, by interface; kMaxKept at most. The image's own are not among them.
  std::vector<device::SetNetwork> kept() const;
  static constexpr size_t kMaxKept = 8;

 private:
  struct Trial {
    device::SetNetwork setting;
    std::string token, text;
    SteadyTime until;
  };
  Status take_back();
  void end(TrialEnd how, SteadyTime now);
  Path kept_, live_;
  Machine& machine_;
  Random& random_;
  std::optional<Trial> trial_;
  std::optional<EndedTrial> last_;
};

}  // namespace hf::deviced
