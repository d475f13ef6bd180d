#include "agent/http/own_page.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "hal/net/digest.hpp"

namespace hf::http {

namespace {

std::string lower(std::string_view s) {
  std::string out(s);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

// The only header of that name; null when it is absent or there are two (which of them would count?).
const std::string* only_header(const Request& request, std::string_view name) {
  const std::string* found = nullptr;
  for (const auto& header : request.headers) {
    if (lower(header.name) != lower(name)) continue;
    if (found) return nullptr;
    found = &header.value;
  }
  return found;
}

bool has(const Response& response, std::string_view name) {
  for (const auto& header : response.headers)
    if (header.name == name) return true;
  return false;
}

constexpr std::string_view kAttributes = "; Path=/; Secure; HttpOnly; SameSite=Strict";

}  // namespace

bool same_origin(const Request& request) {
  const std::string* origin = only_header(request, "Origin");
  const std::string* host = only_header(request, "Host");
  if (!origin || !host || host->empty() || lower(*origin) != "https://" + lower(*host)) return false;
  if (!request.header("Sec-Fetch-Site")) return true;
  const std::string* site = only_header(request, "Sec-Fetch-Site");
  return site && *site == "same-origin";
}

bool csrf_token_fits(const Request& request, std::string_view token) {
  const std::string* shown = only_header(request, kCsrfHeader);
  return shown && !token.empty() && net::equal_constant_time(*shown, token);
}

bool is_json(const Request& request) {
  const std::string* type = only_header(request, "Content-Type");
  if (!type) return false;
  std::string plain = lower(*type);
  std::erase(plain, ' ');
  return plain == "application/json" || plain == "application/json;charset=utf-8";
}

std::optional<std::string> session_token(const Request& request) {
  auto token = request.cookie(kCookie);
  const auto hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (!token || token->size() != 64 || !std::all_of(token->begin(), token->end(), hex)) return std::nullopt;
  return token;
}

std::string session_cookie(std::string_view token) { return fmt::format("{}={}{}", kCookie, token, kAttributes); }
std::string ended_cookie() { return fmt::format("{}=; Max-Age=0{}", kCookie, kAttributes); }

void add_security_headers(Response& response) {
  auto& headers = response.headers;
  headers.push_back({"Strict-Transport-Security", "max-age=31536000; includeSubDomains"});
  headers.push_back({"Content-Security-Policy",
                     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
                     "font-src 'self'; media-src 'self'; "
                     "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"});
  headers.push_back({"X-Content-Type-Options", "nosniff"});
  headers.push_back({"Referrer-Policy", "no-referrer"});
  headers.push_back({"Cross-Origin-Opener-Policy", "same-origin"});
  headers.push_back({"Cross-Origin-Resource-Policy", "same-origin"});
  if (!has(response, "Cache-Control")) headers.push_back({"Cache-Control", "no-store"});
}

}  // namespace hf::http
