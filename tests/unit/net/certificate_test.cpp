#include "hal/net/certificate.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "hal/net/identity.hpp"
#include "hal/platform/files.hpp"
#include "test_pki.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::net {
namespace {

using std::chrono::days;
using std::chrono::hours;

const Time kNow = std::chrono::sys_days(std::chrono::year(2026) / 3 / 1) + hours(12);
const Subject kBox{"Holdfast", {"holdfast.site.example", "192.0.2.7", "2001:db8::7"}};

TEST(SelfSigned, is_no_ca_and_lasts_825_days) {
  const Identity made = make_self_signed_server(kBox, valid_from(kNow)).value();
  const CertificateFacts facts = describe_certificate(made.certificate).value();
  EXPECT_FALSE(facts.ca);
  EXPECT_EQ(facts.subject, "CN=Holdfast");
  EXPECT_EQ(facts.not_before, kNow - hours(1));
  EXPECT_EQ(facts.not_after - facts.not_before, days(825));
  EXPECT_EQ(facts.fingerprint.size(), 64u);
  EXPECT_NE(facts.fingerprint, facts.key_fingerprint);
}

TEST(SelfSigned, refuses_names_that_would_say_something_else) {
  for (const char* name : {"", "a,DNS:evil", "a b", "a\nb", "*.example", ".example", "-x", "ü.example", "IP:1.2.3.4"}) {
    const auto made = make_self_signed_server({"box", {name}}, valid_from(kNow));
    ASSERT_FALSE(made) << name;
    EXPECT_EQ(made.error().kind, ErrorKind::invalid_input);
  }
  EXPECT_FALSE(make_self_signed_server({"box", {}}, valid_from(kNow)));
}

TEST(Issue, certifies_the_requests_key_and_nothing_else_of_it) {
  const Identity ca = make_ca("HQ", valid_from(kNow, days(3652))).value();
  const Secret key = make_key().value();
  const std::string request = make_request(key, "I am the CEO").value();
  const std::string certificate =
      issue(ca, request, Purpose::client, {"site-7", {}}, valid_from(kNow, days(90))).value();
  const CertificateFacts facts = describe_certificate(certificate).value();
  EXPECT_EQ(facts.subject, "CN=site-7");
  EXPECT_EQ(facts.key_fingerprint, request_key_fingerprint(request).value());
  EXPECT_EQ(facts.not_after, kNow - hours(1) + days(90));
  EXPECT_FALSE(facts.ca);
  EXPECT_TRUE(describe_certificate(ca.certificate)->ca);
}

TEST(Issue, a_renewed_certificate_keeps_the_keys_fingerprint) {
  const Identity ca = make_ca("HQ", valid_from(kNow)).value();
  const std::string request = make_request(make_key().value(), "site").value();
  const auto first =
      describe_certificate(issue(ca, request, Purpose::client, {"site", {}}, valid_from(kNow)).value()).value();
  const auto second =
      describe_certificate(issue(ca, request, Purpose::client, {"site", {}}, valid_from(kNow)).value()).value();
  EXPECT_EQ(first.key_fingerprint, second.key_fingerprint);
  EXPECT_NE(first.fingerprint, second.fingerprint) << "two certificates share a serial number";
}

TEST(Issue, refuses_a_request_that_was_changed_after_signing) {
  const Identity ca = make_ca("HQ", valid_from(kNow)).value();
  std::string request = make_request(make_key().value(), "a site with a long enough name").value();
  const size_t middle = request.size() / 2;
  request[middle] = request[middle] == 'A' ? 'B' : 'A';
  EXPECT_FALSE(issue(ca, request, Purpose::client, {"site", {}}, valid_from(kNow)));
  EXPECT_FALSE(request_key_fingerprint(request));
}

TEST(Issue, refuses_what_is_not_a_request) {
  const Identity ca = make_ca("HQ", valid_from(kNow)).value();
  for (const std::string& text : {std::string(), std::string("garbage"), ca.certificate, std::string(1 << 16, 'A')}) {
    EXPECT_EQ(issue(ca, text, Purpose::client, {"site", {}}, valid_from(kNow)).error().kind, ErrorKind::invalid_input);
    EXPECT_FALSE(describe_certificate(text == ca.certificate ? "" : text));
  }
}

TEST(Fingerprint, is_shown_as_browsers_show_it) { EXPECT_EQ(fingerprint_for_people("0aff10"), "0A:FF:10"); }

mode_t mode_of(const std::filesystem::path& path) {
  struct stat about{};
  ::stat(path.c_str(), &about);
  return about.st_mode & 0777;
}

TEST(IdentityFiles, are_made_once_private_and_found_again) {
  const test::TempFolder folder;
  const IdentityFiles files = identity_files(folder.path(), "web");
  const auto made = load_or_make_server(files, kBox, kNow);
  ASSERT_TRUE(made) << made.error().what;
  EXPECT_EQ(mode_of(files.key), 0600u);
  EXPECT_EQ(mode_of(files.certificate), 0600u);
  const auto found = load_or_make_server(files, kBox, kNow + days(1));
  ASSERT_TRUE(found) << found.error().what;
  EXPECT_EQ(found->certificate, made->certificate);
  EXPECT_TRUE(made->key.reveal().starts_with(found->key.reveal())) << "reading drops the last line end";
}

TEST(IdentityFiles, a_power_cut_before_the_certificate_was_written_mends_itself) {
  const test::TempFolder folder;
  const IdentityFiles files = identity_files(folder.path(), "web");
  ASSERT_TRUE(load_or_make_server(files, kBox, kNow));
  std::filesystem::remove(files.certificate);
  EXPECT_TRUE(load_or_make_server(files, kBox, kNow));
  EXPECT_TRUE(load_identity(files));
}

TEST(IdentityFiles, a_broken_or_foreign_pair_is_an_error_that_names_the_files) {
  const test::TempFolder folder;
  const IdentityFiles files = identity_files(folder.path(), "web");
  ASSERT_TRUE(load_or_make_server(files, kBox, kNow));
  ASSERT_TRUE(write_file(files.key, make_key().value().reveal()));
  const auto foreign = load_or_make_server(files, kBox, kNow);
  ASSERT_FALSE(foreign);
  EXPECT_EQ(foreign.error().kind, ErrorKind::invalid_input);
  EXPECT_NE(foreign.error().what.find("web.key"), std::string::npos) << foreign.error().what;
  std::filesystem::remove(files.key);
  EXPECT_EQ(load_or_make_server(files, kBox, kNow).error().kind, ErrorKind::not_found);
}

TEST(IdentityFiles, a_key_others_may_read_is_refused) {
  const test::TempFolder folder;
  const IdentityFiles files = identity_files(folder.path(), "web");
  ASSERT_TRUE(load_or_make_server(files, kBox, kNow));
  ASSERT_EQ(::chmod(files.key.c_str(), 0640), 0);
  EXPECT_EQ(load_identity(files).error().kind, ErrorKind::denied);
}

TEST(IdentityFiles, a_pair_that_does_not_match_is_never_saved) {
  const test::TempFolder folder;
  const IdentityFiles files = identity_files(folder.path(), "web");
  Identity mixed = make_ca("a", valid_from(kNow)).value();
  mixed.key = make_key().value();
  EXPECT_EQ(save_identity(mixed, files).error().kind, ErrorKind::invalid_input);
  EXPECT_FALSE(std::filesystem::exists(files.key));
}

}  // namespace
}  // namespace hf::net
