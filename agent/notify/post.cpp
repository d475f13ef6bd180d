#include "agent/notify/post.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <memory>

namespace hf::notify {

namespace {

constexpr long kTimeoutMs = 10'000, kConnectMs = 5'000;
constexpr size_t kMaxAnswer = 64 * 1024;

struct FreeUrl { void operator()(CURLU* url) const { curl_url_cleanup(url); } };
struct FreeEasy { void operator()(CURL* easy) const { curl_easy_cleanup(easy); } };
struct FreeList { void operator()(curl_slist* list) const { curl_slist_free_all(list); } };

// An answer is read only to its end or the limit, and thrown away.
size_t drop(const char*, size_t size, size_t count, void* read) {
  auto& total = *static_cast<size_t*>(read);
  total += size * count;
  return total <= kMaxAnswer ? size * count : 0;
}

int progress(void* stopping, curl_off_t, curl_off_t, curl_off_t, curl_off_t) { return *static_cast<std::atomic<bool>*>(stopping) ? 1 : 0; }

bool has_part(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  const bool found = curl_url_get(url, part, &text, 0) == CURLUE_OK && text && *text;
  curl_free(text);
  return found;
}

Error explain(CURLcode code, const char* detail) {
  const std::string what = detail && *detail ? detail : curl_easy_strerror(code);
  if (code == CURLE_OPERATION_TIMEDOUT) return {ErrorKind::timed_out, "no answer within 10 s: " + what};
  if (code == CURLE_PEER_FAILED_VERIFICATION) return {ErrorKind::denied, "its certificate is not trusted: " + what + " (name the site's authority in the settings)"};
  if (code == CURLE_SSL_CACERT_BADFILE) return {ErrorKind::denied, "the file of the site's certificate authority cannot be read: " + what};
  if (code == CURLE_ABORTED_BY_CALLBACK) return {ErrorKind::closed, "stopped"};
  return {ErrorKind::io, what};
}

}  // namespace

Status check_url(std::string_view text) {
  const auto refuse = [](std::string why) -> Status { return fail(ErrorKind::invalid_input, "webhook address: " + std::move(why)); };
  const auto odd = [](char c) { return static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7f; };
  if (text.size() > 1024 || std::any_of(text.begin(), text.end(), odd)) return refuse("at most 1024 printable signs without blanks");
  if (!text.starts_with("https://") && !text.starts_with("http://")) return refuse("must begin with https:// or http://");
  const std::unique_ptr<CURLU, FreeUrl> url(curl_url());
  const std::string zero_ended(text);
  if (!url || curl_url_set(url.get(), CURLUPART_URL, zero_ended.c_str(), 0) != CURLUE_OK || !has_part(url.get(), CURLUPART_HOST)) return refuse("cannot be read");
  if (has_part(url.get(), CURLUPART_USER) || has_part(url.get(), CURLUPART_PASSWORD)) return refuse("must hold no user name and no password");
  if (has_part(url.get(), CURLUPART_FRAGMENT)) return refuse("must not hold a '#'");
  return {};
}

CurlPoster::CurlPoster(std::optional<std::filesystem::path> ca_file) : ca_file_(std::move(ca_file)) {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);  // once a process, before threads use it
  (void)started;
}

Result<unsigned> CurlPoster::post(const std::string& url, const std::vector<std::string>& headers, const std::string& body) {
  const std::unique_ptr<CURL, FreeEasy> easy(curl_easy_init());
  if (!easy) return fail(ErrorKind::internal, "libcurl cannot start");
  curl_slist* raw = nullptr;
  for (const auto& header : headers) raw = curl_slist_append(raw, header.c_str());
  const std::unique_ptr<curl_slist, FreeList> list(raw);
  std::array<char, CURL_ERROR_SIZE> detail{};
  size_t read = 0;
  const auto set = [&easy](CURLoption option, auto value) { return curl_easy_setopt(easy.get(), option, value); };
  set(CURLOPT_URL, url.c_str()), set(CURLOPT_PROTOCOLS_STR, "http,https"), set(CURLOPT_HTTPHEADER, list.get());
  set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size())), set(CURLOPT_POSTFIELDS, body.c_str());
  set(CURLOPT_SSL_VERIFYPEER, 1L), set(CURLOPT_SSL_VERIFYHOST, 2L), set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (ca_file_) set(CURLOPT_CAINFO, ca_file_->c_str()), set(CURLOPT_CAPATH, nullptr);
  set(CURLOPT_FOLLOWLOCATION, 0L), set(CURLOPT_PROXY, ""), set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_TIMEOUT_MS, kTimeoutMs), set(CURLOPT_CONNECTTIMEOUT_MS, kConnectMs);
  set(CURLOPT_WRITEFUNCTION, &drop), set(CURLOPT_WRITEDATA, &read), set(CURLOPT_ERRORBUFFER, detail.data());
  set(CURLOPT_NOPROGRESS, 0L), set(CURLOPT_XFERINFOFUNCTION, &progress), set(CURLOPT_XFERINFODATA, &stopping_);
  const CURLcode code = curl_easy_perform(easy.get());
  long status = 0;
  curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
  if (code == CURLE_WRITE_ERROR && status > 0) return static_cast<unsigned>(status);  // a chatty answer: its status is what counts
  if (code != CURLE_OK) return fail(explain(code, detail.data()));
  return static_cast<unsigned>(status);
}

}  // namespace hf::notify
