// Which language a reader wants. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "agent/web/exchange.hpp"

namespace hf::web {

std::optional<Language> language_from(std::string_view name);  // "en", "ru"

// ?lang wins, then the best of Accept-Language (RFC 9110, 12.5.4: quality, then order), then `otherwise`.
Language language_of(const http::Request& request, Language otherwise);

}  // namespace hf::web
