// POST /api/v1/events: where a connector tells what its PBX does. In: lines of JSON and a token. Out: what was taken.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "agent/http/http_types.hpp"
#include "hal/platform/result.hpp"

namespace hf::web {

struct IntakeAnswer {
  struct Refused {
    size_t line = 0;  // from 1
    std::string problem;
  };
  size_t accepted = 0, duplicates = 0, refused_in_all = 0;
  std::vector<Refused> refused;  // the first of them
};

class Intake {
 public:
  virtual ~Intake() = default;
  virtual bool admits(std::string_view token) const = 0;
  // denied: source_up must come first; busy: post these again.
  virtual Result<IntakeAnswer> take(std::string_view lines) = 0;
};

// Whether the head shows something that could be a token: bodies of others are not read.
bool shows_token(const http::Request& head);

}  // namespace hf::web
