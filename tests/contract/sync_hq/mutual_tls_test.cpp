// The real way over loopback: sender, HTTPS client, TLS 1.3 with certificates on both sides, HQ's server, HQ's store.
#include <gtest/gtest.h>

#include "agent/sync/enrolled_transport.hpp"
#include "agent/sync/https_transport.hpp"
#include "agent/sync/outgoing.hpp"
#include "agent/sync/sender.hpp"
#include "agent/sync/site_identity.hpp"
#include "hal/platform/random.hpp"
#include "hq/server.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf {
namespace {

const wire::SiteKey kSiteKey{1};

class MutualTls : public ::testing::Test {
 protected:
  MutualTls() {
    settings_.state_dir = folder_ / "hq";
    settings_.web.port = settings_.ingest.port = 0;
    auto server = hq::Server::start(settings_, {}, "0.1.0", system_clock(), random_);
    EXPECT_TRUE(server) << server.error().what;
    if (server) server_ = std::move(*server);
  }

  // A site's key and request, signed by `folder`'s CA and entered into HQ's table when `enrolled`.
  net::Identity identity(const std::string& site, const std::string& folder = "hq", bool enrolled = true) {
    auto key = net::make_key();
    const auto request = net::make_request(*key, "whatever");
    EXPECT_TRUE(make_folder(folder_ / folder, 0700));
    const auto ca = hq::Enrolment::open(folder_ / folder, system_clock().now());
    auto store = hq::Store::open(enrolled ? hq::database_file(settings_.state_dir) : folder_ / "other.db");
    const auto certificate =
        ca->enrol(*store, *request, {site, "", *hq::Enrolment::fingerprint(*request)}, system_clock().now());
    EXPECT_TRUE(certificate) << certificate.error().what;
    return {*certificate, std::move(*key)};
  }
  std::string ca(const std::string& folder = "hq") {
    EXPECT_TRUE(make_folder(folder_ / folder, 0700));
    return hq::Enrolment::open(folder_ / folder, system_clock().now())->ca_certificate();
  }
  std::string url(const std::string& host = "localhost") {
    return "https://" + host + ":" + std::to_string(server_->ingest_port());
  }

  // One message sent by `site` with these certificates; the link afterwards.
  sync::Link send(const std::string& site, const net::Identity& identity, const std::string& pinned,
                  const std::string& to) {
    auto outgoing = sync::Outgoing::open(folder_ / (site + ".db"), kSiteKey, random_, system_clock().now());
    sync::Outputs out;
    out.at = system_clock().now();
    out.minutes.resize(1);
    out.minutes[0].id = "support", out.minutes[0].offered = 3;
    out.minutes[0].start = std::chrono::floor<std::chrono::minutes>(out.at);
    EXPECT_TRUE(outgoing->put({"j", 1}, out));
    auto transport = sync::HttpsTransport::make(to, pinned, identity);
    EXPECT_TRUE(transport) << transport.error().what;
    sync::SenderOptions options;
    options.site = site;
    sync::Sender sender(outgoing->outbox(), **transport, system_clock(), random_, options);
    sender.attempt();
    waiting_ = outgoing->outbox().status()->waiting;
    return sender.link();
  }
  uint64_t minutes_at_hq(const std::string& site) {
    auto store = hq::Store::open(hq::database_file(settings_.state_dir));
    return store->seen(site)->size();
  }

