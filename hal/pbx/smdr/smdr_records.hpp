// Records that a PBX prints over several lines. Pure. In: lines in their order. Out: records, each one line: further lines (`continued` of the
// template) stand behind the first, at columns of their own.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "hal/pbx/smdr/smdr_template.hpp"

namespace hf::pbx {

class SmdrRecords {
 public:
  static constexpr size_t kWide = 200;    // columns of fixed width: the second line begins with column 201, the third with 401
  static constexpr size_t kMaxLines = 3;  // what comes behind is left out

  // The template must outlive this.
  explicit SmdrRecords(const SmdrTemplate& how) : how_(how) {}
  // The record that this line completes: itself where every record is a line, else the one before it.
  std::optional<std::string> take(std::string_view line);
  // The record that waits for further lines, when none will come.
  std::optional<std::string> end();
  bool empty() const { return lines_ == 0; }

 private:
  void add(std::string_view line);

  const SmdrTemplate& how_;
  std::string held_;
  size_t lines_ = 0;
};

}  // namespace hf::pbx
