// One telephony source of a site, as IT configures it: the section [pbx], or [pbx.NAME] where a site has more than one, and the sections of
// the same name that hold what one kind alone needs ([smdr.NAME], [sip.NAME], ...).
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

namespace hf::settings {

using Path = std::filesystem::path;

enum class PbxKind : uint8_t { simulator, ami, replay, queue_log, smdr, intake, hep, tap, esl, syslog };
enum class PbxFormat : uint8_t { plain, json };  // of an Event Socket's events
enum class PbxTransport : uint8_t { tcp, tls };
enum class LineParity : uint8_t { none, even, odd };
enum class LineFlow : uint8_t { none, hardware, software };

struct Listen {
  std::string address = "127.0.0.1";  // "0.0.0.0" or "::" = every interface
  uint16_t port = 0;                  // 0 = any free one, told at the start
};

struct SmdrSettings {
  Path template_file;  // of config/smdr-templates
  std::string device;  // a serial line; empty: the source's host is dialled, or, where that is empty too, the PBX calls us
  Listen listen{"0.0.0.0", 9001};
  uint32_t baud = 9600;
  uint8_t data_bits = 8, stop_bits = 1;
  LineParity parity = LineParity::none;
  LineFlow flow = LineFlow::none;
};

struct SyslogSettings {
  Listen listen{"0.0.0.0", 5514};  // UDP and TCP
  Path certificate_file, key_file;
  uint16_t tls_port = 0;           // 0 = none
};

struct SipSettings {
  Listen listen{"0.0.0.0", 9060};         // hep: UDP and TCP
  Path certificate_file, key_file;        // hep: of tls_port
  Path secret_file;                       // hep: the authentication key of the senders; empty = none is asked for
  Path socket = "/run/holdfast/tap.sock";  // tap: where holdfast-tap comes to
  std::string pbx_addresses;              // hep, tap: empty = learnt
  uint16_t tls_port = 0;                  // hep: TLS; 0 = none
};

struct SimulatorSettings {
  std::string scenario = "normal";
  uint64_t seed = 1;
  std::chrono::seconds onset{120}, hold{900};
  std::chrono::days backfill{1};
};

struct SourceSettings {
  std::string name;            // of the PBX: small letters, digits and '-'; empty = the section [pbx]
  std::string host;
  std::string user;            // ami: always; esl: "name@domain" of the directory, empty = the socket's own password
  std::string events = "all";  // ami: or class names joined by commas, "call,agent,system,user"
  Path secret_file;
  Path ca_file;                // ami over TLS: who vouches for the PBX's certificate
  Path path;                   // replay: a capture; queue_log: the file; smdr: a file of records
  Path intake_token_file;      // intake: what a connector must show
  SmdrSettings smdr;
  SyslogSettings syslog;
  SipSettings sip;
  SimulatorSettings simulator;
  double speed = 1.0;          // replay: times real time; 0 = as fast as it goes
  uint16_t port = 0;           // 0 = the usual one: usual_port()
  PbxKind kind = PbxKind::simulator;
  PbxFormat format = PbxFormat::plain;
  PbxTransport transport = PbxTransport::tcp;
};

// The port of the PBX: as configured, else 5038 for ami, 5039 for ami over TLS and 8021 for esl.
uint16_t usual_port(const SourceSettings& source);

// "[pbx]", "[smdr.north]": how a section of the source is called in its file.
std::string in_brackets(const SourceSettings& source, std::string_view section);

}  // namespace hf::settings
