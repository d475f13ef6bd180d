#include "hal/pbx/sip/packet_tcp.hpp"

#include <algorithm>

#include "hal/pbx/sip/sip_message.hpp"

namespace hf::pbx {

namespace {
constexpr uint32_t kWindow = uint32_t{1} << 30;  // further ahead is another connection's, or nonsense
}

// The direction's state; made when its first bytes are SIP. Null when it is not followed.
TcpFlows::Flow* TcpFlows::flow_of(const Packet& segment, Time at) {
  const Key key{segment.from, segment.to};
  const auto found = flows_.find(key);
  if (found != flows_.end() && !segment.syn) return &found->second;
  if (segment.syn && found != flows_.end()) flows_.erase(found);  // the port is used anew
  if (!looks_like_sip(segment.payload)) return nullptr;
  if (flows_.size() >= kMaxFlows) std::erase_if(flows_, [at](const auto& f) { return at - f.second.last > kIdle; });
  if (flows_.size() >= kMaxFlows) {
    ++refused_;
    return nullptr;
  }
  Flow& flow = flows_[key];
  flow.next = segment.sequence + (segment.syn ? 1 : 0);
  return &flow;
}

void TcpFlows::place(Flow& flow, const Packet& segment, Time at) {
  std::string_view bytes = segment.payload;
  const uint32_t ahead = segment.sequence - flow.next;
  if (ahead == 0) {
    flow.stream.feed(bytes);
    return advance(flow, static_cast<uint32_t>(bytes.size()));
  }
  if (ahead > kWindow) {  // begins before what is due: a retransmission, perhaps with new bytes behind it
    const uint32_t known = flow.next - segment.sequence;
    if (known >= bytes.size() || known > kWindow) return;
    flow.stream.feed(bytes.substr(known));
    return advance(flow, static_cast<uint32_t>(bytes.size()) - known);
  }
  if (flow.held.empty()) flow.waits_since = at;
  auto& place = flow.held[ahead];
  if (place.size() >= bytes.size()) return;
  flow.held_bytes += bytes.size() - place.size();
  place = bytes;
}

// `bytes` more were taken: what is held comes nearer by as much.
void TcpFlows::advance(Flow& flow, uint32_t bytes) {
  flow.next += bytes;
  std::map<uint32_t, std::string> nearer;
  for (auto& [ahead, held] : flow.held) {
    if (ahead >= bytes)
      nearer[ahead - bytes] = std::move(held);
    else if (held.size() > bytes - ahead)
      nearer[0] = held.substr(bytes - ahead);
  }
  flow.held = std::move(nearer);
  flow.held_bytes = 0;
  for (const auto& [ahead, held] : flow.held) flow.held_bytes += held.size();
}

void TcpFlows::drain(Flow& flow) {
  while (!flow.held.empty() && flow.held.begin()->first == 0) {
    const std::string bytes = std::move(flow.held.begin()->second);
    flow.held.erase(flow.held.begin());
    flow.stream.feed(bytes);
    advance(flow, static_cast<uint32_t>(bytes.size()));
  }
}

void TcpFlows::skip_gap(Flow& flow) {
  ++gaps_;
  flow.stream.gap();
  advance(flow, flow.held.begin()->first);
  drain(flow);
}

void TcpFlows::take_all(Flow& flow, const Take& take) {
  const uint64_t before = flow.stream.malformed();
  for (std::string_view message; flow.stream.next(message);) take(message);
  malformed_ += flow.stream.malformed() - before;
}

void TcpFlows::add(const Packet& segment, Time at, const Take& take) {
  Flow* flow = flow_of(segment, at);
  if (flow == nullptr) return;
  flow->last = at;
  if (!segment.payload.empty()) place(*flow, segment, at);
  take_all(*flow, take);
  drain(*flow);
  take_all(*flow, take);
  while (!flow->held.empty() && (flow->held_bytes > kMaxHeld || at - flow->waits_since > kPatience)) {
    skip_gap(*flow);
    take_all(*flow, take);
    flow->waits_since = at;
  }
  if ((segment.fin && flow->held.empty()) || segment.reset) flows_.erase({segment.from, segment.to});
}

}  // namespace hf::pbx
