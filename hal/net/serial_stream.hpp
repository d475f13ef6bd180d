// A serial line (RS-232) as a ByteStream.
#pragma once

#include <memory>
#include <string>

#include "hal/net/byte_stream.hpp"
#include "hal/net/interrupt.hpp"

namespace hf::net {

enum class Parity : uint8_t { none, even, odd };
enum class FlowControl : uint8_t { none, hardware, software };

struct SerialLine {
  std::string device;  // "/dev/ttyS0"
  uint32_t baud = 9600;
  uint8_t data_bits = 8, stop_bits = 1;
  Parity parity = Parity::none;
  FlowControl flow = FlowControl::none;
};

// "9600 8N1": the form in which people write a line's settings.
std::string to_string(const SerialLine& line);

// Opens the line raw and for this process alone. not_found, denied; busy: another program has it; invalid_input: no terminal, or a baud rate that
// it cannot do. `stop`, when given, ends every wait.
Result<std::unique_ptr<ByteStream>> open_serial(const SerialLine& line, std::shared_ptr<Interrupt> stop = nullptr);

}  // namespace hf::net
