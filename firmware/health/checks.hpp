// Is the box good? In: the agent's state folder, the page's address, what was found the last time. Out: one finding for each thing, named.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hal/platform/files.hpp"
#include "hal/platform/time.hpp"

namespace hf::health {

struct Finding {
  std::string name;  // agent, database, source, page, clock, disk, protection
  std::string what;  // for people
  bool good = false;
};

struct Memory {  // what the last check left for this one, in health.json
  Time at{};
  Time database_at{};                  // when the databases were read as a whole
  std::vector<std::string> heard;      // sources that were heard: "ami 192.0.2.1:5038"
  std::string failed_version, failed;  // the last version that was found bad, and why
  Time failed_at{};
};

struct Places {
  Path state = "/var/lib/holdfast";
  Path protection = "/run/holdfast-data/protection";
  Path release = "/usr/lib/os-release";
};

struct Verdict {
  std::vector<Finding> findings;
  Memory memory;        // for the next check
  std::string version;  // of the sealed box; elsewhere of the agent, empty when it told nothing
  bool good() const;
};

// All of it, once; seconds at most, but for the databases, which are read as a whole after a start and then once a day.
Verdict look(const Places& places, const Memory& before, Time now);

// The parts.
struct AgentWord {  // what the agent says of itself every five seconds (status.json)
  struct Source {
    std::string name;
    bool heard = false;
  };
  Time at{}, started{};
  std::string version;
  uint16_t port = 0;
  std::vector<Source> sources;
};
Result<AgentWord> read_agent_word(std::string_view json);  // corrupt
Finding check_agent(const Result<AgentWord>& word, Time now);
// A source that was heard before must be heard again; one that was absent before may be absent. Both are told.
Finding check_sources(const AgentWord& word, const std::vector<std::string>& heard_before);
Finding check_database(const Path& state);
Finding check_page(const Path& state, uint16_t port);
Finding check_clock(Time now, Time last);
Finding check_disk(uint64_t total, uint64_t free);

// health.json: what people and the agent read, and what the next check remembers.
std::string write_record(const Verdict& verdict, Time now);
// What cannot be read is as if it had never been.
Memory read_record(std::string_view json);

}  // namespace hf::health
