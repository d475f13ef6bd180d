// A hold of some callers inside a queue, told from the order of service: who was passed over again and again was held,
// however quickly the others were answered. In: an interval of a queue under an artificial hold. Out: the same, with
// the holds laid on those callers. Pure.
#pragma once

#include "agent/incidents/shares.hpp"

namespace hf::incidents {

// Callers whom four others overtook, who came later and were answered in less than half the time, get their wait as a
// hold. When five or more were, and they wait twice as long as the others who were answered, theirs is the hold, and
// whoever stood idle did so beside them: `taking` goes, since it would count the same wait twice. Else nothing changes:
// all are held alike (the last of them are overtaken when it ends, but none in the first half), or a few have a lower
// priority. True: laid on them.
bool hold_overtaken(SeenFloor& seen);

}  // namespace hf::incidents
