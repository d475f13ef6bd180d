// What a sealed box does at each start before its programs: carries out a factory reset that was asked for, puts the network's settings where networkd reads
// them, and lays the label's set-up code where the agent reads it. In: folders. Out: the folders as they must be, and what was done, for the console.
#pragma once

#include <string>
#include <vector>

#include "hal/platform/files.hpp"

namespace hf::first_boot {

struct Places {
  Path device = "/var/lib/holdfast-device";       // the device service's
  Path agent = "/var/lib/holdfast";               // journal, databases, certificates
  Path config = "/var/lib/holdfast-config";       // agent.toml
  Path factory = "/usr/share/holdfast/agent.toml";
  Path live_network = "/run/systemd/network";
  Path desk = "/run/holdfast";
  Path label = "/efi/holdfast/label";
  Path updates = "/var/lib/holdfast-updates";     // bundles that were brought
};

// What "<device>/reset" asks for ("settings" or "data"); its word goes last, so that a power cut in between begins it anew. Returns what was done.
//   settings: network, name, zone, agent.toml, the secrets and certificates that it names, and the users go; calls and incidents stay.
//   data: all that the agent keeps goes too, its certificates and keys with it. The device service's log stays.
Result<std::vector<std::string>> carry_out_reset(const Places& places);

// Confirmed network settings from the data partition to networkd's folder in /run. Returns how many.
Result<size_t> restore_network(const Places& places);

// The set-up code of the label that the maker laid on the ESP ("holdfast-device 1", then "serial ..." and "claim ..."), for the agent's group alone.
// Returns the serial; not_found: this box has no label. invalid_input: it cannot be read.
Result<std::string> lay_out_label(const Places& places);

}  // namespace hf::first_boot
