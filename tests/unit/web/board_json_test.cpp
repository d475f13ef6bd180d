#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "agent/web/to_json.hpp"

namespace hf::web {
namespace {

TEST(BoardJson, what_the_machine_does_not_tell_is_null_and_never_zero) {
  board::Facts facts;
  facts.temperatures.push_back({"lm75 temp1", 41.5, std::nullopt});
  facts.disks.push_back({"sda", board::DiskKind::sata, std::nullopt, std::nullopt});
  facts.links.push_back({"eth0", false, std::nullopt, 0, 0});
  const auto told = to_json(facts);
  EXPECT_TRUE(told.at("temperatures").as_array()[0].at("limit").is_null());
  EXPECT_TRUE(told.at("disks").as_array()[0].at("worn_percent").is_null());
  EXPECT_TRUE(told.at("disks").as_array()[0].at("failing").is_null());
  EXPECT_TRUE(told.at("links").as_array()[0].at("mbps").is_null());
  EXPECT_TRUE(told.at("fans").as_array().empty());
  for (const char* name : {"memory_total_bytes", "memory_available_bytes", "clock_battery_low", "tpm"}) EXPECT_TRUE(told.at(name).is_null()) << name;
  for (const char* name : {"synchronised", "error_s", "reference", "offset_s"}) EXPECT_TRUE(told.at("clock").at(name).is_null()) << name;
}

TEST(BoardJson, tells_what_is_known) {
  board::Facts facts;
  facts.clock = {true, std::chrono::milliseconds(2), "tsc", "192.0.2.1", std::chrono::microseconds(500)};
  facts.disks.push_back({"nvme0n1", board::DiskKind::nvme, uint8_t{104}, true});
  const auto told = to_json(facts);
  EXPECT_EQ(told.at("clock").at("error_s").to_number<double>(), 0.002);
  EXPECT_EQ(told.at("clock").at("reference").as_string(), "192.0.2.1");
  EXPECT_EQ(told.at("clock").at("offset_s").to_number<double>(), 0.0005);
  EXPECT_EQ(told.at("disks").as_array()[0].at("kind").as_string(), "nvme");
  EXPECT_EQ(told.at("disks").as_array()[0].at("worn_percent").to_number<int>(), 104);
}

}  // namespace
}  // namespace hf::web
