// Was this request made by our own page? Pure. OWASP ASVS 5.0 3.5.1-3.5.3: a token in a header, the browser's own word
// about the origin, and a content type that no plain form can send.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agent/http/http_types.hpp"

namespace hf::http {

constexpr std::string_view kCookie = "__Host-hf";
constexpr std::string_view kCsrfHeader = "Holdfast-CSRF";

// `Origin` must be there and be https:// + Host; `Sec-Fetch-Site`, where a browser sends it, must be same-origin. A
// missing header is a no.
[[nodiscard]] bool same_origin(const Request& request);
// The header's token equals the session's, compared in constant time.
[[nodiscard]] bool csrf_token_fits(const Request& request, std::string_view token);
// application/json, with or without charset=utf-8.
[[nodiscard]] bool is_json(const Request& request);

// The session token of the request: 64 hex digits; unset when it is absent, repeated or anything else.
std::optional<std::string> session_token(const Request& request);
std::string session_cookie(std::string_view token);
std::string ended_cookie();

// On every answer: what a browser may do with it. Answers of the API are never stored.
void add_security_headers(Response& response);

}  // namespace hf::http
