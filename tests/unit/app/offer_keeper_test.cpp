// What HQ offers, from the first word to the installing, with a desk and a device service that are real but for the machine.
#include "agent/app/offer_keeper.hpp"

#include <boost/json.hpp>

#include "tests/unit/updates/fake_device.hpp"

namespace hf::app {
namespace {

using namespace std::chrono_literals;
using updates::Restart;
using updates::Verdict;

class OfferTest : public updates::DeskTest {
 protected:
  OfferTest() { keep(false); }
  void keep(bool install) {
    keeper_.emplace(OfferParts{*desk_, [this](const std::string& target, const std::optional<std::string>& body) { return hq(target, body); }, clock_, worker_, install, 4});
  }
  Result<sync::TransportReply> hq(const std::string& target, const std::optional<std::string>& body) {
    if (away_) return fail(ErrorKind::timed_out, "HQ does not answer");
    if (target == "/wire/v1/updates") {
      told_ = boost::json::parse(*body).as_object();
      boost::json::value offer;
      if (!bundle_.empty()) offer = {{"version", "1.1.0"}, {"sha256", digest(bundle_)}, {"size", bundle_.size()}, {"name", "holdfast-1.1.0.raucb"}};
      return sync::TransportReply{200, boost::json::serialize(boost::json::object{{"offer", offer}})};
    }
    ++pieces_;
    const size_t offset = std::stoul(target.substr(target.rfind('=') + 1));
    return sync::TransportReply{200, bundle_.substr(offset, 4)};
  }
  void pass(Duration by) {
    later(by);
    keeper_->tick();
    desk_->tick();
  }

  std::optional<OfferKeeper> keeper_;
  std::string bundle_ = "0123456789";
  boost::json::object told_;
  size_t pieces_ = 0;
  bool away_ = false;
};

TEST_F(OfferTest, is_fetched_in_the_window_at_its_rate_inspected_and_only_shown) {
  pass(1h);  // one o'clock
  EXPECT_EQ(told_.at("runs"), "1.0.0");
  EXPECT_EQ(only_bundle().verdict, Verdict::unchecked) << "told of, and not here";
  EXPECT_EQ(only_bundle().version, "1.1.0");
  EXPECT_EQ(pieces_, 0U) << "not yet the time";
  pass(61min);
  EXPECT_EQ(pieces_, 1U) << "four bytes a second";
  away_ = true;
  pass(1s);
  EXPECT_NE(keeper_->problem(), "");
  away_ = false;
  pass(1s), pass(1s);
  EXPECT_EQ(pieces_, 3U) << "it goes on where it broke off";
  pass(1s);
  EXPECT_EQ(only_bundle().verdict, Verdict::good);
  EXPECT_TRUE(desk_->overview().history.empty()) << "an admin decides";
}

TEST_F(OfferTest, is_installed_by_itself_where_the_site_wants_it_and_once) {
  keep(true);
  pass(2h + 1min);
  for (int i = 0; i < 5; ++i) pass(1s);
  ASSERT_EQ(newest().outcome, updates::Outcome::under_way);
  EXPECT_EQ(newest().who, "HQ");
  device_.refused("Input/output error");
  pass(11s);
  ASSERT_EQ(newest().outcome, updates::Outcome::failed);
  for (int i = 0; i < 5; ++i) pass(61s);
  EXPECT_EQ(desk_->overview().history.size(), 1U) << "what failed once waits for a person";
  EXPECT_EQ(told_.at("outcome"), "failed");
  EXPECT_EQ(told_.at("reason"), "damaged");
  EXPECT_EQ(told_.at("target"), "1.1.0");
}

TEST_F(OfferTest, that_is_taken_back_is_removed) {
  pass(2h + 1min);
  bundle_.clear();
  pass(61s);
  EXPECT_TRUE(desk_->overview().bundles.empty());
}

TEST_F(OfferTest, of_what_runs_already_is_none) {
  device_.version = "1.1.0";
  pass(2h + 1min);
  pass(1s);
  EXPECT_EQ(pieces_, 0U);
  EXPECT_TRUE(desk_->overview().bundles.empty());
}

}  // namespace
}  // namespace hf::app
