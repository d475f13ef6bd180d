#include "agent/http/connection.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <optional>
#include <utility>

#include "agent/http/request_reader.hpp"
#include "agent/http/response_text.hpp"
#include "hal/platform/log.hpp"

namespace hf::http {

namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using ms = std::chrono::milliseconds;
using Nothing = asio::awaitable<void>;
using Success = asio::awaitable<bool>;
constexpr auto kAsValues = asio::as_tuple(asio::use_awaitable);
constexpr size_t kPiece = 64 << 10, kDrain = 256 << 10;

// g++ 12 lays out the frame of a coroutine wrongly (its first word is not the resume pointer) for some of those that
// await inside a condition. Here every co_await is a statement or the initialiser of a variable, and conditions test
// the variable.
class TlsConnection final : public ServerConnection, public std::enable_shared_from_this<TlsConnection> {
 public:
  TlsConnection(std::shared_ptr<asio::io_context> io, Accepted accepted, const net::TlsContext& tls,
                std::shared_ptr<const Service> service)
      : io_(std::move(io)),
        service_(std::move(service)),
        address_(std::move(accepted.address)),
        context_(tls.share()),
        stream_(asio::ip::tcp::socket(*io_, accepted.v6 ? asio::ip::tcp::v6() : asio::ip::tcp::v4(), accepted.fd),
                context_),
        deadline_(*io_),
        wake_(*io_),
        reader_(limits().max_head) {}

  Nothing run() {
    bool going_on = co_await handshake();
    while (going_on) going_on = co_await one_request();
    deadline_.cancel();
    close_socket();
  }

  void finish() override {
    finishing_ = true;
    if (idle_) close_socket();
    wake();
  }
  void abort() override {
    finishing_ = aborted_ = true;
    close_socket();
    wake();
  }

  // The handler's reply to request number `number`; a late one, after we gave up waiting, is dropped.
  void answer(uint64_t number, Response response) {
    if (number != number_ || answer_) return;
    answer_ = std::move(response);
    wake();
  }

 private:
  const ServerLimits& limits() const { return service_->limits; }

  // From now on the whole connection has this long for its next step; then the socket is closed and the step fails.
  void arm(ms within) {
    deadline_.expires_after(within);
    deadline_.async_wait([weak = weak_from_this()](error_code error) {
      const auto self = weak.lock();
      if (!error && self && self->deadline_.expiry() <= asio::steady_timer::clock_type::now()) self->close_socket();
    });
  }
  void close_socket() {
    error_code ignored;
    stream_.next_layer().close(ignored);
  }
  void wake() {
    woken_ = true;
    wake_.cancel();
  }
  // Until wake() or the end of `within`; false for the latter.
  Success sleep(ms within) {
    wake_.expires_after(within);
    if (!woken_) co_await wake_.async_wait(kAsValues);
    co_return std::exchange(woken_, false);
  }

  Success handshake() {
    arm(limits().handshake);
    const auto [error] = co_await stream_.async_handshake(asio::ssl::stream_base::server, kAsValues);
    if (error) {
      log_warning("https " + address_, "TLS handshake failed: {}", error.message());
      co_return false;
    }
    peer_key_ = net::verified_peer_key(stream_.native_handle());
    co_return peer_key_.has_value() == service_->mutual_tls;  // cannot differ; if it did, nobody may come in
  }

  // An IPv4 address is told as one, also where the socket speaks IPv6.
  std::string own_address() {
    error_code error;
    const auto address = stream_.next_layer().local_endpoint(error).address();
    if (error) return {};
    const bool mapped = address.is_v6() && address.to_v6().is_v4_mapped();
    return mapped ? asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string() : address.to_string();
  }

  Success read_some() {
    std::array<char, 8192> buffer;
    const auto [error, n] = co_await stream_.async_read_some(asio::buffer(buffer), kAsValues);
    if (error) co_return false;
    reader_.feed({buffer.data(), n});
    co_return true;
  }

