// What the journal holds: numbered entries. Types only. The journal never reads a body; its kinds are the app's words
// ("call_event", "site_model", "acknowledgement", "core_version", "clock_step", "loss", ...).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "hal/platform/time.hpp"

namespace hf::journal {

struct Entry {
  uint64_t sequence = 0;  // given by the journal: 1 and up, no number used twice within an epoch
  Time at{};              // when it was received
  std::string kind;
  std::string body;
};

struct EntryView {  // an Entry as it is read; valid during the callback
  uint64_t sequence = 0;
  Time at{};
  std::string_view kind, body;
};
using EntryReader = std::function<void(const EntryView&)>;

// How far a source has been read, in the source's own words; committed with the entries that came from there.
struct Cursor {
  std::string source;
  std::string value;
};

// Entries that damage took: those between the two times, numbered first..last; last == 0: how many is unknown, they were the newest.
struct Loss {
  Time from{}, to{};
  uint64_t first = 0, last = 0;
  std::string file;  // what was set aside, or the file that is missing
};

// "1795306282.5 to 1795306290.0, entries 120 to 140 (journal-...)": for health, messages and the body of a "loss" entry.
std::string to_text(const Loss& loss);

}  // namespace hf::journal
