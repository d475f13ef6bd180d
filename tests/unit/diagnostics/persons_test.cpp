#include "firmware/diagnostics/persons.hpp"

#include <gtest/gtest.h>

namespace hf::diagnostics {
namespace {

TEST(Persons, numbers_that_people_dial_go) {
  EXPECT_EQ(without_persons("call from +493012345678 to 4711 ended"), "call from <number> to 4711 ended");
  EXPECT_EQ(without_persons("from (030) 123-4567, then"), "from <number>, then");
  EXPECT_EQ(without_persons("\"caller\":\"0049 89 1234567\""), "\"caller\":\"<number>\"");
  EXPECT_EQ(without_persons("sip:100200@192.0.2.7;tag=1"), "sip:<account>;tag=1");
  EXPECT_EQ(without_persons("extension 30455"), "extension <number>");
}

TEST(Persons, accounts_go_and_of_addresses_the_last_part) {
  EXPECT_EQ(without_persons("admin@192.0.2.9[412] set_hostname"), "<account> set_hostname");
  EXPECT_EQ(without_persons("müller@example.org wrote"), "<account> wrote");
  EXPECT_EQ(without_persons("web 192.0.2.9: refused GET"), "web 192.0.2.*: refused GET");
  EXPECT_EQ(without_persons("web 2001:db8::9: refused"), "web <address> refused");
  EXPECT_EQ(without_persons("to 2001:db8:0:0:0:0:0:9."), "to <address>.");
}

TEST(Persons, what_tells_how_the_box_is_stays) {
  for (const char* line : {"Started holdfast-agent.service - Holdfast agent.", "status 503 at port 8443 after 250 ms", "version 1.2.0 runs", "TLS handshake failed: wrong version number",
                           "at 12:30:59 the link eth0 came up", "card 52:54:00:12:34:56", "bundle holdfast-1.2.0.raucb", "sha256 3f2a11111bc9", "99.5 % of 4 files"})
    EXPECT_EQ(without_persons(line), line);
}

TEST(Persons, the_kernels_numbers_stay_but_no_address_does) {
  EXPECT_EQ(without_addresses("Memory: 1002345K available, BIOS-e820 0000000000"), "Memory: 1002345K available, BIOS-e820 0000000000");
  EXPECT_EQ(without_addresses("dropped SRC=192.0.2.9 DST=2001:db8::1 x"), "dropped SRC=192.0.2.* DST=<address> x");
}

TEST(Persons, an_odd_end_or_nothing_at_all_does_no_harm) {
  for (const char* line : {"", "+", "(", "a@", "@b", "1.2.3.", "::", "1 ", "a:b:c:", "+1-"}) EXPECT_EQ(without_persons(line), line);
}

}  // namespace
}  // namespace hf::diagnostics
