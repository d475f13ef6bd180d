// LINKS: hf_web
// Headers of a request, one a line, through the checks of origin, token, content type, cookie and language. Checks: what is let through has exactly the
// headers that our own page sends.
#include <cstdlib>

#include "agent/web/csrf.hpp"
#include "agent/web/language.hpp"

namespace {

void require(bool good) {
  if (!good) std::abort();
}

hf::http::Request request_from(std::string_view text) {
  hf::http::Request request;
  while (!text.empty() && request.headers.size() < 100) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const size_t colon = line.find(": ");
    if (colon != line.npos) request.headers.push_back({std::string(line.substr(0, colon)), std::string(line.substr(colon + 2))});
  }
  return request;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto request = request_from({reinterpret_cast<const char*>(data), size});
  if (hf::web::same_origin(request)) {
    const auto* origin = request.header("Origin");
    require(origin && origin->size() > 8 && request.header("Host"));
    require(!request.header("Sec-Fetch-Site") || *request.header("Sec-Fetch-Site") == "same-origin");
  }
  const std::string token(64, 'a');
  if (hf::web::csrf_token_fits(request, token)) require(*request.header("Holdfast-CSRF") == token);
  require(!hf::web::csrf_token_fits(request, ""));
  if (const auto session = hf::web::session_token(request)) require(session->size() == 64 && session->find_first_not_of("0123456789abcdef") == session->npos);
  (void)hf::web::is_json(request);
  (void)hf::web::language_of(request, hf::web::Language::en);
  return 0;
}
