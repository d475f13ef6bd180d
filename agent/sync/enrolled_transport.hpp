// The way to HQ as the settings name it: reads certificate, key and CA when they are first needed and again when a file
// has changed, so that a box may start before it is enrolled and takes a renewed certificate without a restart.
#pragma once

#include <array>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "agent/sync/https_transport.hpp"
#include "agent/sync/site_identity.hpp"

namespace hf::sync {

struct EnrolledFiles {
  std::string url;
  Path ca, certificate, key;
};

class EnrolledTransport final : public Transport {
 public:
  explicit EnrolledTransport(EnrolledFiles files) : files_(std::move(files)) {}

  // As HttpsTransport::post(); denied, naming the file and the remedy, while the files cannot be used.
  Result<TransportReply> post(const std::string& body) override;
  // As HttpsTransport::ask(). One thread at a time with post(); two ways are two objects.
  Result<TransportReply> ask(http::Method method, std::string_view target, const std::string& content_type, const std::string& body);
  void cancel() override;

  // Of the certificate as last read; nothing before. From any thread.
  std::optional<CertificateHealth> certificate(Time now) const;

 private:
  using Stamps = std::array<std::filesystem::file_time_type, 3>;
  Stamps stamps() const;
  Status refresh();

  EnrolledFiles files_;
  mutable std::mutex mutex_;  // what cancel() and certificate() reach from other threads
  std::shared_ptr<HttpsTransport> way_;
  std::string certificate_;
  bool cancelled_ = false;
  Stamps read_{};
};

}  // namespace hf::sync
