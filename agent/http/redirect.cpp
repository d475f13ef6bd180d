#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "agent/http/connection.hpp"
#include "agent/http/request_reader.hpp"
#include "agent/http/response_text.hpp"
#include "agent/http/target.hpp"

namespace hf::http {

namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Nothing = asio::awaitable<void>;
constexpr auto kAsValues = asio::as_tuple(asio::use_awaitable);

// The host of a Host field without its port; empty when it is not a plain host.
std::string host_of(const Request& request) {
  const std::string* field = request.header("host");
  if (field == nullptr) return {};
  const bool has_port = field->find(':') != std::string::npos && !field->ends_with(']');
  const auto parsed = net::parse_host_port(has_port ? *field : *field + ":80");
  return parsed ? parsed->host : std::string();
}

Response redirect_to(const Request& request, uint16_t port) {
  const std::string host = host_of(request);
  if (host.empty()) return plain_answer(400);
  std::string place = net::to_string({host, port});
  if (port == 443) place.resize(place.rfind(':'));
  Response response = plain_answer(308);
  std::string path;
  for (const char c : request.path) path += c == '/' ? "/" : percent_encode({&c, 1});
  response.headers.push_back({"Location", "https://" + place + path});
  return response;
}

class RedirectConnection final : public ServerConnection, public std::enable_shared_from_this<RedirectConnection> {
 public:
  RedirectConnection(asio::io_context& io, const Accepted& accepted, uint16_t port,
                     std::shared_ptr<const Service> service)
      : service_(std::move(service)),
        socket_(io, accepted.v6 ? asio::ip::tcp::v6() : asio::ip::tcp::v4(), accepted.fd),
        deadline_(io),
        reader_(service_->limits.max_head),
        port_(port) {}

  Nothing run() {
    deadline_.expires_after(service_->limits.head);
    deadline_.async_wait([weak = weak_from_this()](error_code error) {
      if (const auto self = weak.lock(); self && !error) self->abort();
    });
    std::array<char, 4096> buffer;
    while (reader_.state() == RequestReader::State::head) {
      const auto [error, n] = co_await socket_.async_read_some(asio::buffer(buffer), kAsValues);
      if (error) break;
      reader_.feed({buffer.data(), n});
    }
    if (reader_.state() != RequestReader::State::head) co_await answer();
    deadline_.cancel();
    abort();
  }

  void finish() override { abort(); }
  void abort() override {
    error_code ignored;
    socket_.close(ignored);
  }

 private:
  Nothing answer() {
    const bool refused = reader_.state() == RequestReader::State::refused;
    const Response response = checked(refused ? plain_answer(reader_.refusal()) : redirect_to(reader_.head(), port_));
    const std::string bytes = response_head(response, Connection::close);
    co_await asio::async_write(socket_, asio::buffer(bytes), kAsValues);
    error_code ignored;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    std::array<char, 4096> rest;  // the peer closes first, so that the answer is not reset away; the deadline bounds it
    co_await socket_.async_read_some(asio::buffer(rest), kAsValues);
  }

  const std::shared_ptr<const Service> service_;
  asio::ip::tcp::socket socket_;
  asio::steady_timer deadline_;
  RequestReader reader_;
  const uint16_t port_;
};

}  // namespace

std::shared_ptr<ServerConnection> serve_redirect(const std::shared_ptr<asio::io_context>& io, const Accepted& accepted,
                                                 uint16_t port, std::shared_ptr<const Service> service,
                                                 std::function<void()> ended) {
  auto connection = std::make_shared<RedirectConnection>(*io, accepted, port, std::move(service));
  asio::co_spawn(*io, connection->run(),
                 [connection, ended = std::move(ended)](const std::exception_ptr&) { ended(); });
  return connection;
}

}  // namespace hf::http
