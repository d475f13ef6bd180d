// Takes people out of what a PBX sends, and leaves its form: each number and each name becomes another of the same length, always the same one
// under the same key. In: lines as they were sent. Out: as many bytes. Without the key nothing leads back; the key stays on the box.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "hal/platform/secret.hpp"
#include "hal/platform/time.hpp"

namespace hf::pbx {

enum class WireForm : uint8_t { ami, esl, queue_log, lines, sip };  // lines: SMDR, and all that has no keys

// What goes: rows of six digits and more, but for ids and times that calls are joined by; names of callers and of agents, and the user
// part of a SIP address. What stays: queues,
// devices and extensions of up to five digits, contexts, sounds. A number as it stands in free text goes like any other; a name there, once it was
// told in a field of its own.
class Scrubber {
 public:
  // `key`: 16 bytes or more.
  Scrubber(WireForm form, Secret key) : form_(form), key_(std::move(key)) {}
  // `line` without regard to its end; `now` tells times of these days from numbers.
  std::string line(std::string_view line, Time now);

 private:
  void scrub_pair(std::string& text, size_t key_from, size_t key_to, size_t value_from, size_t value_to, Time now);
  void scrub_json(std::string& text, Time now);
  void scrub_queue_log(std::string& text, Time now);
  void scrub_sip(std::string& text, Time now) const;
  void scrub_known_names(std::string& text, size_t from, size_t to) const;
  void learn(std::string_view name);
  void scrub_digits(std::string& text, size_t from, size_t to, Time now) const;
  void scrub_name(std::string& text, size_t from, size_t to) const;
  void replace_digits(std::string& text, size_t from, size_t to) const;

  WireForm form_;
  Secret key_;
  std::set<std::string, std::less<>> names_;  // told so far
};

}  // namespace hf::pbx
