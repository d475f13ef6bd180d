// A version's whole way, as an admin sees it.
#include <filesystem>

#include "fake_device.hpp"

namespace hf::updates {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

TEST_F(DeskTest, a_bundle_is_brought_inspected_installed_and_good_only_when_the_new_version_was_found_good) {
  bring();
  ASSERT_EQ(only_bundle().verdict, Verdict::good);
  EXPECT_EQ(only_bundle().version, "1.1.0");
  install(Restart::now);
  EXPECT_THAT(device_.asked, Contains("anna@192.0.2.7 install_update"));
  later(1s);
  EXPECT_EQ(desk_->overview().stage, Stage::installing);
  EXPECT_EQ(desk_->overview().percent, 40);
  device_.written("1.1.0");
  later(1s);
  EXPECT_EQ(desk_->overview().stage, Stage::installed);
  ASSERT_TRUE(device_.shutdown) << "the box is asked to start anew";
  EXPECT_EQ(newest().outcome, Outcome::under_way) << "written is not good";
  device_.start_other();
  start();
  EXPECT_EQ(desk_->overview().stage, Stage::trial);
  EXPECT_EQ(newest().outcome, Outcome::under_way) << "started is not good";
  later(60s);
  EXPECT_EQ(newest().outcome, Outcome::under_way);
  device_.confirmed = true;
  later(10s);
  EXPECT_EQ(newest().outcome, Outcome::good);
  EXPECT_EQ(newest().from, "1.0.0");
  EXPECT_EQ(newest().who, "anna@192.0.2.7");
  EXPECT_EQ(desk_->overview().stage, Stage::idle);
  EXPECT_TRUE(desk_->overview().bundles.empty()) << "a bundle that is installed is a left-over";
  ASSERT_EQ(ended_.size(), 1U);
  start();
  EXPECT_EQ(newest().outcome, Outcome::good) << "the history outlives a restart";
}

TEST_F(DeskTest, a_version_that_came_back_says_what_its_health_check_found) {
  bring();
  install(Restart::now);
  device_.written("1.1.0");
  later(11s);
  later(5s);
  ASSERT_EQ(desk_->overview().stage, Stage::installed);
  ASSERT_TRUE(write_file(folder_ / "health.json", R"({"failed_version":"1.1.0","failed":"page: answers \"503\"","failed_at":)" + std::to_string(unix_seconds(clock_.now() + 60s)) + "}"));
  device_.come_back();
  start();
  EXPECT_EQ(newest().outcome, Outcome::given_back);
  EXPECT_EQ(newest().reason, Reason::health);
  EXPECT_THAT(newest().detail, HasSubstr("503"));
  EXPECT_EQ(desk_->overview().stage, Stage::idle);
}

TEST_F(DeskTest, a_version_that_never_told_anything_did_not_come_up) {
  ASSERT_TRUE(write_file(folder_ / "health.json", R"({"failed_version":"1.1.0","failed":"of another day","failed_at":1000})"));
  bring();
  install(Restart::later);
  device_.written("1.1.0");
  later(11s);
  device_.come_back();
  later(10s);
  EXPECT_EQ(newest().outcome, Outcome::given_back);
  EXPECT_EQ(newest().reason, Reason::never_up) << "an older failure of the same version is not this one's";
}

TEST_F(DeskTest, a_refused_installation_tells_the_reason_and_leaves_what_runs) {
  bring();
  install(Restart::now);
  later(1s);
  device_.refused("Failed updating slot rootfs.1: failed to write: Input/output error");
  later(1s);
  EXPECT_EQ(newest().outcome, Outcome::failed);
  EXPECT_EQ(newest().reason, Reason::damaged);
  EXPECT_FALSE(device_.shutdown);
  ASSERT_TRUE(desk_->install("upload", Restart::later, "anna")) << "it can be tried again";
}

TEST_F(DeskTest, a_power_cut_while_installing_is_told_as_that) {
  bring();
  install(Restart::now);
  later(1s);
  device_.operation = "idle";
  clock_.advance(60s);
  start();
  EXPECT_EQ(newest().outcome, Outcome::interrupted);
  EXPECT_EQ(desk_->overview().stage, Stage::idle);
}

TEST_F(DeskTest, an_agent_that_restarts_meanwhile_loses_nothing) {
  bring();
  install(Restart::later);
  later(1s);
  start();
  EXPECT_EQ(desk_->overview().stage, Stage::installing);
  device_.written("1.1.0");
  later(11s);
  EXPECT_EQ(desk_->overview().stage, Stage::installed);
}

TEST_F(DeskTest, only_what_was_found_good_can_be_installed) {
  device_.inspected_version = "0.9.0";
  bring();
  EXPECT_EQ(only_bundle().verdict, Verdict::refused);
  EXPECT_EQ(only_bundle().reason, Reason::downgrade);
  EXPECT_EQ(desk_->install("upload", Restart::now, "anna").error().kind, ErrorKind::denied);
  EXPECT_EQ(desk_->install("hq", Restart::now, "anna").error().kind, ErrorKind::not_found);
  EXPECT_EQ(desk_->install("usb...", Restart::now, "anna").error().kind, ErrorKind::invalid_input);
}

TEST_F(DeskTest, one_version_at_a_time) {
  bring();
  install(Restart::later);
  EXPECT_EQ(desk_->install("upload", Restart::later, "boris").error().kind, ErrorKind::denied);
  EXPECT_EQ(desk_->discard("upload").error().kind, ErrorKind::denied);
  EXPECT_EQ(desk_->begin_upload("x.raucb", 3, digest("xyz"), "boris").error().kind, ErrorKind::denied);
}

TEST_F(DeskTest, what_arrives_with_another_digest_is_no_bundle) {
  ASSERT_TRUE(desk_->begin_upload("new.raucb", 8, digest("a bundle"), "anna"));
  ASSERT_TRUE(desk_->append(0, "a bundlf"));
  desk_->tick();
  EXPECT_EQ(only_bundle().verdict, Verdict::refused);
  EXPECT_EQ(only_bundle().reason, Reason::damaged);
  EXPECT_EQ(desk_->install("upload", Restart::now, "anna").error().kind, ErrorKind::not_found);
  bring();
  EXPECT_EQ(only_bundle().verdict, Verdict::good);
}

TEST_F(DeskTest, a_stick_is_listed_inspected_when_asked_and_installed_from) {
  ASSERT_TRUE(write_file(folder_ / "usb" / "holdfast-1.1.0.raucb", "bundle", 0644));
  ASSERT_TRUE(write_file(folder_ / "usb" / "with blank.raucb", "bundle", 0644));
  ASSERT_TRUE(write_file(folder_ / "usb" / "photo.jpg", "x", 0644));
  std::filesystem::create_symlink("/etc/passwd", folder_ / "usb" / "link.raucb");
  auto o = desk_->overview();
  ASSERT_EQ(o.bundles.size(), 2U);
  for (const auto& b : o.bundles) EXPECT_EQ(b.verdict, b.id == "usb.holdfast-1.1.0.raucb" ? Verdict::unchecked : Verdict::refused) << b.id;
  ASSERT_TRUE(desk_->inspect("usb.holdfast-1.1.0.raucb", "anna"));
  desk_->tick();
  ASSERT_TRUE(desk_->install("usb.holdfast-1.1.0.raucb", Restart::later, "anna"));
  EXPECT_EQ(newest().origin, Origin::usb);
  ASSERT_TRUE(write_file(folder_ / "usb" / "holdfast-1.1.0.raucb", "another bundle", 0644));
  o = desk_->overview();
  for (const auto& b : o.bundles)
    if (b.id == "usb.holdfast-1.1.0.raucb") {
      EXPECT_EQ(b.verdict, Verdict::unchecked) << "another stick, another bundle";
    }
}

TEST_F(DeskTest, the_box_starts_anew_in_its_window_and_can_be_told_otherwise) {
  bring();
  install(Restart::window);
  device_.written("1.1.0");
  later(9h);
  ASSERT_TRUE(device_.shutdown);
  EXPECT_EQ(device_.shutdown->not_before, device::Moment(std::chrono::sys_days(2026y / 3 / 3)) + 2h);
  EXPECT_EQ(device_.shutdown->not_after, device_.shutdown->not_before + 2h);
  ASSERT_TRUE(desk_->overview().restart);
  ASSERT_TRUE(desk_->restart(Restart::later, "boris"));
  desk_->tick();
  EXPECT_FALSE(device_.shutdown) << "taken back";
  EXPECT_FALSE(desk_->overview().restart);
  ASSERT_TRUE(desk_->restart(Restart::now, "boris"));
  desk_->tick();
  EXPECT_EQ(device_.shutdown->not_before, std::chrono::floor<std::chrono::seconds>(clock_.now()));
}

TEST_F(DeskTest, a_box_that_came_back_with_the_old_version_does_not_start_anew_for_ever) {
  bring();
  install(Restart::now);
  device_.written("1.1.0");
  later(11s);
  ASSERT_TRUE(device_.shutdown);
  device_.shutdown.reset();
  start();  // somebody chose the old version in the boot menu: both can be started
  later(10s);
  EXPECT_FALSE(device_.shutdown);
}

TEST_F(DeskTest, without_a_device_service_versions_come_by_the_package_manager) {
  device_.there = false;
  start();
  EXPECT_EQ(desk_->overview().keeper, Keeper::packages);
  EXPECT_EQ(desk_->overview().problem, "");
  EXPECT_EQ(desk_->begin_upload("new.raucb", 3, digest("xyz"), "anna").error().kind, ErrorKind::denied);
}

TEST_F(DeskTest, a_device_service_that_is_silent_is_told_and_asked_again) {
  device_.away = true;
  later(60s);
  EXPECT_THAT(desk_->overview().problem, HasSubstr("did not answer"));
  device_.away = false;
  later(10s);
  EXPECT_EQ(desk_->overview().problem, "");
}

TEST_F(DeskTest, a_record_that_cannot_be_read_is_told_and_not_written_over) {
  ASSERT_TRUE(write_file(folder_ / "updates.json", "{}"));
  start();
  EXPECT_THAT(desk_->overview().problem, HasSubstr("updates.json"));
  EXPECT_EQ(desk_->begin_upload("new.raucb", 3, digest("xyz"), "anna").error().kind, ErrorKind::denied);
  EXPECT_EQ(read_file(folder_ / "updates.json", 100).value(), "{}");
}

}  // namespace
}  // namespace hf::updates
