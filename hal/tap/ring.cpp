#include "hal/tap/ring.hpp"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace hf::tap {

namespace {

std::unexpected<Error> broken(const std::string& interface, const char* what) {
  const ErrorKind kind = errno == EPERM || errno == EACCES ? ErrorKind::denied
                         : errno == ENODEV                 ? ErrorKind::not_found
                                                           : ErrorKind::io;
  return fail(kind, interface + ": " + what + ": " + std::generic_category().message(errno) +
                        (kind == ErrorKind::denied ? " (holdfast-tap needs CAP_NET_RAW)" : ""));
}

template <class T>
bool set(int fd, int option, const T& value) {
  return ::setsockopt(fd, SOL_PACKET, option, &value, sizeof value) == 0;
}

// ARPHRD_ of an interface; -1 when it has gone.
int hardware_of(int fd, const std::string& interface) {
  ifreq request{};
  std::strncpy(request.ifr_name, interface.c_str(), IFNAMSIZ - 1);
  return ::ioctl(fd, SIOCGIFHWADDR, &request) == 0 ? request.ifr_hwaddr.sa_family : -1;
}

}  // namespace

Result<Ring> Ring::open(const std::string& interface, std::vector<sock_filter> filter) {
  const unsigned index = ::if_nametoindex(interface.c_str());
  if (index == 0) return fail(ErrorKind::not_found, "\"" + interface + "\": no such network interface");
  Descriptor fd(
      ::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));  // no protocol: nothing comes before the filter is there
  if (fd.get() < 0) return broken(interface, "no packet socket");
  Ring ring(std::move(fd), interface);
  const int hardware = hardware_of(ring.fd_.get(), interface);
  if (hardware != ARPHRD_ETHER && hardware != ARPHRD_LOOPBACK)
    return fail(ErrorKind::unsupported, interface + ": no Ethernet interface");
  const int on = 1;
  if (hardware == ARPHRD_LOOPBACK) set(ring.fd_.get(), PACKET_IGNORE_OUTGOING, on);  // else each packet is seen twice
  if (auto good = ring.set_up(filter); !good) return fail(std::move(good.error()));
  if (auto good = ring.bind_to(static_cast<int>(index)); !good) return fail(std::move(good.error()));
  return ring;
}

Status Ring::set_up(std::vector<sock_filter>& filter) {
  const int fd = fd_.get();
  const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
  if (::setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) != 0)
    return broken(interface_, "the filter is refused");
  tpacket_req3 request{};
  request.tp_block_size = kBlock, request.tp_block_nr = kBlocks;
  request.tp_frame_size = 2048, request.tp_frame_nr = kBlock / 2048 * kBlocks;
  request.tp_retire_blk_tov = static_cast<unsigned>(kRetire.count());
  const int version = TPACKET_V3;
  if (!set(fd, PACKET_VERSION, version) || !set(fd, PACKET_RX_RING, request))
    return broken(interface_, "no ring of TPACKET_V3");
  void* memory = ::mmap(nullptr, kBlock * kBlocks, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (memory == MAP_FAILED) return broken(interface_, "the ring cannot be mapped");
  memory_ = static_cast<uint8_t*>(memory);
  return {};
}

Status Ring::bind_to(int index) {
  sockaddr_ll address{};
  address.sll_family = AF_PACKET, address.sll_protocol = htons(ETH_P_ALL), address.sll_ifindex = index;
  if (::bind(fd_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    return broken(interface_, "cannot listen there");
  packet_mreq promiscuous{};
  promiscuous.mr_ifindex = index, promiscuous.mr_type = PACKET_MR_PROMISC;
  if (!set(fd_.get(), PACKET_ADD_MEMBERSHIP, promiscuous)) return broken(interface_, "cannot be made promiscuous");
  return {};
}

Ring::Ring(Ring&& other) noexcept
    : fd_(std::move(other.fd_)),
      interface_(std::move(other.interface_)),
      memory_(std::exchange(other.memory_, nullptr)),
      at_(other.at_),
      counts_(other.counts_) {}

Ring::~Ring() {
  if (memory_ != nullptr) ::munmap(memory_, kBlock * kBlocks);
}

void Ring::hand_over(const uint8_t* block, const Take& take) const {
  const auto* description = reinterpret_cast<const tpacket_block_desc*>(block);
  size_t offset = description->hdr.bh1.offset_to_first_pkt;
  for (uint32_t i = 0; i < description->hdr.bh1.num_pkts; ++i) {
    const auto* header = reinterpret_cast<const tpacket3_hdr*>(block + offset);
    const Time at(std::chrono::seconds(header->tp_sec) + std::chrono::microseconds(header->tp_nsec / 1000));
    const std::string_view frame(reinterpret_cast<const char*>(header) + header->tp_mac, header->tp_snaplen);
    take(at, frame, header->tp_snaplen < header->tp_len);
    offset += header->tp_next_offset;
  }
}

Result<bool> Ring::next(std::chrono::milliseconds within, const Take& take) {
  uint8_t* block = memory_ + at_ * kBlock;
  auto* description = reinterpret_cast<tpacket_block_desc*>(block);
  std::atomic_ref<uint32_t> status(description->hdr.bh1.block_status);
  if ((status.load(std::memory_order_acquire) & TP_STATUS_USER) == 0) {
    pollfd wait{fd_.get(), POLLIN | POLLERR, 0};
    const int ready = ::poll(&wait, 1, static_cast<int>(within.count()));
    if (ready < 0 && errno != EINTR) return broken(interface_, "cannot wait");
    if (ready > 0 && (wait.revents & POLLERR) != 0)
      return fail(ErrorKind::io, interface_ + ": the interface went down or is gone");
    if ((status.load(std::memory_order_acquire) & TP_STATUS_USER) == 0) return false;
  }
  hand_over(block, take);
  status.store(TP_STATUS_KERNEL, std::memory_order_release);
  at_ = (at_ + 1) % kBlocks;
  return true;
}

const Ring::Counts& Ring::counts() {
  tpacket_stats_v3 since{};  // reading sets the kernel's counters to zero
  socklen_t size = sizeof since;
  if (::getsockopt(fd_.get(), SOL_PACKET, PACKET_STATISTICS, &since, &size) == 0)
    counts_.frames += since.tp_packets, counts_.dropped += since.tp_drops;
  return counts_;
}

}  // namespace hf::tap
