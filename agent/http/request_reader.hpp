// Bytes of one connection to requests. Beast parses; this class is stricter than Beast wherever two readers of one
// message could disagree (request smuggling), and applies every limit before memory is taken. No socket and no clock:
// fuzzed as it is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "agent/http/http_types.hpp"

namespace hf::http {

class RequestReader {
 public:
  enum class State : uint8_t { head, head_ready, body, complete, refused };

  explicit RequestReader(size_t max_head = 8192);

  // Takes bytes as they come and returns the state. In `head_ready` and `complete` it stops taking: further bytes wait
  // inside for the next step, so never feed more than was asked for. At most max_head bytes are ever kept besides the
  // body.
  State feed(std::string_view bytes);
  State state() const { return state_; }
  bool holds_bytes() const { return !pending_.empty(); }  // a request has begun

  // In head_ready: the request without its body, and what it announces.
  const Request& head() const { return request_; }
  uint64_t announced_body() const { return announced_; }
  bool expects_continue() const { return expects_continue_; }
  bool keep_alive() const { return keep_alive_; }

  // In head_ready: who is asking, and where, to be part of the request.
  void address_peer(std::string address, std::string own_address, std::optional<std::string> key) {
    request_.peer_address = std::move(address);
    request_.own_address = std::move(own_address);
    request_.peer_key = std::move(key);
  }

  // In head_ready: goes on if the announced body fits, else refuses with 413 having read none of it.
  State allow_body(size_t limit);

  // In complete: the request, and the reader starts over with what is pending (then in head, head_ready or refused).
  Request take();

  // In refused: the status to answer with before the connection is closed, and why, for the log.
  unsigned refusal() const { return refusal_; }
  const std::string& why() const { return why_; }

 private:
  State refuse(unsigned status, std::string_view why);
  State scan_head();
  State parse_head(std::string_view head);
  State fill_body();

  const size_t max_head_;
  State state_ = State::head;
  std::string pending_;  // bytes received and not yet used
  size_t scanned_ = 0;   // of pending_, while the head is looked for
  Request request_;
  uint64_t announced_ = 0;
  bool expects_continue_ = false, keep_alive_ = false;
  unsigned refusal_ = 0;
  std::string why_;
};

}  // namespace hf::http
