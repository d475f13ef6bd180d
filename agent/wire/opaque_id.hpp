// Names of the PBX as ids that tell nothing. In: the site's secret key and a name. Out: SipHash-2-4 (Aumasson, Bernstein 2012), 64 bits.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "agent/wire/messages.hpp"

namespace hf::wire {

// 128 secret random bits, made once per site and never sent: dialled numbers are few, so an unkeyed hash could be tried out.
using SiteKey = std::array<uint8_t, 16>;

// The same scope and name under the same key give the same id. A queue and a line of one name differ.
Id opaque_id(const SiteKey& key, Scope scope, std::string_view name);

// An incident's id is a hash already ("16 hex digits"): read as it is; any other text is hashed like a name.
Id incident_id(const SiteKey& key, std::string_view id);

// The bare function, for the reference vectors.
uint64_t siphash24(const SiteKey& key, std::string_view bytes);

}  // namespace hf::wire
