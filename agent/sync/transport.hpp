// The seam between what is sent and how: the sender knows this, the HTTPS client behind it and the tests' bad network
// implement it.
#pragma once

#include <string>

#include "hal/platform/result.hpp"

namespace hf::sync {

struct TransportReply {
  unsigned status = 0;
  std::string body;
};

class Transport {
 public:
  virtual ~Transport() = default;
  // POSTs one batch to HQ and waits for the answer, at most a time that the implementation bounds. Called on the
  // sender's thread only. Fails with denied (a certificate was not accepted by one of the two sides), timed_out,
  // closed, io; the text names the address.
  virtual Result<TransportReply> post(const std::string& body) = 0;
  // From any thread: a post() under way returns soon with `closed`, as do all later ones.
  virtual void cancel() = 0;
};

}  // namespace hf::sync