  // True when a whole head is there or was refused.
  Success read_head() {
    idle_ = !reader_.holds_bytes();
    arm(idle_ ? limits().idle : limits().head);
    while (reader_.state() == RequestReader::State::head) {
      if (finishing_ && idle_) co_return false;
      const bool came = co_await read_some();
      if (!came) co_return false;
      if (idle_) arm(limits().head);  // once: later bytes do not extend it
      idle_ = false;
    }
    idle_ = false;
    co_return true;
  }

  Success read_body() {
    const auto announced = reader_.announced_body();
    arm(limits().body + ms(announced * 1000 / std::max<size_t>(limits().body_bytes_per_second, 1)));
    if (reader_.expects_continue() && announced > 0 && reader_.state() == RequestReader::State::body) {
      const bool written = co_await write("HTTP/1.1 100 Continue\r\n\r\n");
      if (!written) co_return false;
    }
    bool came = true;
    while (came && reader_.state() == RequestReader::State::body) came = co_await read_some();
    co_return came;
  }

  size_t body_limit() const {
    if (reader_.announced_body() <= limits().small_body) return limits().small_body;
    if (!service_->body_limit) return limits().small_body;
    return std::min(limits().max_body, service_->body_limit(reader_.head()));
  }

  // False when the connection is to end.
  Success one_request() {
    bool came = co_await read_head();
    if (!came) co_return false;
    if (reader_.state() == RequestReader::State::head_ready) {
      reader_.address_peer(address_, own_address(), peer_key_);
      reader_.allow_body(body_limit());
    }
    if (reader_.state() == RequestReader::State::body) came = co_await read_body();
    if (!came) co_return false;
    if (reader_.state() == RequestReader::State::refused) {
      co_await refuse();
      co_return false;
    }
    const bool keep = reader_.keep_alive();
    Request request = reader_.take();
    const bool head_only = request.method == Method::head;
    Response response = co_await ask_handler(std::move(request));
    const bool going_on = co_await send(checked(std::move(response)), keep, head_only);
    co_return going_on;
  }

  asio::awaitable<Response> ask_handler(Request request) {
    deadline_.cancel();
    answer_.reset();
    woken_ = false;
    call_handler(std::move(request));
    const auto until = asio::steady_timer::clock_type::now() + limits().answer;
    while (!answer_ && !aborted_) {
      const auto left = std::chrono::ceil<ms>(until - asio::steady_timer::clock_type::now());
      if (left.count() <= 0) break;
      co_await sleep(left);
    }
    ++number_;
    if (answer_) co_return std::move(*answer_);
    if (!aborted_) log_error("https", "no answer within {} ms, 503 sent", limits().answer.count());
    co_return plain_answer(503);
  }
  void call_handler(Request request);

  Nothing refuse() {
    log_warning("https " + address_, "request refused with {}: {}", reader_.refusal(), reader_.why());
    std::string bytes = response_head(plain_answer(reader_.refusal()), Connection::close);
    const bool written = co_await write(std::move(bytes));
    if (written) co_await farewell();
  }

  Success send(Response response, bool keep, bool head_only) {
    if (response.stream) {
      if (!head_only) co_await send_events(std::move(response));
      co_return false;
    }
    keep = keep && !finishing_ && response.status != 503;
    std::string bytes = response_head(response, keep ? Connection::keep_alive : Connection::close);
    const bool has_body = !head_only && response.status != 204 && response.status != 304;
    if (has_body) bytes += response.body;
    const bool written = co_await write(std::move(bytes));
    if (!written) co_return false;
    if (!keep) co_await farewell();
    co_return keep;
  }

  Success write(std::string bytes) {
    for (size_t at = 0; at < bytes.size(); at += kPiece) {
      arm(limits().write);
      const size_t n = std::min(kPiece, bytes.size() - at);
      const auto [error, written] = co_await asio::async_write(stream_, asio::buffer(bytes.data() + at, n), kAsValues);
      if (error) co_return false;
    }
    co_return true;
  }

  // close_notify, then whatever the peer still sends is read and dropped for a while: closing at once would reset the
  // connection and could destroy the answer on its way.
  Nothing farewell() {
    arm(limits().shutdown);
    error_code ignored;
    co_await stream_.async_shutdown(kAsValues);
    stream_.next_layer().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    std::array<char, 8192> buffer;
    for (size_t drained = 0; drained < kDrain;) {
      const auto [error, n] = co_await stream_.next_layer().async_read_some(asio::buffer(buffer), kAsValues);
      if (error) co_return;
      drained += n;
    }
  }

