// Versions of the box, as the page asks for them.
#include <gtest/gtest.h>

#include "tests/support/box.hpp"
#include "tests/unit/web/json_of.hpp"

namespace hf::web {
namespace {

using access::Role;
using test::Box;
using enum http::Method;

const std::string kDigest(64, 'a');

http::Response piece(Box& box, const test::Visitor& visitor, std::string bytes, const std::string& offset, const std::string& type = "application/octet-stream") {
  auto request = Box::as(visitor, Box::request(put, "/api/v1/updates/upload", std::move(bytes)));
  for (auto& header : request.headers)
    if (header.name == "Content-Type") header.value = type;
  request.query = {{"offset", offset}};
  return box.ask(std::move(request));
}

TEST(UpdatesPage, a_bundle_comes_in_pieces_of_bytes) {
  Box box;
  const auto admin = box.visitor(Role::admin);
  EXPECT_EQ(piece(box, admin, "x", "0").status, 409u) << "nothing was begun";
  const auto begun = box.send(admin, post, "/api/v1/updates/upload", R"({"name":"new.raucb","size":6,"sha256":")" + kDigest + "\"}");
  ASSERT_EQ(begun.status, 200u) << begun.body;
  EXPECT_EQ(json_of(begun).at("offset"), 0);
  EXPECT_EQ(json_of(piece(box, admin, std::string("a\0{", 3), "0")).at("offset"), 3) << "any byte is taken as it is";
  EXPECT_EQ(json_of(piece(box, admin, "bcd", "3")).at("offset"), 6);
  EXPECT_EQ(box.updates.kept, std::string("a\0{bcd", 6));
  EXPECT_EQ(box.updates.transfer->who, "anna@192.0.2.7");
}

TEST(UpdatesPage, a_piece_that_a_form_could_send_or_without_token_is_refused) {
  Box box;
  const auto admin = box.visitor(Role::admin);
  for (const char* type : {"application/json", "text/plain", "multipart/form-data", "application/x-www-form-urlencoded"}) EXPECT_EQ(piece(box, admin, "x", "0", type).status, 415u) << type;
  EXPECT_EQ(piece(box, {admin.token, "x"}, "x", "0").status, 403u);
  auto foreign = Box::as(admin, Box::request(put, "/api/v1/updates/upload", "x"));
  for (auto& header : foreign.headers)
    if (header.name == "Origin") header.value = "https://evil.example";
  EXPECT_EQ(box.ask(std::move(foreign)).status, 403u);
  EXPECT_EQ(box.send(admin, post, "/api/v1/updates/upload", "bytes").status, 400u) << "and where JSON is wanted, bytes are none";
}

TEST(UpdatesPage, what_is_asked_for_stands_in_the_audit_log_with_its_result) {
  Box box;
  const auto admin = box.visitor(Role::admin);
  EXPECT_EQ(box.send(admin, post, "/api/v1/updates/bundles/usb.new.raucb/inspect").status, 202u);
  EXPECT_EQ(box.send(admin, post, "/api/v1/updates/bundles/usb.new.raucb/install", R"({"restart":"window"})").status, 202u);
  EXPECT_EQ(box.send(admin, post, "/api/v1/updates/restart", R"({"restart":"later"})").status, 202u);
  EXPECT_EQ(box.send(admin, del, "/api/v1/updates/bundles/upload").status, 204u);
  EXPECT_EQ(box.send(admin, post, "/api/v1/updates/bundles/none/install", R"({"restart":"now"})").status, 404u);
  EXPECT_EQ(box.updates.done, (std::vector<std::string>{"inspect anna@192.0.2.7 usb.new.raucb", "install 2 anna@192.0.2.7 usb.new.raucb", "restart anna@192.0.2.7 0", "discard upload"}));
  const auto rows = box.access->audit().after(static_cast<int64_t>(box.changed_by_setup), 100).value();
  ASSERT_EQ(rows.size(), 5u);
  EXPECT_EQ(rows[1].action, "update.install");
  EXPECT_EQ(rows[1].target, "usb.new.raucb");
  EXPECT_EQ(rows[4].result, "refused");
}

TEST(UpdatesPage, forms_are_checked) {
  Box box;
  const auto admin = box.visitor(Role::admin);
  for (const char* bad : {"{}", R"({"restart":"soon"})", R"({"restart":1})", R"({"restart":"now","more":1})"}) EXPECT_EQ(box.send(admin, post, "/api/v1/updates/bundles/upload/install", bad).status, 400u) << bad;
  EXPECT_EQ(box.send(admin, post, "/api/v1/updates/upload", R"({"name":"a","size":0,"sha256":")" + kDigest + "\"}").status, 400u);
  EXPECT_EQ(box.send(admin, post, "/api/v1/updates/upload", R"({"name":"a","size":5,"sha256":"abc"})").status, 400u);
  EXPECT_EQ(piece(box, admin, "x", "-1").status, 400u);
}

TEST(UpdatesPage, a_viewer_sees_and_does_nothing) {
  Box box;
  const auto viewer = box.visitor(Role::viewer);
  const auto body = json_of(box.get(viewer, "/api/v1/updates"));
  EXPECT_EQ(body.at("version"), "1.0.0");
  EXPECT_EQ(body.at("history").at(0).at("reason"), "health");
  EXPECT_EQ(piece(box, viewer, "x", "0").status, 403u);
  EXPECT_EQ(box.send(viewer, post, "/api/v1/updates/bundles/usb.new.raucb/install", R"({"restart":"now"})").status, 403u);
}

}  // namespace
}  // namespace hf::web
