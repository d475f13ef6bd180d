// The sites' side of new versions, behind the same mutual TLS as batches: what a site runs goes in, what it is offered comes out, and a bundle in pieces. Told in agent/wire/WIRE.md.
#pragma once

#include "agent/http/http_types.hpp"
#include "hal/platform/time.hpp"
#include "hq/offers.hpp"

namespace hf::hq {

// POST /wire/v1/updates and GET /wire/v1/bundle of a site that was told by its key. 200; 400, 404, 405, 500 with a short reason.
http::Response answer_updates(Offers& offers, const std::string& site, const http::Request& request, Time now);

// Whether a request is one for answer_updates().
bool is_about_updates(const http::Request& request);

}  // namespace hf::hq