  Nothing send_events(Response response) {
    const std::shared_ptr<EventStream> events = std::move(response.stream);
    response.stream = events;
    std::string head = response_head(response, Connection::close);
    bool written = co_await write(std::move(head));
    if (!written) co_return;
    watch_for_the_end();
    listen_to(*events);
    while (written && !gone_ && !finishing_) {
      std::string bytes = events->next();
      if (bytes.empty()) {
        deadline_.cancel();
        const bool woken = co_await sleep(limits().heartbeat);
        if (woken) continue;
        bytes = ": still here\n\n";
      }
      written = co_await write(chunk(bytes));
    }
    events->on_ready([] {});  // the stream may live on and must not reach for us
    if (written && !gone_) written = co_await write(chunk(""));
    if (written && !gone_) co_await farewell();
  }
  void listen_to(EventStream& events);

  // Reads beside the writing: the only way to notice a client that goes while there is nothing to send.
  void watch_for_the_end() {
    asio::co_spawn(
        *io_,
        [self = shared_from_this()]() -> Nothing {
          std::array<char, 256> buffer;
          co_await self->stream_.async_read_some(asio::buffer(buffer), kAsValues);
          self->gone_ = true;  // also when it speaks out of turn
          self->wake();
        },
        asio::detached);
  }

  const std::shared_ptr<asio::io_context> io_;
  const std::shared_ptr<const Service> service_;
  const std::string address_;
  asio::ssl::context context_;
  asio::ssl::stream<asio::ip::tcp::socket> stream_;
  asio::steady_timer deadline_, wake_;
  RequestReader reader_;
  std::optional<std::string> peer_key_;
  std::optional<Response> answer_;
  uint64_t number_ = 0;  // of the request in work
  bool idle_ = true, finishing_ = false, aborted_ = false, woken_ = false, gone_ = false;
};

// Carries one reply to the server's thread. Dropped without a reply, it answers 500: a client never hangs on a
// forgotten request.
class Answer {
 public:
  Answer(std::shared_ptr<asio::io_context> io, std::weak_ptr<TlsConnection> to, uint64_t number)
      : io_(std::move(io)), to_(std::move(to)), number_(number) {}
  ~Answer() { give(plain_answer(500)); }
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;

  void give(Response response) {
    if (given_.exchange(true)) return;
    asio::post(*io_, [to = to_, number = number_, r = std::move(response)]() mutable {
      if (const auto connection = to.lock()) connection->answer(number, std::move(r));
    });
  }

 private:
  const std::shared_ptr<asio::io_context> io_;
  const std::weak_ptr<TlsConnection> to_;
  const uint64_t number_;
  std::atomic<bool> given_ = false;
};

void TlsConnection::call_handler(Request request) {
  const auto answer = std::make_shared<Answer>(io_, weak_from_this(), number_);
  try {
    service_->handler(std::move(request), [answer](Response response) { answer->give(std::move(response)); });
  } catch (const std::exception& error) {  // handlers do not throw; one that does must not take the server with it
    log_error("https", "the handler threw: {}", error.what());
    answer->give(plain_answer(500));
  }
}

void TlsConnection::listen_to(EventStream& events) {
  events.on_ready([io = io_, weak = weak_from_this()] {
    asio::post(*io, [weak] {
      if (const auto self = weak.lock()) self->wake();
    });
  });
}

}  // namespace

std::shared_ptr<ServerConnection> serve_tls(const std::shared_ptr<asio::io_context>& io, Accepted accepted,
                                            const net::TlsContext& tls, std::shared_ptr<const Service> service,
                                            std::function<void()> ended) {
  auto connection = std::make_shared<TlsConnection>(io, std::move(accepted), tls, std::move(service));
  asio::co_spawn(*io, connection->run(), [connection, ended = std::move(ended)](const std::exception_ptr& thrown) {
    if (thrown) log_error("https", "a connection ended by an exception");
    ended();
  });
  return connection;
}

}  // namespace hf::http
