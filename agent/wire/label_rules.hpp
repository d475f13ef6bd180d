// The rules of the only text on the wire. In: a label that IT approved. Out: whether it may leave, and why not.
#pragma once

#include <string_view>

#include "hal/platform/result.hpp"

namespace hf::wire {

// 1 to 60 characters of valid UTF-8, no control characters, at most 4 digits in a row; blanks and punctuation between
// digits do not end the row, and digits of any script count. Fails with invalid_input; the text of the error does not
// repeat the label.
Status check_label(std::string_view label);

// [a-z][a-z0-9-]{0,23}, at most 4 digits in a row. Fails with invalid_input.
Status check_site(std::string_view site);

}  // namespace hf::wire
