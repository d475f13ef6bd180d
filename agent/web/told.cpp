#include "agent/web/told.hpp"

namespace hf::web {

access::AuditResult result_of(const Status& done) {
  if (done) return access::AuditResult::done;
  switch (done.error().kind) {
    case ErrorKind::timed_out:
    case ErrorKind::closed:
    case ErrorKind::io:
    case ErrorKind::corrupt:
    case ErrorKind::internal: return access::AuditResult::failed;
    default: return access::AuditResult::refused;
  }
}

Status write_down(Context& context, const Exchange& exchange, access::AuditEntry row, const Status& done) {
  row.actor = exchange.session->user;
  row.address = exchange.request.peer_address;
  row.result = result_of(done);
  if (!done) row.after.clear();
  return context.access.audit().add(row);
}

http::Response told(Context& context, const Exchange& exchange, access::AuditEntry row, const Status& done, http::Response good, std::string_view field) {
  if (auto written = write_down(context, exchange, std::move(row), done); !written) return error_answer(written.error());
  return done ? std::move(good) : error_answer(done.error(), field);
}

http::Response told(Context& context, const Exchange& exchange, std::string action, std::string target, const Status& done, http::Response good, std::string_view field) {
  return told(context, exchange, access::AuditEntry{.action = std::move(action), .target = std::move(target)}, done, std::move(good), field);
}

}  // namespace hf::web
