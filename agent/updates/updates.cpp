#include "agent/updates/updates.hpp"

#include <array>

namespace hf::updates {

namespace {

template <size_t N, class E>
std::string_view word(const std::array<std::string_view, N>& words, E value) {
  const auto at = static_cast<size_t>(value);
  return at < N ? words[at] : words[0];
}

constexpr std::array<std::string_view, 3> kKeepers{"unknown", "packages", "box"};
constexpr std::array<std::string_view, 3> kOrigins{"upload", "usb", "hq"};
constexpr std::array<std::string_view, 4> kVerdicts{"unchecked", "checking", "good", "refused"};
constexpr std::array<std::string_view, 14> kReasons{"none",   "damaged",  "signature",   "other_hardware", "downgrade", "same", "too_old", "no_space",
                                                    "health", "never_up", "interrupted", "replaced",       "name",      "other"};
constexpr std::array<std::string_view, 4> kStages{"idle", "installing", "installed", "trial"};
constexpr std::array<std::string_view, 5> kOutcomes{"under_way", "good", "failed", "given_back", "interrupted"};

}  // namespace

std::string_view to_string(Keeper keeper) { return word(kKeepers, keeper); }
std::string_view to_string(Origin origin) { return word(kOrigins, origin); }
std::string_view to_string(Verdict verdict) { return word(kVerdicts, verdict); }
std::string_view to_string(Reason reason) { return word(kReasons, reason); }
std::string_view to_string(Stage stage) { return word(kStages, stage); }
std::string_view to_string(Outcome outcome) { return word(kOutcomes, outcome); }

}  // namespace hf::updates
