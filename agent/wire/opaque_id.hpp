// Names of the PBX as ids that tell nothing. In: the site's secret key and a name. Out: 64 bits (SipHash-2-4).
#pragma once

#include <string_view>

#include "agent/wire/messages.hpp"
#include "hal/platform/siphash.hpp"

namespace hf::wire {

// 128 secret random bits, made once per site and never sent: dialled numbers are few, so an unkeyed hash could be
// tried out.
using SiteKey = SipKey;

// The same scope and name under the same key give the same id. A queue and a line of one name differ.
Id opaque_id(const SiteKey& key, Scope scope, std::string_view name);

// An incident's id is a hash already ("16 hex digits"): read as it is; any other text is hashed like a name.
Id incident_id(const SiteKey& key, std::string_view id);

}  // namespace hf::wire
