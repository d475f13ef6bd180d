#include "agent/machine/interfaces.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_folder.hpp"

namespace hf::machine {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

TEST(Interfaces, ipv6_addresses_as_the_kernel_lists_them) {
  EXPECT_THAT(read_inet6("fe800000000000000a0027fffe4e66a1 02 40 20 80     eth0\n00000000000000000000000000000001 01 80 10 80       lo\nbroken line\nzz800000000000000a0027fffe4e66a1 02 40 20 80 eth1\n"),
              ElementsAre(Pair("eth0", "fe80::a00:27ff:fe4e:66a1/64"), Pair("lo", "::1/128")));
}

TEST(Interfaces, the_default_route_with_the_least_metric) {
  const char* head = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n";
  EXPECT_EQ(read_gateway(std::string(head) + "eth1\t00000000\t016433C6\t0003\t0\t0\t200\t00000000\t0\t0\t0\neth0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
                                             "eth0\t000200C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n"),
            "192.0.2.1");
  EXPECT_EQ(read_gateway(head), "");
}

TEST(Interfaces, name_servers_in_use) {
  EXPECT_THAT(read_dns("# resolved\nnameserver 192.0.2.53\noptions edns0\nnameserver 2001:db8::53\nnameserver 3\nnameserver 4\n"), ElementsAre("192.0.2.53", "2001:db8::53", "3"));
  EXPECT_THAT(read_dns(""), IsEmpty());
}

TEST(Interfaces, this_machine_has_a_loopback_and_does_not_show_it) {
  const Network here = see_network({});
  EXPECT_THAT(here.own, Contains("127.0.0.1/8"));
  for (const auto& one : here.interfaces) EXPECT_NE(one.name, "lo");
}

TEST(Interfaces, a_machine_that_tells_nothing_is_shown_without_any) {
  const test::TempFolder folder;
  const Network nothing = see_network({folder / "proc", folder / "sys", folder / "a", folder / "b"});
  EXPECT_TRUE(nothing.interfaces.empty());
  EXPECT_EQ(nothing.gateway, "");
}

}  // namespace
}  // namespace hf::machine
