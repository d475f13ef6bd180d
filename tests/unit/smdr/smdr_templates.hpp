// Templates as the tests need them; those that are delivered are read in unit/settings.
#pragma once

#include "hal/pbx/smdr/smdr_template.hpp"

namespace hf::test {

inline pbx::SmdrTemplate avaya_like() {
  using F = pbx::SmdrField;
  pbx::SmdrTemplate t;
  t.id = "avaya", t.label = "Avaya", t.separator = ",", t.skip = "Call Start", t.inbound = "I", t.is_internal = "1", t.more = "1";
  const auto set = [&t](F field, uint32_t at) { t.columns[static_cast<size_t>(field)] = {at, 0}; };
  set(F::start, 1), set(F::talk, 2), set(F::ring, 3), set(F::caller, 4), set(F::direction, 5), set(F::queue, 6), set(F::dialled, 7), set(F::internal, 9);
  set(F::call, 10), set(F::continues, 11), set(F::device, 14), set(F::name, 15), set(F::hold, 16), set(F::park, 17);
  return t;
}

inline pbx::SmdrTemplate panasonic_like() {
  using F = pbx::SmdrField;
  pbx::SmdrTemplate t;
  t.id = "panasonic", t.label = "Panasonic", t.skip = "Date|----", t.date_order = pbx::DateOrder::mdy, t.inbound = "<I>", t.caller_after = "<I>";
  const auto set = [&t](F field, uint32_t at, uint32_t width) { t.columns[static_cast<size_t>(field)] = {at, width}; };
  set(F::end_date, 1, 8), set(F::end_time, 10, 7), set(F::device, 18, 5), set(F::direction, 27, 3), set(F::caller, 27, 25), set(F::ring, 53, 4), set(F::talk, 58, 8);
  return t;
}

}  // namespace hf::test
