// The door for the sites. In: POST /wire/v1/batch over mutual TLS, and what updates_door takes. Out: the answer of wire v1 after the commit. Who
// sends is told by the key of its certificate alone, looked up in the site table for each request: a revoked site is
// out with its next request.
#pragma once

#include "agent/http/http_types.hpp"
#include "hal/platform/clock.hpp"
#include "hal/platform/executor.hpp"
#include "hq/offers.hpp"
#include "hq/store.hpp"

namespace hf::hq {

// One request, at once, on the store's thread. 200 with an answer; 400, 403, 404, 405, 500 with a short reason.
http::Response take_batch(Store& store, const http::Request& request, Time now);

// For HttpsServer: work moves to `home`, the store's thread; 503 when too much waits there.
http::Handler ingest_handler(Store& store, Offers& offers, Executor& home, const Clock& clock);
// The same at once, batches and versions.
http::Response answer_site(Store& store, Offers& offers, const http::Request& request, Time now);

// Bodies beyond the server's small limit: batches only, and only from a peer whose certificate was verified.
size_t ingest_body_limit(const http::Request& head);

}  // namespace hf::hq