  const test::TempFolder folder_;
  settings::HqSettings settings_;
  SeededRandom random_{5};
  std::unique_ptr<hq::Server> server_;
  uint64_t waiting_ = 0;
};

TEST_F(MutualTls, an_enrolled_site_is_heard) {
  const auto link = send("berlin-1", identity("berlin-1"), ca(), url());
  EXPECT_EQ(link.state, sync::LinkState::connected) << link.what;
  EXPECT_EQ(waiting_, 0U);
  EXPECT_EQ(minutes_at_hq("berlin-1"), 1U);
}

TEST_F(MutualTls, a_good_certificate_that_is_not_in_the_table_is_refused) {
  // Signed by HQ's own CA, but entered into another table: as a stolen or forgotten certificate would be.
  const auto link = send("ghost", identity("ghost", "hq", false), ca(), url());
  EXPECT_EQ(link.state, sync::LinkState::refused) << link.what;
  EXPECT_NE(link.what.find("enrol"), std::string::npos) << link.what;
  EXPECT_EQ(waiting_, 1U);
}

TEST_F(MutualTls, a_revoked_site_is_refused_from_its_next_request_on) {
  const auto berlin = identity("berlin-1");
  EXPECT_EQ(send("berlin-1", berlin, ca(), url()).state, sync::LinkState::connected);
  ASSERT_TRUE(hq::Store::open(hq::database_file(settings_.state_dir))->revoke("berlin-1"));
  EXPECT_EQ(send("berlin-1", berlin, ca(), url()).state, sync::LinkState::refused);
  EXPECT_EQ(minutes_at_hq("berlin-1"), 1U) << "what it sent stays";
}

TEST_F(MutualTls, a_site_cannot_speak_for_another) {
  const auto berlin = identity("berlin-1"), paris = identity("paris");
  EXPECT_EQ(send("berlin-1", paris, ca(), url()).state, sync::LinkState::refused);
  EXPECT_EQ(minutes_at_hq("berlin-1"), 0U);
  EXPECT_EQ(minutes_at_hq("paris"), 0U);
}

TEST_F(MutualTls, a_certificate_of_another_ca_is_refused) {
  const auto link = send("berlin-1", identity("berlin-1", "other"), ca(), url());
  EXPECT_EQ(link.state, sync::LinkState::refused);
  EXPECT_NE(link.what.find("enrol"), std::string::npos) << link.what;
  EXPECT_EQ(minutes_at_hq("berlin-1"), 0U);
}

TEST_F(MutualTls, the_site_refuses_an_hq_of_another_ca_and_of_another_name) {
  const auto berlin = identity("berlin-1");
  const auto foreign = send("berlin-1", berlin, ca("other"), url());
  EXPECT_EQ(foreign.state, sync::LinkState::refused) << foreign.what;
  const auto misnamed = send("berlin-1", berlin, ca(), url("127.0.0.1"));
  EXPECT_EQ(misnamed.state, sync::LinkState::refused) << misnamed.what;
  EXPECT_EQ(minutes_at_hq("berlin-1"), 0U);
}

TEST_F(MutualTls, a_box_that_is_enrolled_only_later_needs_no_restart) {
  sync::EnrolledTransport way({url(), folder_ / "hq-ca.crt", folder_ / "site.crt", folder_ / "site.key"});
  const auto before = way.post("");
  ASSERT_FALSE(before);
  EXPECT_EQ(before.error().kind, ErrorKind::denied);
  EXPECT_NE(before.error().what.find("site.crt"), std::string::npos) << before.error().what;
  EXPECT_NE(before.error().what.find("enrol"), std::string::npos) << before.error().what;
  EXPECT_FALSE(way.certificate(system_clock().now()));

  const auto berlin = identity("berlin-1");
  ASSERT_TRUE(write_file(folder_ / "hq-ca.crt", ca()));
  ASSERT_TRUE(write_file(folder_ / "site.crt", berlin.certificate));
  ASSERT_TRUE(write_file(folder_ / "site.key", berlin.key.reveal(), 0600));
  const auto after = way.post("no batch");
  ASSERT_TRUE(after) << after.error().what;
  EXPECT_EQ(after->status, 400U) << "HQ knows the box and reads what it sent";
  EXPECT_TRUE(way.certificate(system_clock().now()));
  way.cancel();
  EXPECT_EQ(way.post("no batch").error().kind, ErrorKind::closed);
}

TEST_F(MutualTls, hq_away_is_unreachable_and_a_second_hq_on_the_folder_is_refused) {
  const auto berlin = identity("berlin-1");
  const std::string there = url();
  EXPECT_EQ(hq::Server::start(settings_, {}, "0.1.0", system_clock(), random_).error().kind, ErrorKind::busy);
  server_->stop();
  const auto link = send("berlin-1", berlin, ca(), there);
  EXPECT_EQ(link.state, sync::LinkState::unreachable) << link.what;
  EXPECT_NE(link.what.find(std::to_string(server_->ingest_port())), std::string::npos) << link.what;
}

TEST_F(MutualTls, the_certificate_towards_the_sites_is_kept_over_a_restart) {
  const auto ca_before = ca();
  const auto berlin = identity("berlin-1");
  server_.reset();
  auto again = hq::Server::start(settings_, {}, "0.1.0", system_clock(), random_);
  ASSERT_TRUE(again) << again.error().what;
  server_ = std::move(*again);
  EXPECT_EQ(ca(), ca_before);
  EXPECT_EQ(send("berlin-1", berlin, ca_before, url()).state, sync::LinkState::connected);
}

TEST(Enrolment, needs_the_fingerprint_that_the_site_shows) {
  const test::TempFolder folder;
  auto store = hq::Store::open(folder / "hq.db");
  const auto now = system_clock().now();
  const auto ca = hq::Enrolment::open(folder.path(), now);
  const auto key = net::make_key();
  const auto request = net::make_request(*key, "x");
  const auto right = *hq::Enrolment::fingerprint(*request);
  std::string wrong = right;
  wrong[0] = wrong[0] == '0' ? '1' : '0';
  EXPECT_EQ(ca->enrol(*store, *request, {"berlin-1", "", wrong}, now).error().kind, ErrorKind::denied);
  EXPECT_EQ(ca->enrol(*store, *request, {"berlin-1", "", ""}, now).error().kind, ErrorKind::denied);
  EXPECT_EQ(ca->enrol(*store, *request, {"Berlin", "", right}, now).error().kind, ErrorKind::invalid_input);
  EXPECT_FALSE(ca->enrol(*store, "no request", {"berlin-1", "", right}, now));
  EXPECT_TRUE(store->sites()->empty()) << "nothing of this was entered";
  EXPECT_TRUE(ca->enrol(*store, *request, {"berlin-1", "", right}, now));
}

TEST(SiteIdentity, is_made_at_the_site_signed_at_hq_and_watched_to_its_end) {
  const test::TempFolder folder;
  const auto now = system_clock().now();
  const auto first = sync::site_request(folder / "hq.key", "berlin-1");
  ASSERT_TRUE(first) << first.error().what;
  const auto again = sync::site_request(folder / "hq.key", "berlin-1");
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(again->fingerprint, first->fingerprint) << "the key is made once";
  EXPECT_EQ(sync::load_site_identity(folder / "hq.crt", folder / "hq.key").error().kind, ErrorKind::not_found);

  auto store = hq::Store::open(folder / "hq.db");
  const auto ca = hq::Enrolment::open(folder.path(), now);
  const auto signed_by_hq =
      ca->enrol(*store, again->pem, {"berlin-1", "", first->fingerprint, std::chrono::days(90)}, now);
  ASSERT_TRUE(signed_by_hq) << signed_by_hq.error().what;
  ASSERT_TRUE(write_file(folder / "hq.crt", *signed_by_hq));
  const auto identity = sync::load_site_identity(folder / "hq.crt", folder / "hq.key");
  ASSERT_TRUE(identity) << identity.error().what;
  const auto problem = [&](int days) {
    return sync::certificate_health(identity->certificate, now + std::chrono::days(days))->problem;
  };
  EXPECT_FALSE(problem(0));
  EXPECT_FALSE(problem(59));
  ASSERT_TRUE(problem(61));
  EXPECT_NE(problem(61)->find("ends in 2"), std::string::npos) << *problem(61);
  ASSERT_TRUE(problem(91));
  EXPECT_NE(problem(91)->find("has ended"), std::string::npos);
  ASSERT_TRUE(problem(-2));
  EXPECT_NE(problem(-2)->find("clock"), std::string::npos);
}

TEST(HqAddress, is_https_with_host_and_port_and_no_path) {
  EXPECT_EQ(*sync::hq_address("https://hq.example:8445"), (net::HostPort{"hq.example", 8445}));
  EXPECT_EQ(*sync::hq_address("https://hq.example:8445/"), (net::HostPort{"hq.example", 8445}));
  EXPECT_EQ(*sync::hq_address("https://hq.example"), (net::HostPort{"hq.example", 443}));
  EXPECT_EQ(*sync::hq_address("https://[::1]"), (net::HostPort{"::1", 443}));
  for (const auto* bad :
       {"http://hq.example", "hq.example:8445", "https://", "https://hq.example/wire", "https://hq.example:99999"})
    EXPECT_EQ(sync::hq_address(bad).error().kind, ErrorKind::invalid_input) << bad;
}

}  // namespace
}  // namespace hf
