// LINKS: hf_sip
// SIP as bytes of a TCP connection and as single messages: however they are cut, the same messages come out; whatever
// they say, the dialogs stay bounded and give events that have a text form that comes back. Reports of sound (RTCP)
// between them are tied to legs and forgotten with them.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "hal/pbx/sip/sip_feed.hpp"
#include "hal/pbx/sip/sip_stream.hpp"
#include "tests/fuzz/any_cut.hpp"

namespace {

using namespace hf::pbx;

std::string cut_out(std::string_view bytes, size_t chunk) {
  SipStream stream;
  std::string all;
  for (size_t at = 0; at < bytes.size(); at += chunk) {
    stream.feed(bytes.substr(at, chunk));
    for (std::string_view m; stream.next(m);) all += std::string(m) + "\x1e";
  }
  return all;
}

void check(const std::vector<CallEvent>& events) {
  for (const CallEvent& event : events)
    if (const auto* heard = std::get_if<VoiceHeard>(&event.body); heard != nullptr && !heard->valid()) std::abort();
}

// Messages parted by a 0x1e; each goes to the PBX or from it, a second after the last. What begins as no letter is a
// report from or to port 4001 of the far end.
void follow(std::string_view bytes) {
  const uint8_t a[] = {192, 0, 2, 9}, b[] = {192, 0, 2, 1};
  const Endpoint far{ip_v4(a), 5060}, near{ip_v4(b), 5060}, sound{ip_v4(a), 4001};
  SipFeed feed(hf::SipKey{1}, {});
  hf::Time now{};
  for (bool forth = true; !bytes.empty(); forth = !forth) {
    const std::string_view one = bytes.substr(0, bytes.find('\x1e'));
    bytes.remove_prefix(std::min(one.size() + 1, bytes.size()));
    std::vector<CallEvent> events;
    now += std::chrono::seconds(1);
    if (one.starts_with('{') || (!one.empty() && static_cast<signed char>(one[0]) < 0))
      feed.rtcp(one, forth ? sound : near, forth ? near : sound, now, forth ? "" : "c1");
    else
      feed.sip(one, forth ? far : near, forth ? near : far, now, events);
    feed.picture(now, events);
    check(events);
    hf::fuzz::as_text(events);
  }
  std::vector<CallEvent> rest;
  feed.advance(now + std::chrono::hours(48), rest);
  feed.advance(now + std::chrono::hours(96), rest);
  check(rest);
  if (feed.calls() != 0 || feed.voice().legs() != 0 || feed.voice().ends() != 0) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (cut_out(bytes, 1 + data[0]) != cut_out(bytes, bytes.size())) std::abort();
  follow(bytes);
  return 0;
}
