#include "agent/http/assets.hpp"

#include <algorithm>

namespace hf::http {

std::optional<Response> asset_answer(std::span<const Asset> assets, const Request& request) {
  const std::string_view path = request.path == "/" ? "/index.html" : std::string_view(request.path);
  const auto asset = std::find_if(assets.begin(), assets.end(), [path](const Asset& a) { return a.path == path; });
  if (asset == assets.end()) return std::nullopt;
  Response response;
  if (request.method != Method::get && request.method != Method::head) {
    response.status = 405;
    response.headers = {{"Allow", "GET, HEAD"}};
    return response;
  }
  // Always asked for again, so that an updated box never shows an old page; unchanged files cost a 304.
  response.headers = {{"ETag", std::string(asset->etag)}, {"Cache-Control", "no-cache"}, {"Vary", "Accept-Encoding"}};
  if (const auto* known = request.header("If-None-Match"); known && *known == asset->etag) {
    response.status = 304;
    return response;
  }
  response.headers.push_back({"Content-Type", std::string(asset->content_type)});
  response.headers.push_back(
      {"Content-Encoding", "gzip"});  // every browser since 1999 takes it; there is no other form on the box
  if (request.method == Method::get) response.body = asset->gzip_bytes;
  return response;
}

}  // namespace hf::http
