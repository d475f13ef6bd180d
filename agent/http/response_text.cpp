#include "agent/http/response_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hf::http {

namespace {

std::string_view reason(unsigned status) {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 411: return "Length Required";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 503: return "Service Unavailable";
    default: return "Other";  // the phrase carries no meaning (RFC 9112, 4)
  }
}

bool safe_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) { return c > 0x20 && c < 0x7f && c != ':'; });
}

bool safe_value(std::string_view value) {
  return value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

// Fields the server sets itself, so that a handler cannot contradict what is really sent.
bool is_framing(std::string_view name) {
  return same_header_name(name, "content-length") || same_header_name(name, "transfer-encoding") || same_header_name(name, "connection");
}

}  // namespace

Response checked(Response response) {
  const bool safe = response.status >= 200 && response.status <= 599 &&
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
