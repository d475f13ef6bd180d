// New versions that HQ offers: what the site tells of its own, what HQ says, and the bytes (agent/wire/WIRE.md). Pure but for `Ask`.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "agent/sync/transport.hpp"

namespace hf::sync {

// Words of closed lists and versions; nothing of calls or people.
struct VersionReport {
  std::string runs, target, stage, outcome, reason;
};

struct Offer {
  std::string version, sha256, name;
  uint64_t size = 0;
};

// How HQ is asked: target and body; a body makes it a POST of JSON.
using Ask = std::function<Result<TransportReply>(const std::string& target, const std::optional<std::string>& body)>;

// Tells, and gives what is offered; nothing: no offer. unsupported: an HQ that knows nothing of versions; corrupt: an answer that cannot be read; else as the transport.
Result<std::optional<Offer>> tell_versions(const Ask& ask, const VersionReport& report);

// Bytes from `offset` on. not_found: it is not offered any more.
Result<std::string> fetch_piece(const Ask& ask, const Offer& offer, uint64_t offset);

}  // namespace hf::sync
