#include "hal/tap/packet_filter.hpp"

#include <algorithm>
#include <array>

namespace hf::tap {

namespace {

enum Label : uint8_t {
  kNext,
  kTagged,
  kNetwork,
  kV4,
  kV4Ports,
  kV6,
  kV6Ports,
  kPorts,
  kRtcp,
  kAccept,
  kReject,
  kLabels
};

// An assembler of one pass: jumps name labels, whose places are put in at the end.
class Program {
 public:
  void op(uint16_t code, uint32_t k = 0) { code_.push_back({code, 0, 0, k}), jumps_.push_back({kNext, kNext}); }
  void jump(uint16_t test, uint32_t k, Label yes, Label no = kNext) {
    code_.push_back({static_cast<uint16_t>(BPF_JMP | test | BPF_K), 0, 0, k}), jumps_.push_back({yes, no});
  }
  void go(Label to) { code_.push_back({BPF_JMP | BPF_JA, 0, 0, 0}), jumps_.push_back({to, to}); }
  void at(Label label) { places_.at(label) = code_.size(); }

  std::vector<sock_filter> assemble() {
    for (size_t i = 0; i < code_.size(); ++i) {
      if (BPF_CLASS(code_[i].code) != BPF_JMP) continue;
      if (BPF_OP(code_[i].code) == BPF_JA) {
        code_[i].k = static_cast<uint32_t>(distance(i, jumps_[i].first));
      } else {
        code_[i].jt = static_cast<uint8_t>(distance(i, jumps_[i].first));
        code_[i].jf = static_cast<uint8_t>(distance(i, jumps_[i].second));
      }
    }
    return std::move(code_);
  }

 private:
  size_t distance(size_t from, Label to) const { return to == kNext ? 0 : places_.at(to) - from - 1; }
  std::vector<sock_filter> code_;
  std::vector<std::pair<Label, Label>> jumps_;
  std::array<size_t, kLabels> places_{};
};

constexpr uint16_t kByte = BPF_LD | BPF_B | BPF_IND, kHalf = BPF_LD | BPF_H | BPF_IND,
                   kHalfAt = BPF_LD | BPF_H | BPF_ABS;
constexpr uint16_t kSetX = BPF_LDX | BPF_IMM, kAToX = BPF_MISC | BPF_TAX, kXToA = BPF_MISC | BPF_TXA;
constexpr uint32_t kUdp = 17, kTcp = 6;

// X: where the IP header begins.
void link(Program& p) {
  p.op(kHalfAt, 12);
  p.jump(BPF_JEQ, 0x8100, kTagged);
  p.jump(BPF_JEQ, 0x88a8, kTagged);
  p.op(kSetX, 14);
  p.go(kNetwork);
  p.at(kTagged);
  p.op(kHalfAt, 16);
  p.op(kSetX, 18);
  p.at(kNetwork);
  p.jump(BPF_JEQ, 0x0800, kV4);
  p.jump(BPF_JEQ, 0x86dd, kV6, kReject);
}

// The protocol stays in memory cell 0; X moves to UDP or TCP.
void network(Program& p) {
  p.at(kV4);
  p.op(kByte, 9);
  p.op(BPF_ST, 0);
  p.jump(BPF_JEQ, kUdp, kV4Ports);
  p.jump(BPF_JEQ, kTcp, kV4Ports, kReject);
  p.at(kV4Ports);
  p.op(kHalf, 6);
  p.jump(BPF_JSET, 0x3fff, kAccept);  // more fragments, or not the first
  p.op(kByte, 0);
  p.op(BPF_ALU | BPF_AND | BPF_K, 15);
  p.op(BPF_ALU | BPF_LSH | BPF_K, 2);
  p.op(BPF_ALU | BPF_ADD | BPF_X);
  p.op(kAToX);
  p.go(kPorts);
  p.at(kV6);
  p.op(kByte, 6);
  p.op(BPF_ST, 0);
  for (const uint32_t extension : {0u, 43u, 44u, 51u, 60u})
    p.jump(BPF_JEQ, extension, kAccept);  // rare: the program looks behind them
  p.jump(BPF_JEQ, kUdp, kV6Ports);
  p.jump(BPF_JEQ, kTcp, kV6Ports, kReject);
  p.at(kV6Ports);
  p.op(kXToA);
  p.op(BPF_ALU | BPF_ADD | BPF_K, 40);
  p.op(kAToX);
}

void ports_and_rtcp(Program& p, const std::vector<uint16_t>& ports) {
  p.at(kPorts);
  for (const uint32_t offset : {0u, 2u}) {
    p.op(kHalf, offset);
    for (size_t i = 0; i < std::min(ports.size(), kMaxPorts); ++i) p.jump(BPF_JEQ, ports[i], kAccept);
  }
  p.op(BPF_LD | BPF_MEM, 0);
  p.jump(BPF_JEQ, kUdp, kRtcp, kReject);
  p.at(kRtcp);
  p.op(kByte, 8);
  p.op(BPF_ALU | BPF_AND | BPF_K, 0xc0);
  p.jump(BPF_JEQ, 0x80, kNext, kReject);
  p.op(kByte, 9);
  p.jump(BPF_JGE, 200, kNext, kReject);
  p.jump(BPF_JGT, 207, kReject, kAccept);
}

}  // namespace

std::vector<sock_filter> packet_filter(const std::vector<uint16_t>& ports) {
  Program p;
  link(p);
  network(p);
  ports_and_rtcp(p, ports);
  p.at(kAccept);
  p.op(BPF_RET | BPF_K, 0x40000);
  p.at(kReject);
  p.op(BPF_RET | BPF_K, 0);
  return p.assemble();
}

}  // namespace hf::tap
