// One printed call record, read by a template. Pure. In: a line and how its PBX prints. Out: a SmdrRecord; times are of the site's wall clock.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "hal/pbx/call_event.hpp"
#include "hal/pbx/smdr/smdr_template.hpp"
#include "hal/platform/siphash.hpp"
#include "hal/platform/time_zone.hpp"

namespace hf::pbx {

struct SmdrRecord {
  std::string call;  // empty: not told
  std::string line, queue, device, name;
  CallerKey caller = 0;
  std::optional<Time> start, end;
  std::optional<Duration> ring, queue_wait, talk, total, hold;
  bool answered = false, more = false;
  bool clipped = false;       // a duration stands at the highest value that its column can hold: it was as long, or longer
  bool whole_seconds = true;  // false: `end` is told to the minute alone
};

enum class SmdrVerdict : uint8_t { record, passed_over, malformed };  // passed over: headers, page feeds, calls not from outside

// malformed when a column that the template promises is missing or cannot be read; `problem` then names it.
SmdrVerdict read_smdr(std::string_view line, const SmdrTemplate& how, const TimeZone& zone, const SipKey& site_key, SmdrRecord& out, std::string& problem);

// "5'15", "00:01'05", "0:00:07", "286": hours, minutes and seconds, as many as are there. Nothing for what is none of these.
std::optional<Duration> to_smdr_duration(std::string_view text);
// `alternatives`: beginnings with '|' between them; an empty one is none.
bool begins_with_one_of(std::string_view text, std::string_view alternatives);
// Whether the text is the highest that its signs can say: "9'59", "999", "59:59".
bool at_its_limit(std::string_view text);

}  // namespace hf::pbx
