// TLS over TCP as a ByteStream, client side.
#pragma once

#include <memory>

#include "hal/net/tcp_stream.hpp"
#include "hal/net/tls.hpp"

namespace hf::net {

// Connects, shakes hands and checks that the peer's certificate is trusted by `context` and made for `to.host`, within
// one deadline. Errors as connect_tcp's, and denied when the certificate is refused, saying why.
Result<std::unique_ptr<ByteStream>> connect_tls(const HostPort& to, const TlsContext& context,
                                                std::chrono::milliseconds within,
                                                std::shared_ptr<Interrupt> stop = nullptr);

class Socket;
// Our side of a connection that somebody else opened: shows the identity of `context`. The handshake is done by the first read.
std::unique_ptr<ByteStream> tls_server_stream(std::unique_ptr<Socket> socket, const TlsContext& context);

}  // namespace hf::net
