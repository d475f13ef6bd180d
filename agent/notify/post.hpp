// One HTTP POST to a site's own receiver: libcurl's only home.
#pragma once

#include <atomic>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hal/platform/result.hpp"

namespace hf::notify {

// http:// or https://, a host, no user or password inside (secrets do not belong into addresses), no fragment, at most 1,024 bytes.
// invalid_input says what is wrong.
Status check_url(std::string_view url);

struct Poster {
  virtual ~Poster() = default;
  // `headers` as whole lines. Out: the HTTP status, any. timed_out, denied (certificate), io otherwise; the text names host and remedy.
  // Takes 10 s at most.
  virtual Result<unsigned> post(const std::string& url, const std::vector<std::string>& headers, const std::string& body) = 0;
  // From any thread: a post under way returns soon.
  virtual void stop() = 0;
};

// Certificates and host names are always checked, by the system's authorities or by those of `ca_file` alone. Redirects are not followed,
// proxies of the environment are not used, at most 64 KiB of an answer are read (and thrown away).
class CurlPoster final : public Poster {
 public:
  explicit CurlPoster(std::optional<std::filesystem::path> ca_file);
  Result<unsigned> post(const std::string& url, const std::vector<std::string>& headers, const std::string& body) override;
  void stop() override { stopping_ = true; }

 private:
  std::optional<std::filesystem::path> ca_file_;
  std::atomic<bool> stopping_ = false;
};

}  // namespace hf::notify
