// Values or errors, everywhere the same. In: what a function can return. Out: Result<T> with an Error that a caller can act on.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace hf {

// Chosen by what a caller can do about it, not by where it broke. Tests check the kind, never the text.
enum class ErrorKind { not_found, invalid_input, denied, busy, timed_out, closed, io, corrupt, unsupported, internal };

std::string_view to_string(ErrorKind kind);

// `what` names the thing and the place ("agent.toml:12: unknown key \"prot\""); it never holds a secret or personal data.
struct [[nodiscard]] Error {
  ErrorKind kind = ErrorKind::internal;
  std::string what;

  // The same error with the story of the layer above in front: "loading agent.toml: ...".
  Error context(std::string_view story) &&;
};

template <class T>
using Result = std::expected<T, Error>;
using Status = Result<void>;

inline std::unexpected<Error> fail(ErrorKind kind, std::string what) { return std::unexpected(Error{kind, std::move(what)}); }
inline std::unexpected<Error> fail(Error error) { return std::unexpected(std::move(error)); }

}  // namespace hf
