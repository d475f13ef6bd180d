// What an admin did or was refused: its row in the audit log, then the answer.
#pragma once

#include <string>
#include <string_view>

#include "agent/web/exchange.hpp"
#include "agent/web/route.hpp"

namespace hf::web {

// refused: what was asked for could not be; failed: the box's own disk or service did not do its part.
access::AuditResult result_of(const Status& done);

// Completes `row` with who asked, from where and how it ended; `after` stands in a row of what was done only. io when it cannot be written.
Status write_down(Context& context, const Exchange& exchange, access::AuditEntry row, const Status& done);

// `good` when it was done; else the error, about `field`. A row that cannot be written is answered as broken.
http::Response told(Context& context, const Exchange& exchange, access::AuditEntry row, const Status& done, http::Response good, std::string_view field = {});
http::Response told(Context& context, const Exchange& exchange, std::string action, std::string target, const Status& done, http::Response good, std::string_view field = {});

// That it was done, of what was asked for with an answer.
template <class T>
Status status_of(const Result<T>& answer) {
  return answer ? Status() : Status(fail(answer.error()));
}

}  // namespace hf::web
