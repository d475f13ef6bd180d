#include "agent/http/response_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace hf::http {

namespace {

struct Reason {
  unsigned status;
  std::string_view phrase;
};
constexpr Reason kReasons[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {303, "See Other"},
    {304, "Not Modified"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {411, "Length Required"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {503, "Service Unavailable"},
};

std::string_view reason(unsigned status) {
  const auto* found = std::ranges::find(kReasons, status, &Reason::status);
  return found != std::end(kReasons) ? found->phrase : "Other";  // the phrase carries no meaning (RFC 9112, 4)
}

bool safe_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) { return c > 0x20 && c < 0x7f && c != ':'; });
}

bool safe_value(std::string_view value) {
  return value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

// Fields the server sets itself, so that a handler cannot contradict what is really sent.
bool is_framing(std::string_view name) {
  return same_header_name(name, "content-length") || same_header_name(name, "transfer-encoding") ||
         same_header_name(name, "connection");
}

}  // namespace

Response checked(Response response) {
  const bool safe =
      response.status >= 200 && response.status <= 599 &&
      std::ranges::all_of(response.headers, [](const Header& h) { return safe_name(h.name) && safe_value(h.value); });
  return safe ? std::move(response) : plain_answer(500);
}

std::string response_head(const Response& response, Connection connection) {
  std::string head = fmt::format("HTTP/1.1 {} {}\r\n", response.status, reason(response.status));
  for (const Header& h : response.headers) {
    if (!is_framing(h.name)) head += fmt::format("{}: {}\r\n", h.name, h.value);
  }
  if (response.stream) {
    head += "Transfer-Encoding: chunked\r\n";
  } else if (response.status != 204 && response.status != 304) {
    head += fmt::format("Content-Length: {}\r\n", response.body.size());
  }
  if (connection == Connection::close) head += "Connection: close\r\n";
  return head + "\r\n";
}

std::string chunk(std::string_view bytes) { return fmt::format("{:x}\r\n{}\r\n", bytes.size(), bytes); }

Response plain_answer(unsigned status) {
  Response response;
  response.status = status;
  return response;
}

}  // namespace hf::http
