#include "agent/http/https_server.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "agent/http/connection.hpp"
#include "hal/platform/log.hpp"

namespace hf::http {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using OnAccept = std::function<void(Accepted)>;

Error bind_error(const net::HostPort& at, const error_code& error) {
  const std::string what = "cannot listen on " + net::to_string(at) + ": " + error.message();
  if (error == asio::error::address_in_use)
    return {ErrorKind::busy, what + "; stop the other program or choose another port"};
  if (error == asio::error::access_denied)
    return {ErrorKind::denied, what + "; choose a port from 1024 on or let systemd hand the socket over"};
  return {ErrorKind::io, what};
}

// One listening socket and its loop.
class Acceptor {
 public:
  explicit Acceptor(asio::io_context& io) : acceptor_(io), pause_(io), next_(io) {}

  Status open(const net::HostPort& at) {
    error_code error;
    const auto address = asio::ip::make_address(at.host, error);
    if (error) return fail(ErrorKind::invalid_input, "\"" + at.host + "\" is not an address to listen on");
    const tcp::endpoint endpoint(address, at.port);
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error && address.is_v6()) acceptor_.set_option(asio::ip::v6_only(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(tcp::acceptor::max_listen_connections, error);
    if (error) return fail(bind_error(at, error));
    v6_ = address.is_v6();
    port_ = acceptor_.local_endpoint(error).port();
    return {};
  }

  // A socket that listens already.
  Status adopt(int fd) {
    sockaddr_storage at{};
    socklen_t size = sizeof at;
    int listens = 0;
    socklen_t length = sizeof listens;
    error_code error;
    const bool good = ::getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size) == 0 && (at.ss_family == AF_INET || at.ss_family == AF_INET6) &&
                      ::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &length) == 0 && listens != 0;
    if (!good) return fail(ErrorKind::invalid_input, "a socket that was handed over does not listen for TCP");
    v6_ = at.ss_family == AF_INET6;
    acceptor_.assign(v6_ ? tcp::v6() : tcp::v4(), fd, error);
    if (error) return fail(ErrorKind::io, "a socket that was handed over: " + error.message());
    port_ = acceptor_.local_endpoint(error).port();
    return {};
  }

  void accept(OnAccept on_accept) {
    on_accept_ = std::move(on_accept);
    accept_next();
  }
  void close() {
    error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
  }
  uint16_t port() const { return port_; }

 private:
  void accept_next() {
    if (!acceptor_.is_open()) return;
    acceptor_.async_accept(next_, peer_, [this](error_code error) { accepted(error); });
  }
  void accepted(error_code error) {
    if (!acceptor_.is_open()) return;
    if (error) {  // out of descriptors, or the peer went again: later, not at once, or the loop would spin
      log_warning("https", "accepting a connection: {}", error.message());
      pause_.expires_after(std::chrono::milliseconds(100));
      pause_.async_wait([this](error_code) { accept_next(); });
      return;
    }
    next_.set_option(tcp::no_delay(true), error);
    on_accept_({next_.release(error), v6_, peer_.address().to_string()});
    accept_next();
  }

  tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  tcp::socket next_;
  tcp::endpoint peer_;
  OnAccept on_accept_;
  bool v6_ = false;
  uint16_t port_ = 0;
};

// How many connections are open, for other threads.
class OpenCount {
 public:
  void set(size_t count) {
    {
      const std::lock_guard lock(mutex_);
      count_ = count;
    }
    changed_.notify_all();
  }
  size_t get() const {
    const std::lock_guard lock(mutex_);
    return count_;
  }
  bool await(size_t count, std::chrono::milliseconds within) const {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, within, [&] { return count_ == count; });
  }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  size_t count_ = 0;
};

}  // namespace

struct HttpsServer::Core {
  std::shared_ptr<asio::io_context> io = std::make_shared<asio::io_context>(1);
  std::shared_ptr<Service> service = std::make_shared<Service>();
  std::optional<net::TlsContext> tls;
  std::optional<std::string> client_ca;
  std::vector<std::unique_ptr<Acceptor>> https, redirects;
  std::set<std::shared_ptr<ServerConnection>> open;
  std::map<std::string, size_t> per_address;
  OpenCount open_count;
  asio::steady_timer grace{*io};
  std::thread thread;

  bool admit(const Accepted& accepted) {
    const size_t from_there = per_address.contains(accepted.address) ? per_address[accepted.address] : 0;
    if (open.size() < service->limits.connections && from_there < service->limits.connections_per_address) return true;
    log_warning("https " + accepted.address, "connection refused: too many are open");
    ::close(accepted.fd);
    return false;
  }

