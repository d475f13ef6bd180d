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

#include "agent/settings/source_settings.hpp"
#include "hal/platform/log.hpp"
#include "hal/platform/result.hpp"

namespace hf::settings {

using Problems = std::vector<std::string>;

enum class LampKind : uint8_t { none, led, gpio, tower };

inline constexpr size_t kMaxSources = 8;

struct LampSettings {
  Path device;             // led: its folder in /sys/class/leds; gpio: the chip; tower: the serial line
  std::string off = "OFF", calm = "GREEN", warning = "YELLOW", incident = "RED", box_ill = "BLUE";  // what a tower is told
  uint32_t line = 0;       // gpio
  LampKind kind = LampKind::none;
  bool active_low = false;
};

struct UpdateSettings {
  Path folder = "/var/lib/holdfast-updates";             // where bundles lie that were brought
  Path usb = "/run/holdfast-usb";                        // where a stick is seen
  Path device_socket = "/run/holdfast/deviced.sock";     // of the device service; where there is none, versions come by the package manager
  std::string window = "02:00-04:00";                    // when the box may start anew by itself, by the site's clock
  uint64_t max_mb = 1024, hq_kb_per_second = 500;
  bool install_from_hq = false;                          // what HQ offers is installed by itself, in the window
};

struct AgentSettings {
  Path state_dir = "/var/lib/holdfast";
  Listen web{"127.0.0.1", 8443};
  std::vector<SourceSettings> sources{SourceSettings{}};  // 1 to kMaxSources, each of a name of its own
  LampSettings lamp;

  std::string site_id = "site";
  std::string site_label = "This site";
  std::string time_zone = "UTC";

  std::string hq_url;  // empty = no HQ
  Path hq_ca_file, hq_certificate_file, hq_key_file;

  Path webhook_ca_file;  // empty = the system's authorities

  UpdateSettings updates;

  std::chrono::days keep_events{400}, keep_minutes{90};
  uint64_t disk_budget_mb = 20'000;
  uint16_t redirect_port = 0;  // plain http that only redirects; 0 = none
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

// For values that came from elsewhere too (the command line): what does not go together, in words; empty = well.
Problems contradictions(const AgentSettings& settings);
Problems contradictions(const HqSettings& settings);

// Everything load_*() checks, and whether what it names can be used: secrets private, captures there, a time zone that exists. Empty = well.
Problems check_agent(const Path& file);
Problems check_agent(std::string_view text, std::string_view name, const Path& folder);  // of a text that is not in its file yet
Problems check_hq(const Path& file);

// All keys with their present values, as a file that can be read back.
std::string dump(const AgentSettings& settings);
std::string dump(const HqSettings& settings);

}  // namespace hf::settings
