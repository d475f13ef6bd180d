// The target of a request line, taken apart once and strictly: one spelling in, one meaning out.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "hal/platform/result.hpp"

namespace hf::http {

struct Target {
  std::string path;                          // decoded: "/api/v1/queues/sales team"
  std::map<std::string, std::string> query;  // decoded, '+' is a space
};

// Origin form only ("/path?query"). invalid_input: another form, a broken or needless %, control characters, bytes that
// are not UTF-8, "." or ".." segments, "//", a fragment, or one parameter twice (which one counts must never be a
// question).
Result<Target> parse_target(std::string_view text);

// Percent-encodes all but unreserved characters (RFC 3986, 2.3), for a path segment or a query value.
std::string percent_encode(std::string_view text);

}  // namespace hf::http
