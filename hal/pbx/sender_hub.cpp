#include "hal/pbx/sender_hub.hpp"

namespace hf::pbx {

namespace {

constexpr std::chrono::milliseconds kTick{1'000}, kRetry{10'000}, kPoll{500};
constexpr std::chrono::milliseconds kSilent{3'600'000};  // a connection without a byte for so long is closed: its sender comes again
constexpr size_t kReadSize = size_t{64} << 10;

}  // namespace

std::string SenderHub::where() const { return addresses_.address ? net::to_string(*addresses_.address) : addresses_.local.string(); }

SenderHub::Ports SenderHub::ports() const {
  const std::lock_guard lock(mutex_);
  return ports_;
}

Result<SenderHub::Listening> SenderHub::listen() const {
  Listening l;
  if (!addresses_.address) {
    auto local = net::Acceptor::local(addresses_.local);
    if (!local) return fail(std::move(local.error()));
    l.local.emplace(std::move(*local));
    return l;
  }
  auto udp = net::DatagramSocket::bind(*addresses_.address, kBuffer);
  if (!udp) return fail(std::move(udp.error()));
  auto tcp = net::Acceptor::tcp(*addresses_.address);
  if (!tcp) return fail(std::move(tcp.error()));
  l.udp.emplace(std::move(*udp)), l.tcp.emplace(std::move(*tcp));
  if (!addresses_.tls_port) return l;
  auto tls = net::Acceptor::tcp({addresses_.address->host, *addresses_.tls_port});
  if (!tls) return fail(std::move(tls.error()));
  l.tls.emplace(std::move(*tls));
  return l;
}

Status SenderHub::run(Senders& senders, const std::shared_ptr<net::Interrupt>& stop) {
  if (!addresses_.address && addresses_.local.empty()) return fail(ErrorKind::invalid_input, "neither an address nor a local socket to listen on");
  if (addresses_.tls_port && !addresses_.tls) return fail(ErrorKind::invalid_input, "TLS needs a certificate");
  while (!stop->triggered()) {
    auto listening = listen();
    if (listening) {
      serve(std::move(*listening), senders, stop);
      break;
    }
    if (listening.error().kind == ErrorKind::invalid_input) return fail(std::move(listening.error()));
    senders.waiting(listening.error());
    (void)stop->wait_for(kRetry);
  }
  return {};
}

void SenderHub::serve(Listening l, Senders& senders, const std::shared_ptr<net::Interrupt>& stop) {
  {
    const std::lock_guard lock(mutex_);
    ports_ = {l.udp ? l.udp->port() : uint16_t{0}, l.tcp ? l.tcp->port() : uint16_t{0}, l.tls ? l.tls->port() : uint16_t{0}};
  }
  std::vector<std::thread> threads;
  if (l.udp) threads.emplace_back([&] { receive(*l.udp, senders, *stop); });
  if (l.tcp) threads.emplace_back([&] { accept(*l.tcp, nullptr, senders, stop); });
  if (l.tls) threads.emplace_back([&] { accept(*l.tls, &*addresses_.tls, senders, stop); });
  if (l.local) threads.emplace_back([&] { accept(*l.local, nullptr, senders, stop); });
  do senders.tick(clear_ended());
  while (!stop->wait_for(kTick));
  for (std::thread& t : threads) t.join();
  const std::lock_guard lock(connecting_);
  for (Connection& c : connections_) c.stream->close(), c.thread.join();
  connections_.clear();
}

void SenderHub::receive(net::DatagramSocket& socket, Senders& senders, const net::Interrupt& stop) {
  std::string buffer(kMaxDatagram + 1, '\0');
  while (!stop.triggered()) {
    const auto got = socket.receive(buffer, kPoll, stop);
    if (got) senders.datagram(std::string_view(buffer).substr(0, *got));
    else if (got.error().kind == ErrorKind::io) (void)stop.wait_for(kTick);
    lost_ = socket.lost();
  }
}

void SenderHub::accept(const net::Acceptor& acceptor, const net::TlsContext* tls, Senders& senders, const std::shared_ptr<net::Interrupt>& stop) {
  while (!stop->triggered()) {
    auto stream = acceptor.accept(kPoll, stop, tls);
    if (stream) admit(std::move(*stream), senders);
    else if (stream.error().kind == ErrorKind::io) (void)stop->wait_for(kTick);
  }
}

void SenderHub::admit(std::unique_ptr<net::ByteStream> stream, Senders& senders) {
  const std::lock_guard lock(connecting_);
  if (connections_.size() >= kMaxConnections) {
    ++turned_away_;
    return;
  }
  Connection& c = connections_.emplace_back();
  c.stream = std::move(stream);
  c.thread = std::thread([&c, &senders] {
    follow(*c.stream, senders);
    c.over = true;
  });
}

void SenderHub::follow(net::ByteStream& stream, Senders& senders) {
  const auto taker = senders.stream();
  std::string buffer(kReadSize, '\0');
  for (;;) {
    const auto got = stream.read(buffer, kSilent);
    if (!got) return got.error().kind == ErrorKind::io ? senders.broken(got.error().what) : void();
    if (auto good = taker->take(std::string_view(buffer).substr(0, *got)); !good) return senders.broken(stream.peer() + ": " + good.error().what);
  }
}

// Whether the last connection was among them.
bool SenderHub::clear_ended() {
  const std::lock_guard lock(connecting_);
  bool left = false;
  for (auto c = connections_.begin(); c != connections_.end();) {
    if (!c->over) {
      ++c;
      continue;
    }
    c->thread.join();
    c = connections_.erase(c);
    left = connections_.empty();
  }
  return left;
}

}  // namespace hf::pbx
