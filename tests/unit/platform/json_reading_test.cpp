#include "hal/platform/json_reading.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace hf {
namespace {

const boost::json::value kStatus = boost::json::parse(R"({"name": "pbx", "queued": 3, "age": 1.5, "good": true, "sources": [1, 2], "none": null})");

TEST(JsonReading, gives_what_stands_there) {
  const auto& o = kStatus.get_object();
  EXPECT_EQ(text_of(o, "name"), "pbx");
  EXPECT_EQ(number_of(o, "queued"), 3);
  EXPECT_EQ(number_of(o, "age"), 1.5);
  EXPECT_TRUE(flag_of(o, "good"));
  EXPECT_EQ(list_of(o, "sources").size(), 2u);
}

TEST(JsonReading, what_is_missing_or_of_another_kind_reads_as_nothing) {
  const auto& o = kStatus.get_object();
  for (const char* name : {"gone", "none", "queued"}) EXPECT_EQ(text_of(o, name), "") << name;
  for (const char* name : {"gone", "none", "name"}) {
    EXPECT_EQ(number_of(o, name), 0) << name;
    EXPECT_FALSE(flag_of(o, name)) << name;
    EXPECT_TRUE(list_of(o, name).empty()) << name;
  }
}

}  // namespace
}  // namespace hf
