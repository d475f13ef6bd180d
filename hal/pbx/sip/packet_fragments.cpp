#include "hal/pbx/sip/packet_fragments.hpp"

#include <algorithm>

namespace hf::pbx {

// False when the piece contradicts what is there.
bool Fragments::place(Whole& whole, const IpPart& part) {
  const size_t end = part.offset + part.payload.size();
  if (part.payload.empty() || end > kMaxBytes) return false;
  if (whole.size && end > *whole.size) return false;
  const auto after = whole.pieces.lower_bound(part.offset);
  if (after != whole.pieces.end() && after->first == part.offset) return after->second == part.payload;  // seen twice
  if (after != whole.pieces.end() && end > after->first) return false;
  if (after != whole.pieces.begin()) {
    const auto before = std::prev(after);
    if (before->first + before->second.size() > part.offset) return false;
  }
  if (!part.more) {
    if (whole.size || after != whole.pieces.end()) return false;
    whole.size = static_cast<uint32_t>(end);
  }
  if (part.offset == 0) whole.protocol = part.protocol;
  whole.pieces.emplace_hint(after, part.offset, part.payload);
  whole.held += static_cast<uint32_t>(part.payload.size());
  return true;
}

void Fragments::make_room(Time at) {
  lost_ += std::erase_if(open_, [at](const auto& o) { return at - o.second.first > kPatience; });
  if (open_.size() < kMaxPackets) return;
  open_.erase(std::ranges::min_element(open_, {}, [](const auto& o) { return o.second.first; }));
  ++lost_;
}

std::optional<IpPart> Fragments::add(const IpPart& part, Time at) {
  // The protocol of a later IPv6 fragment is told by its own header and need not be the first one's: it is no part of
  // the key there.
  const Key key{part.from, part.to, part.from.v4() ? part.protocol : uint8_t{0}, part.id};
  auto found = open_.find(key);
  if (found == open_.end()) {
    make_room(at);
    found = open_.emplace(key, Whole{}).first;
    found->second.first = at;
  }
  Whole& whole = found->second;
  if (!place(whole, part)) {
    open_.erase(found);
    ++lost_;
    return std::nullopt;
  }
  if (!whole.size || whole.held != *whole.size) return std::nullopt;
  whole_.clear();
  for (const auto& [offset, piece] : whole.pieces) whole_ += piece;
  IpPart done = part;
  done.protocol = whole.protocol, done.payload = whole_, done.fragment = done.more = false, done.offset = 0;
  open_.erase(found);
  return done;
}

}  // namespace hf::pbx
