// What IT decides in a file: config/agent.toml for the agent, config/hq.toml for HQ. In: a file, or nothing (defaults). Out: checked values.
// A key that is unknown, of the wrong type or out of range stops the start, naming file, line and column and the nearest known key.
// Secrets are never in the file: it names files that hold them.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "hal/platform/log.hpp"
#include "hal/platform/result.hpp"

namespace hf::settings {

using Path = std::filesystem::path;
using Problems = std::vector<std::string>;

enum class LampKind : uint8_t { none, led, gpio, tower };
enum class PbxKind : uint8_t { simulator, ami, replay, queue_log, smdr, intake, hep, tap, esl, syslog };
enum class PbxFormat : uint8_t { plain, json };  // of an Event Socket's events
enum class LineParity : uint8_t { none, even, odd };
enum class LineFlow : uint8_t { none, hardware, software };

struct Listen {
  std::string address = "127.0.0.1";  // "0.0.0.0" or "::" = every interface
  uint16_t port = 0;                  // 0 = any free one, told at the start
};

struct AgentSettings {
  Path state_dir = "/var/lib/holdfast";
  Listen web{"127.0.0.1", 8443};
  uint16_t redirect_port = 0;  // plain http that only redirects; 0 = none

  PbxKind pbx = PbxKind::simulator;
  std::string pbx_host;
  uint16_t pbx_port = 0;  // 0 = the usual one: usual_port()
  std::string pbx_user;  // ami: always; esl: "name@domain" of the directory, empty = the socket's own password
  PbxFormat pbx_format = PbxFormat::plain;
  Path pbx_secret_file;
  std::string pbx_events = "all";  // or class names joined by commas: "call,agent,system,user"
  Path pbx_path;                   // replay: a capture; queue_log: the file
  double pbx_speed = 1.0;          // replay: times real time; 0 = as fast as it goes

  Path smdr_template;        // smdr: a file of config/smdr-templates
  std::string smdr_device;   // a serial line; empty: pbx_host is dialled, or, where that is empty too, the PBX calls us
  uint32_t smdr_baud = 9600;
  uint8_t smdr_data_bits = 8, smdr_stop_bits = 1;
  LineParity smdr_parity = LineParity::none;
  LineFlow smdr_flow = LineFlow::none;
  Listen smdr_listen{"0.0.0.0", 9001};

  Listen syslog_listen{"0.0.0.0", 5514};  // syslog: UDP and TCP
  uint16_t syslog_tls_port = 0;           // 0 = none
  Path syslog_certificate_file, syslog_key_file;

  Path intake_token_file;  // intake: what a connector must show
  Listen sip_listen{"0.0.0.0", 9060};  // hep: UDP and TCP
  uint16_t sip_tls_port = 0;           // hep: TLS; 0 = none
  Path sip_certificate_file, sip_key_file;
  Path sip_secret_file;                // hep: the authentication key of the senders; empty = none is asked for
  Path sip_socket = "/run/holdfast/tap.sock";  // tap: where holdfast-tap comes to
  std::string sip_pbx;                 // hep, tap: the PBX's addresses; empty = learnt

  LampKind lamp = LampKind::none;
  Path lamp_device;        // led: its folder in /sys/class/leds; gpio: the chip; tower: the serial line
  uint32_t lamp_line = 0;  // gpio
  bool lamp_active_low = false;
  std::string tower_off = "OFF", tower_calm = "GREEN", tower_warning = "YELLOW", tower_incident = "RED", tower_box_ill = "BLUE";

  std::string scenario = "normal";
  uint64_t seed = 1;
  std::chrono::seconds onset{120}, hold{900};
  std::chrono::days backfill{1};

  std::string site_id = "site";
  std::string site_label = "This site";
  std::string time_zone = "UTC";

  std::string hq_url;  // empty = no HQ
  Path hq_ca_file, hq_certificate_file, hq_key_file;

  Path webhook_ca_file;  // empty = the system's authorities

  std::chrono::days keep_events{400};
  uint64_t disk_budget_mb = 20'000;
  std::chrono::days keep_minutes{90};

  LogLevel log_level = LogLevel::info;
};

struct HqSettings {
  Path state_dir = "/var/lib/holdfast-hq";
  Listen web{"127.0.0.1", 8444};
  Listen ingest{"127.0.0.1", 8445};
  std::string name = "localhost";         // the name in HQ's own certificate: what the sites' hq.url says
  std::chrono::days site_certificate{730};
  std::chrono::days keep_minutes{1200}, keep_incidents{1200};
  LogLevel log_level = LogLevel::info;
};

// Relative paths in the file are taken from the file's folder. invalid_input tells all problems, a line each; not_found and denied as read.
Result<AgentSettings> load_agent(const Path& file);
Result<HqSettings> load_hq(const Path& file);
// The same from text; `name` stands for the file in messages, `folder` is where relative paths begin.
Result<AgentSettings> parse_agent(std::string_view text, std::string_view name, const Path& folder);
Result<HqSettings> parse_hq(std::string_view text, std::string_view name, const Path& folder);

// The port of the PBX: as configured, else 5038 for ami and 8021 for esl.
uint16_t usual_port(const AgentSettings& settings);

// For values that came from elsewhere too (the command line): what does not go together, in words; empty = well.
Problems contradictions(const AgentSettings& settings);
Problems contradictions(const HqSettings& settings);

// Everything load_*() checks, and whether the files that it names can be used: secrets private, captures there. Empty = well.
Problems check_agent(const Path& file);
Problems check_hq(const Path& file);

// All keys with their present values, as a file that can be read back.
std::string dump(const AgentSettings& settings);
std::string dump(const HqSettings& settings);

}  // namespace hf::settings
