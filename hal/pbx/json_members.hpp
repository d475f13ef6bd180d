// One JSON object as FreeSWITCH writes them, read where it lies. In: text. Out: its members, one after the other.
// Keys may come twice (1.10.12 repeats headers that an event carries twice): a reader that refuses them loses events.
#pragma once

#include <string>
#include <string_view>

namespace hf::pbx {

class JsonMembers {
 public:
  // `text` begins with '{', after blanks; what follows the object is not looked at.
  explicit JsonMembers(std::string_view text);

  // The next member; false at the end, and for good where the text is no JSON (good() tells). `value` is the text of
  // the value as it stands there: a string with its quotes, an object, an array, a number. Nesting over 32 ends it.
  [[nodiscard]] bool next(std::string_view& key, std::string_view& value);
  bool good() const { return good_; }

 private:
  bool bad();
  std::string_view rest_;
  bool first_ = true, good_ = true;
};

// A string value without quotes and escapes; of an array its first element; numbers and words as they stand.
std::string json_text(std::string_view value);

// The objects of an array, one after the other: cuts the next one off. False at the end or where there is no object.
[[nodiscard]] bool next_json_object(std::string_view& array, std::string_view& object);

}  // namespace hf::pbx
