// Requests and responses as plain values. Routes see only these; Beast stays in the two files that move the bytes.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hal/platform/result.hpp"

namespace hf::http {

enum class Method : uint8_t { get, post, put, patch, del, head, other };

struct Header {
  std::string name, value;
};

struct Request {
  Method method = Method::get;
  std::string path;                          // decoded, without the query: "/api/v1/incidents"
  std::map<std::string, std::string> query;  // decoded
  std::vector<Header> headers;
  std::string body;
  std::string peer_address;  // textual, for throttling and the audit log
  std::string own_address;   // textual: which of this machine's addresses was asked; empty where it is not known
  std::optional<std::string>
      peer_key;  // mutual TLS: hex SHA-256 of the client's public key, after the chain was verified
  // First header of that name, case ignored; nullptr when absent.
  const std::string* header(std::string_view name) const;
  // Value of the first cookie of that name, case kept (RFC 6265, 4.2); nullopt when absent.
  std::optional<std::string> cookie(std::string_view name) const;
};

// Field names compare without case (RFC 9110, 5.1).
[[nodiscard]] bool same_header_name(std::string_view a, std::string_view b);

// Server-sent events: a response that goes on. The server calls next() whenever it can send more; an empty string means
// nothing to send now. notify, set by the server, may be called from any thread to say that next() has something.
// Buffers are the stream's to bound.
struct EventStream {
  virtual ~EventStream() = default;
  virtual std::string next() = 0;
  virtual void on_ready(std::function<void()> notify) = 0;
  // True when nothing will come after what next() still gives: the server sends that and closes the connection.
  virtual bool ended() const { return false; }
};

struct Response {
  unsigned status = 200;
  std::vector<Header> headers;
  std::string body;
  std::shared_ptr<EventStream> stream;  // set for server-sent events; body is then empty
};

// Answers one request. Called on the server's thread; long work is the handler's to move elsewhere, so it answers
// through `reply`, exactly once, from any thread.
using Reply = std::function<void(Response)>;
using Handler = std::function<void(Request, Reply)>;

}  // namespace hf::http
