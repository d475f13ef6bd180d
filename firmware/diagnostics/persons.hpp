// Takes out of a line of a log what may name a person: numbers as people dial them, accounts, and the last part of addresses. Pure.
#pragma once

#include <string>
#include <string_view>

namespace hf::diagnostics {

// "call from +49 30 12345 by admin@192.0.2.9" becomes "call from <number> by <account>". Rather too much than too little: a long count of bytes goes too.
std::string without_persons(std::string_view text);
// The kernel's words: its numbers are addresses of hardware and counts, so only accounts and network addresses go.
std::string without_addresses(std::string_view text);

}  // namespace hf::diagnostics
