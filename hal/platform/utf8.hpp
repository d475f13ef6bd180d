// UTF-8 as RFC 3629 defines it: no overlong forms, no surrogates, nothing beyond U+10FFFF.
#pragma once

#include <cstddef>
#include <string_view>

namespace hf {

// Bytes of the character at the start of `text` (1-4), 0 when there is none or it is not valid.
size_t utf8_length(std::string_view text);

// Every byte belongs to a valid character.
[[nodiscard]] bool is_utf8(std::string_view text);

}  // namespace hf
