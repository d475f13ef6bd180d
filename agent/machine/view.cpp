// The device service's words as plain values. Pure.
#include <algorithm>
#include <charconv>

#include "agent/machine/machine.hpp"

namespace hf::machine {

namespace {

constexpr size_t kMaxSettings = 8, kMaxWords = 8;

std::string text(const device::Fields& status, const std::string& key) { return std::string(device::find(status, key).value_or(std::string_view())); }

int64_t number(const device::Fields& status, const std::string& key) {
  const std::string digits = text(status, key);
  int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc() && end == digits.data() + digits.size() ? value : 0;
}

std::vector<std::string> words(const device::Fields& status, const std::string& key) {
  std::vector<std::string> out;
  std::string_view rest = device::find(status, key).value_or(std::string_view());
  while (!rest.empty() && out.size() < kMaxWords) {
    const std::string_view word = rest.substr(0, rest.find(','));
    out.emplace_back(word);
    rest.remove_prefix(std::min(word.size() + 1, rest.size()));
  }
  return out;
}

std::optional<Setting> setting(const device::Fields& status, const std::string& prefix) {
  if (!device::find(status, prefix + "interface")) return std::nullopt;
  return Setting{text(status, prefix + "interface"), text(status, prefix + "address"), text(status, prefix + "gateway"), words(status, prefix + "dns"), text(status, prefix + "dhcp") == "yes"};
}

TrialEnd end_of(const std::string& word) { return word == "kept" ? TrialEnd::kept : word == "reverted" ? TrialEnd::reverted : TrialEnd::taken_back; }

std::optional<Shutdown> shutdown(const device::Fields& status) {
  for (const bool power_off : {false, true}) {
    const std::string key = power_off ? "power_off_at" : "reboot_at";
    if (!device::find(status, key)) continue;
    const Time from{std::chrono::seconds(number(status, key))}, until{std::chrono::seconds(number(status, "shutdown_until"))};
    return Shutdown{power_off, {from, std::max(from, until)}};
  }
  return std::nullopt;
}

// As it was set here; else as it is.
std::string set_or_now(const device::Fields& status, const std::string& key) {
  const std::string set = text(status, key), now = text(status, key + "_now");
  return !set.empty() ? set : now == "unknown" ? std::string() : now;
}

}  // namespace

View read_view(const device::Fields& status) {
  View view;
  view.present = true;
  view.hostname = set_or_now(status, "hostname"), view.zone = set_or_now(status, "zone");
  view.time_servers = words(status, "time_servers");
  for (size_t i = 0; i < kMaxSettings; ++i)
    if (auto kept = setting(status, "network." + std::to_string(i) + ".")) view.settings.push_back(std::move(*kept));
  if (auto trial = setting(status, "trial.")) view.trial = Trial{std::move(*trial), std::chrono::seconds(number(status, "trial.seconds_left")), false, std::nullopt};
  if (auto last = setting(status, "last_trial."))
    view.last_trial = EndedTrial{std::move(*last), end_of(text(status, "last_trial.end")), std::chrono::seconds(number(status, "last_trial.ago"))};
  view.shutdown = shutdown(status);
  return view;
}

}  // namespace hf::machine
