// IP fragments become whole packets again. Pure; time comes in. Bounded: 256 packets at a time, 64 KiB each, for 30 s.
// Policy: the oldest unfinished packet makes room; overlapping fragments spoil their packet (RFC 5722); both are
// counted as lost.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>

#include "hal/pbx/sip/packet_decode.hpp"
#include "hal/platform/time.hpp"

namespace hf::pbx {

class Fragments {
 public:
  static constexpr size_t kMaxPackets = 256;
  static constexpr size_t kMaxBytes = 65'535;
  static constexpr Duration kPatience = std::chrono::seconds(30);

  // The whole packet when `part` was its last missing piece; its payload lives until the next call.
  std::optional<IpPart> add(const IpPart& part, Time at);
  uint64_t lost() const { return lost_; }  // packets that were never whole
  size_t waiting() const { return open_.size(); }

 private:
  using Key = std::tuple<IpAddress, IpAddress, uint8_t, uint32_t>;
  struct Whole {
    std::map<uint32_t, std::string> pieces;  // by offset
    std::optional<uint32_t> size;            // known once the last piece is there
    uint32_t held = 0;
    uint8_t protocol = 0;
    Time first{};
  };
  static bool place(Whole& whole, const IpPart& part);
  void make_room(Time at);

  std::map<Key, Whole> open_;
  std::string whole_;
  uint64_t lost_ = 0;
};

}  // namespace hf::pbx
