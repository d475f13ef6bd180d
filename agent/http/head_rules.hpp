// What a request's head may look like before a parser is asked at all: RFC 9112 read strictly.
#pragma once

#include <string_view>

namespace hf::http {

// nullptr when fine, else the reason. `head` runs from the request line to the empty line inclusive. Refused: lines
// that do not end in CR LF, control characters, folded lines, space before a colon, more than 100 fields, and anything
// but exactly one Host and at most one Content-Length; Transfer-Encoding is told apart by has_transfer_encoding().
[[nodiscard]] const char* broken_head_rule(std::string_view head);

// A message whose length is told by chunks. RFC 9112, 6.3 lets a server answer 411 to it: with no second way to tell
// the length there is nothing to smuggle.
[[nodiscard]] bool has_transfer_encoding(std::string_view head);

}  // namespace hf::http
