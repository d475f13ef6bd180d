// What an admin did or was refused: its row in the audit log, then the answer.
#pragma once

#include <string>
#include <string_view>

#include "agent/web/exchange.hpp"
#include "agent/web/route.hpp"

namespace hf::web {

// `good` when it was done; else the error, about `field`. A row that cannot be written is answered as broken.
inline http::Response told(Context& context, const Exchange& exchange, std::string action, std::string target, const Status& done, http::Response good, std::string_view field = {}) {
  const auto result = done ? access::AuditResult::done : done.error().kind == ErrorKind::io ? access::AuditResult::failed : access::AuditResult::refused;
  const access::AuditEntry row{exchange.session->user, exchange.request.peer_address, std::move(action), std::move(target), result, "", ""};
  if (auto written = context.access.audit().add(row); !written) return error_answer(written.error());
  return done ? std::move(good) : error_answer(done.error(), field);
}

}  // namespace hf::web
