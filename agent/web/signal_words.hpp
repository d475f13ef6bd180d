// Help for every signal of the catalogue, in plain words: what it is, what to check, what looks alike. English and
// Russian. A test holds it against the catalogue.
#pragma once

#include <span>
#include <string_view>

namespace hf::web {

struct SignalHelp {
  std::string_view name, text, check, alike;
};

struct SignalWords {
  std::string_view id;
  SignalHelp en, ru;
};

// Of the queues and the way to them; of callers, agents, load and the link.
std::span<const SignalWords> queue_signal_words();
std::span<const SignalWords> other_signal_words();
// nullptr: no such signal.
const SignalWords* signal_words(std::string_view id);

}  // namespace hf::web
