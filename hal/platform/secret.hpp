// A password, key or token on its way through the program. It prints as ***, moves but does not copy by accident, and
// is wiped when it goes.
#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <ostream>
#include <string_view>

#include "hal/platform/result.hpp"

namespace hf {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string_view bytes);
  ~Secret();
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;

  Secret copy() const { return Secret(reveal()); }
  bool empty() const { return size_ == 0; }
  // The bytes, valid as long as this object; not to be logged, stored or put into an Error.
  std::string_view reveal() const { return {bytes_.get(), size_}; }

  friend std::ostream& operator<<(std::ostream& out, const Secret&) { return out << "***"; }

 private:
  void wipe();
  std::unique_ptr<char[]> bytes_;  // not std::string: its small buffer would stay behind after a move
  size_t size_ = 0;
};

// Overwrites with zeros in a way the compiler may not leave out.
void wipe(std::string& text);

// read_secret_file() of files.hpp as a Secret, without a copy left behind; invalid_input also when it holds a NUL or a
// line end.
Result<Secret> read_secret(const std::filesystem::path& path);

}  // namespace hf

template <>
struct fmt::formatter<hf::Secret> {
  constexpr auto parse(format_parse_context& context) { return context.begin(); }
  template <class Context>
  auto format(const hf::Secret&, Context& context) const {
    return fmt::format_to(context.out(), "***");
  }
};