  // `serve(accepted, ended)` makes the connection.
  template <class Serve>
  void take(Accepted accepted, Serve serve) {
    if (!admit(accepted)) return;
    const std::string address = accepted.address;
    const auto held = std::make_shared<std::weak_ptr<ServerConnection>>();
    const std::shared_ptr<ServerConnection> connection =
        serve(std::move(accepted), [this, address, held] { ended(address, held->lock()); });
    *held = connection;
    open.insert(connection);
    open_count.set(open.size());
    ++per_address[address];
  }
  void ended(const std::string& address, const std::shared_ptr<ServerConnection>& connection) {
    open.erase(connection);
    open_count.set(open.size());
    if (--per_address[address] == 0) per_address.erase(address);
    if (open.empty()) grace.cancel();
  }

  Status listen(const std::vector<net::HostPort>& at, const std::vector<int>& handed, std::vector<std::unique_ptr<Acceptor>>& into) {
    for (const int fd : handed) {
      into.push_back(std::make_unique<Acceptor>(*io));
      if (auto adopted = into.back()->adopt(fd); !adopted) return adopted;
    }
    if (!handed.empty()) return {};
    for (const net::HostPort& address : at) {
      into.push_back(std::make_unique<Acceptor>(*io));
      if (auto opened = into.back()->open(address); !opened) return opened;
    }
    return {};
  }

  void run() {
    for (auto& acceptor : https) {
      acceptor->accept([this](Accepted a) {
        take(std::move(a), [this](Accepted b, std::function<void()> end) {
          return serve_tls(io, std::move(b), *tls, service, std::move(end));
        });
      });
    }
    for (auto& acceptor : redirects) {
      acceptor->accept([this](Accepted a) {
        take(std::move(a), [this](const Accepted& b, std::function<void()> end) {
          return serve_redirect(io, b, https.front()->port(), service, std::move(end));
        });
      });
    }
    thread = std::thread([this] { io->run(); });
  }

  // On the server's thread. Once nothing is open and no timer waits, run() comes to its end.
  void close() {
    for (auto& acceptor : https) acceptor->close();
    for (auto& acceptor : redirects) acceptor->close();
    const auto snapshot = open;  // finish() may end connections while we look at them
    for (const auto& connection : snapshot) connection->finish();
    if (open.empty()) return;
    grace.expires_after(service->limits.shutdown);
    grace.async_wait([this](error_code error) {
      if (error) return;
      for (const auto& connection : std::set(open)) connection->abort();
    });
  }
};

Result<std::unique_ptr<HttpsServer>> HttpsServer::start(ServerOptions options, Handler handler) {
  auto core = std::make_unique<Core>();
  if (options.listen.empty() && options.listen_fds.empty()) return fail(ErrorKind::invalid_input, "the server needs an address to listen on");
  auto tls = net::TlsContext::server(options.identity, options.client_ca);
  if (!tls) return fail(std::move(tls.error()));
  core->tls = std::move(*tls);
  *core->service = {options.limits, std::move(handler), std::move(options.body_limit), options.client_ca.has_value()};
  core->client_ca = std::move(options.client_ca);
  if (auto bound = core->listen(options.listen, options.listen_fds, core->https); !bound) return fail(std::move(bound.error()));
  if (auto bound = core->listen(options.redirect, options.redirect_fds, core->redirects); !bound) return fail(std::move(bound.error()));
  core->run();
  return std::unique_ptr<HttpsServer>(new HttpsServer(std::move(core)));
}

HttpsServer::HttpsServer(std::unique_ptr<Core> core) : core_(std::move(core)) {}

HttpsServer::~HttpsServer() { stop(); }

uint16_t HttpsServer::port(size_t i) const { return core_->https.at(i)->port(); }

uint16_t HttpsServer::redirect_port(size_t i) const { return core_->redirects.at(i)->port(); }

Status HttpsServer::replace_identity(const net::Identity& identity) {
  auto fresh = net::TlsContext::server(identity, core_->client_ca);
  if (!fresh) return fail(std::move(fresh.error()));
  asio::post(*core_->io, [core = core_.get(), tls = std::move(*fresh)] { core->tls = tls; });
  return {};
}

size_t HttpsServer::connections() const { return core_->open_count.get(); }

bool HttpsServer::await_connections(size_t count, std::chrono::milliseconds within) const {
  return core_->open_count.await(count, within);
}

void HttpsServer::stop() {
  if (!core_->thread.joinable()) return;
  asio::post(*core_->io, [core = core_.get()] { core->close(); });
  core_->thread.join();
}

}  // namespace hf::http
