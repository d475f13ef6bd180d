// The rules for requests of our own page, as this folder calls them; HQ's page has the same.
#pragma once

#include "agent/http/own_page.hpp"

namespace hf::web {

using http::csrf_token_fits;
using http::ended_cookie;
using http::is_json;
using http::kCookie;
using http::kCsrfHeader;
using http::same_origin;
using http::session_cookie;
using http::session_token;

}  // namespace hf::web
