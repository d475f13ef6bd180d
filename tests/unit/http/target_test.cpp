#include "agent/http/target.hpp"

#include <gtest/gtest.h>

namespace hf::http {
namespace {

TEST(Target, decodes_path_and_query) {
  const Target target = parse_target("/queues/%D0%BF%D1%80%D0%BE/?from=1&to=&q=a+b%3D%26").value();
  EXPECT_EQ(target.path, "/queues/про/");
  EXPECT_EQ(target.query, (std::map<std::string, std::string>{{"from", "1"}, {"to", ""}, {"q", "a b=&"}}));
}

TEST(Target, takes_the_root_and_empty_parameters) {
  EXPECT_EQ(parse_target("/").value().path, "/");
  EXPECT_EQ(parse_target("/?").value().query.size(), 0u);
  EXPECT_EQ(parse_target("/?&&a").value().query.at("a"), "");
  EXPECT_EQ(parse_target("/a+b").value().path, "/a+b") << "a plus is a space in queries only";
}

TEST(Target, refuses_what_has_two_meanings) {
  for (const char* text : {"",        "a",         "http://x/", "*",    "//x",       "/a//b", "/.",    "/..",
                           "/a/../b", "/%2e%2e/b", "/a/%2E",    "/%",   "/%4",       "/%zz",  "/%00",  "/a%0d%0aX: y",
                           "/%ff",    "/%c0%af",   "/a b",      "/a#b", "/?a=1&a=2", "/?a&a", "/?%=1", "/\xd0\xbf"}) {
    EXPECT_FALSE(parse_target(text)) << text;
  }
}

TEST(PercentEncode, is_read_back) {
  const std::string text = "Отдел / 100%+?&=#\"";
  EXPECT_EQ(parse_target("/?q=" + percent_encode(text)).value().query.at("q"), text);
  EXPECT_EQ(percent_encode("a-Z_0.~"), "a-Z_0.~");
}

}  // namespace
}  // namespace hf::http
