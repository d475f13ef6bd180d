// The page's files, given by the app, compressed once at build time. Answers are pure and made on the server's thread.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "agent/http/http_types.hpp"

namespace hf::http {

struct Asset {
  std::string_view path;  // "/index.html"
  std::string_view content_type;
  std::string_view gzip_bytes;
  std::string_view etag;  // with its quotes
};

// "/" is /index.html. Unset when there is no such asset. Only GET and HEAD; If-None-Match is answered by 304. The page
// has no routes of its own: places inside it stand behind '#'.
std::optional<Response> asset_answer(std::span<const Asset> assets, const Request& request);

}  // namespace hf::http
