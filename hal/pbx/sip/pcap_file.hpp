// Recorded packets: pcap (tcpdump.org's classic format, either byte order, micro- or nanoseconds) and pcapng, plain or
// gzipped. In: a path. Out: one frame after the other, with its time and its link. Read here and not with libpcap: the
// two formats are a hundred lines, libpcap cannot read from gzip, and its live part has no business in the agent.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hal/pbx/input_file.hpp"
#include "hal/pbx/sip/packet_decode.hpp"
#include "hal/platform/time.hpp"

namespace hf::pbx {

struct Frame {
  Time at{};
  LinkType link{};
  bool cut = false;        // the file holds less than was on the wire
  std::string_view bytes;  // lives until the next call
};

// True when these first bytes of a file are a pcap's or a pcapng's.
[[nodiscard]] bool looks_like_pcap(std::string_view first_bytes);

class PcapFile {
 public:
  static constexpr size_t kMaxFrame = size_t{256} << 10;
  static constexpr size_t kMaxBlock = size_t{16} << 20;  // of pcapng; longer blocks are a damaged file
  static constexpr size_t kMaxInterfaces = 256;

  // As InputFile's; invalid_input when it is neither format.
  static Result<PcapFile> open(const Path& path);
  // The next frame; false at the end. corrupt names the place: what came before was good.
  Result<bool> next(Frame& out);
  uint64_t position() const { return file_->position(); }
  uint64_t unknown_links() const { return unknown_; }  // frames passed over
  // Packets that the recording program says it has lost (pcapng's statistics); nothing when it does not say.
  std::optional<uint64_t> lost() const { return lost_; }

 private:
  struct Interface {
    uint16_t link = 0;
    uint64_t ticks = 1'000'000;  // a second
  };
  PcapFile() = default;
  Status begin();
  Result<bool> exactly(size_t bytes, std::string_view& out);
  Error damaged(const char* what) const;
  uint16_t u16(std::string_view bytes, size_t at) const;
  uint32_t u32(std::string_view bytes, size_t at) const;
  Status begin_section(std::string_view header);
  Result<bool> next_classic(Frame& out);
  Result<bool> next_block(Frame& out, bool& found);
  void take_interface(std::string_view block);
  void take_statistics(std::string_view block);
  bool take_packet(uint32_t type, std::string_view block, Frame& out);

  std::unique_ptr<InputFile> file_;
  std::string buffer_;
  bool ng_ = false, swapped_ = false;
  std::vector<Interface> interfaces_;
  std::optional<uint64_t> lost_;
  uint64_t unknown_ = 0;
};

}  // namespace hf::pbx
