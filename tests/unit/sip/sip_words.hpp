// SIP messages for tests, as PBXs and phones write them.
#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

#include "hal/pbx/call_event.hpp"
#include "hal/pbx/sip/sip_feed.hpp"

namespace hf::pbx {

inline Endpoint end_of(uint8_t last, uint16_t port = 5060) {
  const uint8_t four[] = {192, 0, 2, last};
  return {ip_v4(four), port};
}

struct Words {  // what a message is made of; the rest is the same in all
  std::string start, call_id = "c1", from = "<sip:+493028100017@provider>;tag=f1", to = "<sip:5550101@pbx>",
                     method = "INVITE";
  int cseq = 1;
  std::string more = {}, body = {};
};

inline std::string message(const Words& w) {
  return fmt::format(
      "{} \r\nVia: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK1\r\nFrom: {}\r\nTo: {}\r\nCall-ID: {}\r\nCSeq: {} "
      "{}\r\n{}Content-Length: {}\r\n\r\n{}",
      w.start, w.from, w.to, w.call_id, w.cseq, w.method, w.more, w.body.size(), w.body);
}

// A wire on which messages are said; the events come out as text without their times.
class Wire {
 public:
  explicit Wire(std::vector<Endpoint> pbx = {end_of(1)}) : feed(SipKey{1}, std::move(pbx)) {}

  std::vector<std::string> say(const Endpoint& from, const Endpoint& to, const Words& words) {
    return say(from, to, message(words));
  }
  std::vector<std::string> say(const Endpoint& from, const Endpoint& to, const std::string& bytes) {
    std::vector<CallEvent> events;
    feed.sip(bytes, from, to, now, events);
    return texts(events);
  }
  void report(const Endpoint& from, const Endpoint& to, const std::string& rtcp, std::string_view call_id = {}) {
    feed.rtcp(rtcp, from, to, now, call_id);
  }
  std::vector<std::string> wait(Duration time) {
    std::vector<CallEvent> events;
    feed.advance(now += time, events);
    return texts(events);
  }
  static std::vector<std::string> texts(const std::vector<CallEvent>& events) {
    std::vector<std::string> all;
    for (const auto& e : events) all.push_back(to_text(e).substr(18));
    return all;
  }

  SipFeed feed;
  Time now{std::chrono::seconds(1'795'306'300)};
};

}  // namespace hf::pbx
