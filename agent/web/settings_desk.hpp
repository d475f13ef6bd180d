// The box's settings as its admin changes them over the page: the text of agent.toml, and the files that it may name. As plain values; the app implements it.
// Called as Backend is.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hal/platform/result.hpp"
#include "hal/platform/time.hpp"

namespace hf::web {

struct SettingsFile {
  std::string name;    // in the folder
  uint64_t size = 0;   // bytes; what is in it is never shown again
  Time changed{};
  bool used = false;   // the settings name it
};

struct SettingsView {
  std::string path, text;
  std::string mark;                        // of the text as it was read; save() wants it back
  std::optional<std::string> locked;       // why they cannot be changed here
  std::string folder;                      // where the files lie
  std::vector<SettingsFile> files;         // by name
  std::optional<std::string> taken_back;   // the last settings could not be used: why; those before them hold
};

struct SettingsVerdict {
  std::vector<std::string> problems;  // with line and column where there is one; empty: they can be saved
  bool forgets_simulation = false;    // the simulated centre's calls go, since a real PBX takes its place
};

struct EnrolmentRequest {
  std::string pem;          // PKCS#10, for HQ's admin
  std::string fingerprint;  // compared at HQ
  std::string key_file;     // where this site's key lies; it never leaves
};

class SettingsDesk {
 public:
  virtual ~SettingsDesk() = default;
  virtual Result<SettingsView> view() = 0;
  virtual SettingsVerdict check(std::string_view text) = 0;
  // The agent starts anew with them soon after. invalid_input: all problems; denied: locked, or they were changed meanwhile (`mark`).
  virtual Status save(std::string_view text, std::string_view mark) = 0;
  // Replaces a file of that name. invalid_input: a name that cannot be, too many files; denied: locked.
  virtual Status keep_file(std::string_view name, std::string_view bytes) = 0;
  virtual Status remove_file(std::string_view name) = 0;  // denied: the settings name it; not_found

  // This site's request to be enrolled at HQ; the key is made when there is none yet. denied: locked.
  virtual Result<EnrolmentRequest> enrolment_request() = 0;

  static constexpr size_t kMaxText = size_t{64} << 10, kMaxFile = size_t{64} << 10, kMaxFiles = 50;
};

}  // namespace hf::web
