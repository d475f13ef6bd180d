// Text as PBXs send it, made safe to keep: valid UTF-8, bounded, callers as pseudonyms. Pure.
#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>

#include "hal/pbx/call_event.hpp"
#include "hal/platform/siphash.hpp"

namespace hf::pbx {

inline constexpr size_t kMaxText = 1000;  // longer values are cut: no name, queue or reason of a real PBX comes near

// Valid UTF-8 of at most kMaxText bytes. A text that is not UTF-8 is read as ISO 8859-1, which is what Asterisk 16
// passes through from old phones ("M\xfcller" becomes "Müller"); Asterisk 22 has already put U+FFFD there.
std::string clean_text(std::string_view text);

// Pseudonym of a caller's number: SipHash-2-4 of its digits. 0 when there is no digit ("<unknown>", "unknown",
// "anonymous", "").
CallerKey caller_key(const SipKey& key, std::string_view number);

// Name of a channel without its running number: "PJSIP/trunk-0000002a" -> "PJSIP/trunk",
// "Local/1008@from-phones-00000005;1" -> "Local/1008@from-phones". A name of another form comes back whole.
std::string_view device_of(std::string_view channel);

// Whole text as a number, or nothing.
template <class T>
std::optional<T> to_number(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return value;
}

// "286", "0.5" in seconds. Nothing for what is no number, is negative or lasts longer than a year.
std::optional<Duration> to_seconds(std::string_view text);
// Unix seconds with up to six decimals. Nothing for what is no time of the years 1970 to 9999.
std::optional<Time> to_time(std::string_view text);
// "01:15:04" as CoreShowChannels writes an age; hours may have more than two digits.
std::optional<Duration> to_age(std::string_view text);

}  // namespace hf::pbx
