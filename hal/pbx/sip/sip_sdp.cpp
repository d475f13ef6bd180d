#include "hal/pbx/sip/sip_sdp.hpp"

#include <algorithm>

#include "hal/pbx/sip/sip_scan.hpp"

namespace hf::pbx {

namespace {

// "IN IP4 192.0.2.7/127"; nothing for a name and for the 0.0.0.0 of who wants no sound.
std::optional<IpAddress> address_of(std::string_view value) {
  if (!value.starts_with("IN IP4 ") && !value.starts_with("IN IP6 ")) return std::nullopt;
  value.remove_prefix(7);
  const auto ip = parse_ip(value.substr(0, value.find_first_of(" /")));
  return ip && !ip->unspecified() ? ip : std::nullopt;
}

std::string_view next_word(std::string_view& text) {
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(std::min(word.size() + 1, text.size()));
  return word;
}

struct Stream {  // the one of audio
  std::string_view codec;
  uint16_t port = 0, told_port = 0;
  std::optional<IpAddress> ip, told_ip;
  bool mux = false;
};

class Reader {
 public:
  void line(std::string_view line) {
    if (line.size() < 2 || line[1] != '=') return;
    const std::string_view value = line.substr(2);
    if (line[0] == 'm') return media(value);
    if (line[0] == 'c') return connection(value);
    if (line[0] == 'a') return attribute(value);
  }

  SipMedia finish() {
    out_.held = out_.present && ((held_ && !flows_) || no_address_);
    const auto ip = stream_.ip ? stream_.ip : session_;
    if (stream_.port == 0 || !ip) return out_;
    if (stream_.mux) out_.muxed = Endpoint{*ip, stream_.port};
    if (stream_.told_port != 0) out_.rtcp = Endpoint{stream_.told_ip.value_or(*ip), stream_.told_port};
    else if (stream_.port != 65'535) out_.rtcp = Endpoint{*ip, static_cast<uint16_t>(stream_.port + 1)};
    return out_;
  }

 private:
  enum class At : uint8_t { session, audio, other };

  // "audio 4000/2 RTP/AVP 8 0 101"; port 0 refuses a stream.
  void media(std::string_view value) {
    out_.present = true;
    at_ = At::other;
    if (next_word(value) != "audio" || stream_.port != 0) return;
    const std::string_view port = next_word(value);
    stream_.port = sip_number<uint16_t>(port.substr(0, port.find('/'))).value_or(0);
    if (stream_.port == 0) return;
    at_ = At::audio;
    out_.encrypted = next_word(value).find("SAVP") != std::string_view::npos;
    stream_.codec = next_word(value);
  }

  void connection(std::string_view value) {
    no_address_ |= value.starts_with("IN IP4 0.0.0.0");
    if (at_ == At::session) session_ = address_of(value);
    if (at_ == At::audio) stream_.ip = address_of(value);
  }

  void attribute(std::string_view value) {
    held_ |= value == "sendonly" || value == "inactive";
    flows_ |= value == "sendrecv" || value == "recvonly";
    if (at_ != At::audio) return;
    if (value.starts_with("crypto:")) {
      out_.encrypted = true;
    } else if (value == "rtcp-mux") {
      stream_.mux = true;
    } else if (value.starts_with("rtcp:")) {
      value.remove_prefix(5);
      stream_.told_port = sip_number<uint16_t>(next_word(value)).value_or(0);
      stream_.told_ip = address_of(value);
    } else if (value.starts_with("rtpmap:")) {
      value.remove_prefix(7);
      if (next_word(value) == stream_.codec) clock(value);
    }
  }

  // "opus/48000/2"
  void clock(std::string_view codec) {
    codec.remove_prefix(std::min(codec.find('/'), codec.size() - 1) + 1);
    const auto told = sip_number<uint32_t>(codec.substr(0, codec.find('/')));
    if (told && *told >= 8'000 && *told <= 192'000) out_.clock = *told;
  }

  SipMedia out_;
  At at_ = At::session;
  std::optional<IpAddress> session_;
  Stream stream_;
  bool held_ = false, flows_ = false, no_address_ = false;
};

}  // namespace

SipMedia sip_media(const SipMessage& message) {
  const bool other_kind = !message.content_type.empty() &&
                          !sip_equal(message.content_type.substr(0, 15), "application/sdp") &&
                          !sip_equal(message.content_type.substr(0, 9), "multipart");
  if (message.body.empty() || other_kind) return {};
  Reader reader;
  for (std::string_view rest = message.body; !rest.empty();) {
    const size_t end = std::min(rest.find('\n'), rest.size() - 1);
    reader.line(sip_trim(rest.substr(0, end + 1)));
    rest.remove_prefix(end + 1);
  }
  return reader.finish();
}

}  // namespace hf::pbx
