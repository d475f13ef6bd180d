#include "agent/web/csrf.hpp"

#include <algorithm>

#include "agent/access/token.hpp"

namespace hf::web {

namespace {

std::string lower(std::string_view s) {
  std::string out(s);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

// The only header of that name; null when it is absent or there are two (which of them would count?).
const std::string* only_header(const http::Request& request, std::string_view name) {
  const std::string* found = nullptr;
  for (const auto& header : request.headers) {
    if (lower(header.name) != lower(name)) continue;
    if (found) return nullptr;
    found = &header.value;
  }
  return found;
}

constexpr std::string_view kAttributes = "; Path=/; Secure; HttpOnly; SameSite=Strict";

}  // namespace

bool same_origin(const http::Request& request) {
  const std::string* origin = only_header(request, "Origin");
  const std::string* host = only_header(request, "Host");
  if (!origin || !host || host->empty() || lower(*origin) != "https://" + lower(*host)) return false;
  if (!request.header("Sec-Fetch-Site")) return true;
  const std::string* site = only_header(request, "Sec-Fetch-Site");
  return site && *site == "same-origin";
}

bool csrf_token_fits(const http::Request& request, std::string_view token) {
  const std::string* shown = only_header(request, kCsrfHeader);
  return shown && !token.empty() && access::equal_secret(*shown, token);
}

bool is_json(const http::Request& request) {
  const std::string* type = only_header(request, "Content-Type");
  if (!type) return false;
  std::string plain = lower(*type);
  std::erase(plain, ' ');
  return plain == "application/json" || plain == "application/json;charset=utf-8";
}

std::optional<std::string> session_token(const http::Request& request) {
  auto token = request.cookie(kCookie);
  const auto hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (!token || token->size() != 64 || !std::all_of(token->begin(), token->end(), hex)) return std::nullopt;
  return token;
}

std::string session_cookie(std::string_view token) { return std::string(kCookie) + "=" + std::string(token) + std::string(kAttributes); }
std::string ended_cookie() { return std::string(kCookie) + "=; Max-Age=0" + std::string(kAttributes); }

}  // namespace hf::web
