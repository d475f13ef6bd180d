#include "agent/sync/enrolled_transport.hpp"

namespace hf::sync {

EnrolledTransport::Stamps EnrolledTransport::stamps() const {
  Stamps found{};
  std::error_code none;  // a missing file has the smallest stamp, and is told when it is read
  const std::array<const Path*, 3> files{&files_.ca, &files_.certificate, &files_.key};
  for (size_t i = 0; i < files.size(); ++i) found[i] = std::filesystem::last_write_time(*files[i], none);
  return found;
}

Status EnrolledTransport::refresh() {
  const auto now = stamps();
  if (way_ && now == read_) return {};
  auto identity = load_site_identity(files_.certificate, files_.key);
  if (!identity) return fail(std::move(identity.error()));
  auto ca = read_file(files_.ca, 1 << 20);
  if (!ca) return fail(std::move(ca.error()).context("hq.ca_file"));
  auto made = HttpsTransport::make(files_.url, *ca, *identity);
  if (!made) return fail(std::move(made.error()));
  const std::lock_guard lock(mutex_);
  way_ = std::move(*made), certificate_ = identity->certificate, read_ = now;
  if (cancelled_) way_->cancel();
  return {};
}

Result<TransportReply> EnrolledTransport::post(const std::string& body) {
  if (auto ready = refresh(); !ready) return fail(ErrorKind::denied, ready.error().what);
  return way_->post(body);
}

Result<TransportReply> EnrolledTransport::ask(http::Method method, std::string_view target, const std::string& content_type, const std::string& body) {
  if (auto ready = refresh(); !ready) return fail(ErrorKind::denied, ready.error().what);
  return way_->ask(method, target, content_type, body);
}

void EnrolledTransport::cancel() {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
  if (way_) way_->cancel();
}

std::optional<CertificateHealth> EnrolledTransport::certificate(Time now) const {
  const std::lock_guard lock(mutex_);
  if (certificate_.empty()) return std::nullopt;
  auto health = certificate_health(certificate_, now);
  return health ? std::optional(std::move(*health)) : std::nullopt;
}

}  // namespace hf::sync
