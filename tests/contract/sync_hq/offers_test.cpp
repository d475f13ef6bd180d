// Versions between a site and HQ: both sides as they are, without a network between them.
#include "agent/sync/offers.hpp"

#include <gtest/gtest.h>

#include "hal/net/digest.hpp"
#include "hal/platform/hex.hpp"
#include "hq/ingest.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf {
namespace {

const std::string kBerlin(64, 'a'), kMunich(64, 'b');

class OffersWithHq : public ::testing::Test {
 protected:
  OffersWithHq() : store_(std::move(*hq::Store::open(folder_ / "hq.db"))), offers_(std::move(*hq::Offers::open(folder_.path()))) {
    EXPECT_TRUE(store_.enrol("berlin-1", "Berlin", kBerlin, clock_.now()));
    EXPECT_TRUE(store_.enrol("munich-1", "Munich", kMunich, clock_.now()));
    bytes_.resize(hq::kBundlePiece + 1000);
    for (size_t i = 0; i < bytes_.size(); ++i) bytes_[i] = static_cast<char>(i * 7);
    EXPECT_TRUE(write_file(folder_ / "new.raucb", bytes_));
    EXPECT_TRUE(offers_.add(folder_ / "new.raucb", "1.1.0", clock_.now()));
  }
  sync::Ask as(const std::string& key) {
    return [this, key](const std::string& target, const std::optional<std::string>& body) -> Result<sync::TransportReply> {
      http::Request request;
      request.peer_key = key, request.method = body ? http::Method::post : http::Method::get, request.body = body.value_or("");
      const size_t query = target.find('?');
      request.path = target.substr(0, query);
      for (std::string rest = query == std::string::npos ? "" : target.substr(query + 1); !rest.empty();) {
        const std::string pair = rest.substr(0, rest.find('&'));
        request.query[pair.substr(0, pair.find('='))] = pair.substr(pair.find('=') + 1);
        rest.erase(0, pair.size() + 1);
      }
      auto response = hq::answer_site(store_, offers_, request, clock_.now());
      return sync::TransportReply{response.status, std::move(response.body)};
    };
  }
  static sync::VersionReport report() { return {"1.0.0", "1.1.0", "idle", "given_back", "health"}; }

  const test::TempFolder folder_;
  test::ManualClock clock_;
  hq::Store store_;
  hq::Offers offers_;
  std::string bytes_;
};

TEST_F(OffersWithHq, a_site_gets_what_it_is_offered_byte_by_byte_and_no_other_does) {
  ASSERT_TRUE(offers_.offer("berlin-1", "1.1.0", clock_.now()));
  EXPECT_FALSE(*sync::tell_versions(as(kMunich), report())) << "nothing is offered to this one";
  const auto offer = sync::tell_versions(as(kBerlin), report());
  ASSERT_TRUE(offer && *offer) << offer.error().what;
  EXPECT_EQ((*offer)->version, "1.1.0");
  std::string got;
  while (got.size() < (*offer)->size) {
    auto piece = sync::fetch_piece(as(kBerlin), **offer, got.size());
    ASSERT_TRUE(piece) << piece.error().what;
    got += *piece;
  }
  EXPECT_EQ(got, bytes_);
  EXPECT_EQ((*offer)->sha256, to_hex(net::sha256(got)));
  EXPECT_EQ(sync::fetch_piece(as(kMunich), **offer, 0).error().kind, ErrorKind::not_found);
  EXPECT_FALSE(sync::fetch_piece(as(kBerlin), **offer, (*offer)->size));
}

TEST_F(OffersWithHq, hq_knows_what_each_site_runs_and_why_a_version_did_not_stay) {
  ASSERT_TRUE(offers_.offer("berlin-1", "1.1.0", clock_.now()));
  ASSERT_TRUE(sync::tell_versions(as(kBerlin), report()));
  const auto sites = offers_.sites().value();
  ASSERT_EQ(sites.size(), 1U);
  EXPECT_EQ(sites[0].offered, "1.1.0");
  ASSERT_TRUE(sites[0].report);
  EXPECT_EQ(sites[0].report->runs, "1.0.0");
  EXPECT_EQ(sites[0].report->reason, "health");
}

TEST_F(OffersWithHq, a_key_that_is_not_enrolled_gets_nothing) {
  EXPECT_FALSE(sync::tell_versions(as(std::string(64, 'c')), report()));
  ASSERT_TRUE(store_.revoke("berlin-1"));
  EXPECT_FALSE(sync::tell_versions(as(kBerlin), report()));
}

TEST_F(OffersWithHq, a_report_with_other_texts_is_refused) {
  for (const char* bad : {"{}", "[]", "", R"({"runs":"+49 170 1234567","target":"","stage":"","outcome":"","reason":""})", R"({"runs":"Anna","target":"","stage":"","outcome":"","reason":""})",
                          R"({"runs":1,"target":"","stage":"","outcome":"","reason":""})"})
    EXPECT_EQ(as(kBerlin)("/wire/v1/updates", bad)->status, 400U) << bad;
  EXPECT_TRUE(offers_.sites()->empty());
}

TEST_F(OffersWithHq, a_version_is_one_bundle_and_an_offer_can_be_taken_back) {
  ASSERT_TRUE(offers_.add(folder_ / "new.raucb", "1.1.0", clock_.now())) << "the same again is fine";
  ASSERT_TRUE(write_file(folder_ / "other.raucb", "other"));
  EXPECT_EQ(offers_.add(folder_ / "other.raucb", "1.1.0", clock_.now()).error().kind, ErrorKind::invalid_input);
  EXPECT_EQ(offers_.add(folder_ / "other.raucb", "../x", clock_.now()).error().kind, ErrorKind::invalid_input);
  EXPECT_EQ(offers_.offer("berlin-1", "9.9.9", clock_.now()).error().kind, ErrorKind::not_found);
  ASSERT_TRUE(offers_.offer("berlin-1", "1.1.0", clock_.now()));
  ASSERT_TRUE(offers_.withdraw("berlin-1"));
  EXPECT_FALSE(*sync::tell_versions(as(kBerlin), report()));
  EXPECT_EQ(offers_.withdraw("berlin-1").error().kind, ErrorKind::not_found);
}

TEST(Offers, an_hq_that_knows_nothing_of_versions_or_says_nonsense_is_told_apart) {
  const auto says = [](unsigned status, std::string body) { return [=](const std::string&, const std::optional<std::string>&) -> Result<sync::TransportReply> { return sync::TransportReply{status, body}; }; };
  EXPECT_EQ(sync::tell_versions(says(404, "sites deliver to /wire/v1/batch"), {}).error().kind, ErrorKind::unsupported);
  for (const char* bad : {"", "{}", R"({"offer":5})", R"({"offer":{"version":"1"}})", R"({"offer":{"version":"1","sha256":"x","name":"n","size":5}})"})
    EXPECT_EQ(sync::tell_versions(says(200, bad), {}).error().kind, ErrorKind::corrupt) << bad;
  EXPECT_EQ(sync::fetch_piece(says(200, "too many"), {"1", std::string(64, 'a'), "n", 4}, 0).error().kind, ErrorKind::corrupt);
}

}  // namespace
}  // namespace hf
