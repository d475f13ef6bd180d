// A response as the bytes of HTTP/1.1.
#pragma once

#include <string>

#include "agent/http/http_types.hpp"

namespace hf::http {

enum class Connection : uint8_t { close, keep_alive };

// The response, or a bare 500 when its status is no final one or a field would break out of its line (CR, LF, NUL, a
// name that is no token).
Response checked(Response response);

// Status line and fields of a checked response, up to the empty line. The length is told by Content-Length, or by
// chunks when there is a stream.
std::string response_head(const Response& response, Connection connection);

// One piece of a body in chunks (RFC 9112, 7.1); the last one is empty.
std::string chunk(std::string_view bytes);

// A body-less answer of the server itself.
Response plain_answer(unsigned status);

}  // namespace hf::http
