// Proposes how a PBX prints its call records, from lines that somebody pastes. In: up to 200 lines. Out: a template, the lines as it reads
// them, and what it is not sure of. Pure. A proposal is for a person to look at: nothing is taken into use by itself.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hal/pbx/smdr/smdr_line.hpp"

namespace hf::pbx {

// no_time: nothing looks like a date with a time. one_duration: it is taken as the whole call. guessed_durations: ring and talk are told apart by
// their lengths alone. guessed_numbers: caller and dialled number by their order. date_order: every day is below 13. which_end: one time, taken
// as the start. no_direction: every line counts as a call from outside. clipped: a column stands at its highest value. unread: lines that the
// template cannot read. few_lines: fewer than ten. fixed_width: columns were found by their blanks. several_lines: lines that begin alike were
// taken for further lines of the record above.
enum class SmdrDoubt : uint8_t { no_time, one_duration, guessed_durations, guessed_numbers, date_order, which_end, no_direction, clipped, unread, few_lines, fixed_width, several_lines };
std::string_view to_string(SmdrDoubt doubt);
std::string_view in_words(SmdrDoubt doubt);  // English, for the command line

struct SmdrLineRead {
  std::string line;  // as pasted, safe to show
  SmdrVerdict verdict{};
  SmdrRecord record;
  std::string problem;  // of a malformed one
};

struct SmdrProposal {
  SmdrTemplate how;
  std::vector<SmdrDoubt> doubts;
  std::vector<SmdrLineRead> lines;
};

inline constexpr size_t kMaxPasted = 200;  // lines; what comes behind is not looked at

// invalid_input: no line with two numbers in it.
Result<SmdrProposal> propose_smdr(std::string_view text, const TimeZone& zone);

}  // namespace hf::pbx
