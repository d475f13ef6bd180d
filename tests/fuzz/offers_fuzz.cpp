// LINKS: hf_sync
// HQ's answers about versions: whatever it says, what is taken for an offer has a digest, a size and a version.
#include <cstdint>
#include <cstdlib>

#include "agent/sync/offers.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string body(reinterpret_cast<const char*>(data), size);
  const hf::sync::Ask ask = [&body](const std::string&, const std::optional<std::string>&) -> hf::Result<hf::sync::TransportReply> { return hf::sync::TransportReply{200, body}; };
  const auto offer = hf::sync::tell_versions(ask, {});
  if (!offer || !*offer) return 0;
  if ((*offer)->sha256.size() != 64 || (*offer)->size == 0 || (*offer)->version.empty()) std::abort();
  const auto piece = hf::sync::fetch_piece(ask, **offer, 0);
  if (piece && (piece->empty() || piece->size() > (*offer)->size)) std::abort();
  return 0;
}
