// first_boot: runs at each start of a sealed box, before network and agent. What fails is told and does not keep the box from starting: a box without its network
// settings is better than none, and its health tells.
#include <fmt/format.h>

#include <cstdio>

#include "firmware/first_boot/steps.hpp"

int main(int count, char**) {
  if (count != 1) {
    fmt::print(stderr, "first_boot takes no arguments; systemd starts it\n");
    return 2;
  }
  using namespace hf;
  const first_boot::Places places;
  int code = 0;
  const auto failed = [&code](const Error& error) {
    fmt::print(stderr, "holdfast: {}\n", error.what);
    code = 1;
  };
  if (const auto reset = first_boot::carry_out_reset(places); !reset) failed(reset.error());
  else
    for (const auto& done : *reset) fmt::print("holdfast: {}\n", done);
  if (const auto restored = first_boot::restore_network(places); !restored) failed(restored.error());
  else if (*restored > 0) fmt::print("holdfast: {} network settings of its own\n", *restored);
  if (const auto serial = first_boot::lay_out_label(places); serial) fmt::print("holdfast: serial {}\n", *serial);
  else if (serial.error().kind != ErrorKind::not_found) failed(serial.error());
  return code;
}
