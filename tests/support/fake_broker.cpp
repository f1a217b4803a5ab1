#include "support/fake_broker.h"

#include <algorithm>
#include <asio/buffer.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <asio/write.hpp>
#include <condition_variable>
#include <deque>
#include <future>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "wire/frame.h"

namespace rocketmq::test {

namespace {

using asio::ip::tcp;

std::string make_frame(const wire::Command& header, const std::string& body, wire::SerializeType type) {
  std::string frame;
  wire::append_frame_head(frame, header, type, body.size());
  return frame + body;
}

}  // namespace

/// Everything but the guarded part runs on the server's own thread.
class FakeServer::Impl {
 public:
  explicit Impl(const std::string& host)
      : holder_(context_), acceptor_(context_), work_(asio::make_work_guard(context_)) {
    bind(holder_, {asio::ip::make_address(host), 0});
    endpoint_ = holder_.local_endpoint();
    listen();
    thread_ = std::thread([this] { context_.run(); });
  }

  ~Impl() {
    run([this] { stop(); });
    work_.reset();
    context_.stop();
    thread_.join();
  }

  /// Runs `job` on the server's thread and waits for it.
  void run(const std::function<void()>& job) {
    if (std::this_thread::get_id() == thread_.get_id()) {
      job();
      return;
    }
    std::promise<void> done;
    asio::post(context_, [&job, &done] {
      job();
      done.set_value();
    });
    done.get_future().wait();
  }

  static void bind(tcp::acceptor& socket, const tcp::endpoint& endpoint) {
    socket.open(endpoint.protocol());
    socket.set_option(tcp::acceptor::reuse_address(true));
    socket.bind(endpoint);
  }

  void listen() {
    bind(acceptor_, endpoint_);
    acceptor_.listen();
    accept();
  }

  void stop() {
    asio::error_code ignored;
    acceptor_.close(ignored);
    close_connections();
  }

  void close_connections() {
    // A copy, because close() takes them out of the map.
    const auto clients = clients_;
    for (const auto& [id, client] : clients)
      close(client);
  }

  template <typename Condition>
  bool wait(std::chrono::milliseconds timeout, Condition condition) const {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, timeout, condition);
  }

  struct Client {
    Client(std::uint64_t number, tcp::socket accepted) : id(number), socket(std::move(accepted)) {}
    std::uint64_t id;
    tcp::socket socket;
    wire::FrameSplitter splitter;
    std::deque<std::string> outgoing;  // The empty string stands for "close now".
    bool writing = false;
  };
  using ClientPtr = std::shared_ptr<Client>;

  void perform(const FakeRequest& request, const Action& action) {
    if (action.kind == Action::Kind::never) return;
    if (action.delay.count() > 0) {
      auto timer = std::make_shared<asio::steady_timer>(context_, action.delay);
      Action now = action.after(std::chrono::milliseconds(0));
      timer->async_wait([this, timer, request, now](const asio::error_code& error) {
        if (!error) perform(request, now);
      });
      return;
    }
    const auto found = clients_.find(request.connection);
    if (found == clients_.end()) return;
    const ClientPtr client = found->second;
    if (action.kind == Action::Kind::close) {
      close(client);
      return;
    }
    std::string bytes = action.bytes;
    if (action.kind == Action::Kind::reply) {
      wire::Command header = action.header;
      header.opaque = action.opaque.value_or(request.header.opaque);
      header.flag |= wire::Command::response_flag;
      bytes = make_frame(header, action.bytes, action.type);
    }
    if (action.cut_at) bytes.resize(std::min(bytes.size(), *action.cut_at));
    for (int copy = 0; copy < action.copies; ++copy)
      send(client, bytes, action.write_size);
    if (action.close_after) {
      client->outgoing.emplace_back();
      write_more(client);
    }
  }

  void send(const ClientPtr& client, const std::string& bytes, std::size_t write_size) {
    const std::size_t step = write_size == 0 ? std::max<std::size_t>(bytes.size(), 1) : write_size;
    for (std::size_t at = 0; at < bytes.size(); at += step)
      client->outgoing.push_back(bytes.substr(at, step));
    write_more(client);
  }

  void stop_reading() { reading_ = false; }

  asio::io_context context_;
  // Never listens. It keeps the port while the server is stopped, or another process could get it meanwhile.
  tcp::acceptor holder_;
  tcp::acceptor acceptor_;
  tcp::endpoint endpoint_;
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::thread thread_;
  std::map<std::uint64_t, ClientPtr> clients_;
  std::int32_t next_opaque_ = 1'000'000;
  bool reading_ = true;

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  // Guarded.
  std::map<std::int32_t, Script> scripts_;
  Script any_script_;
  std::vector<FakeRequest> received_;
  std::vector<FakeRequest> answers_;
  std::map<std::int32_t, std::size_t> scripted_;  // Requests a code whose script has run.
  std::size_t accepted_ = 0;
  std::size_t open_ = 0;

 private:
  void accept() {
    acceptor_.async_accept([this](const asio::error_code& error, tcp::socket socket) {
      if (error) return;
      socket.set_option(tcp::no_delay(true));
      ClientPtr client;
      {
        const std::lock_guard lock(mutex_);
        client = std::make_shared<Client>(++accepted_, std::move(socket));
        ++open_;
      }
      changed_.notify_all();
      clients_.emplace(client->id, client);
      read(client);
      accept();
    });
  }

  void read(const ClientPtr& client) {
    if (!reading_) return;
    const auto room = client->splitter.prepare();
    client->socket.async_read_some(
        asio::buffer(room.data(), room.size()),
        [this, client](const asio::error_code& error, std::size_t count) { on_read(client, error, count); });
  }

  void on_read(const ClientPtr& client, const asio::error_code& error, std::size_t count) {
    if (error) {
      close(client);
      return;
    }
    client->splitter.commit(count);
    while (client->socket.is_open()) {
      wire::ReceivedCommand command;
      bool found = false;
      if (client->splitter.next(command, found) != Errc::ok) {
        close(client);
        return;
      }
      if (!found) break;
      on_command({std::move(command.header), std::string(as_text(command.body.view)), client->id});
    }
    if (client->socket.is_open()) read(client);
  }

  void on_command(const FakeRequest& request) {
    const bool is_answer = request.header.is_response();
    Script script;
    {
      const std::lock_guard lock(mutex_);
      (is_answer ? answers_ : received_).push_back(request);
      const auto found = scripts_.find(request.header.code);
      script = found != scripts_.end() ? found->second : any_script_;
    }
    changed_.notify_all();
    if (is_answer) return;
    const Action action = script ? script(request)
                          : request.header.is_one_way()
                              ? Action::never()
                              : Action::reply(3, {}, "the test scripts no answer to this code");
    {
      const std::lock_guard lock(mutex_);
      ++scripted_[request.header.code];
    }
    changed_.notify_all();
    perform(request, action);
  }

  void write_more(const ClientPtr& client) {
    if (client->writing || client->outgoing.empty() || !client->socket.is_open()) return;
    if (client->outgoing.front().empty()) {
      close(client);
      return;
    }
    client->writing = true;
    asio::async_write(client->socket, asio::buffer(client->outgoing.front()),
                      [this, client](const asio::error_code& error, std::size_t) {
                        client->writing = false;
                        client->outgoing.pop_front();
                        if (error) {
                          close(client);
                        } else {
                          write_more(client);
                        }
                      });
  }

  void close(const ClientPtr& client) {
    if (clients_.erase(client->id) == 0) return;
    asio::error_code ignored;
    client->socket.shutdown(tcp::socket::shutdown_both, ignored);
    client->socket.close(ignored);
    {
      const std::lock_guard lock(mutex_);
      --open_;
    }
    changed_.notify_all();
  }
};

FakeServer::FakeServer(const std::string& host) : impl_(std::make_unique<Impl>(host)) {}

FakeServer::~FakeServer() = default;

std::string FakeServer::address() const {
  const asio::ip::address host = impl_->endpoint_.address();
  std::string text = host.is_v6() ? "[" : "";
  text += host.to_string();
  if (host.is_v6()) text += ']';
  text += ':';
  text += std::to_string(port());
  return text;
}

std::uint16_t FakeServer::port() const {
  return impl_->endpoint_.port();
}

void FakeServer::on(std::int32_t code, Script script) {
  const std::lock_guard lock(impl_->mutex_);
  impl_->scripts_[code] = std::move(script);
}

void FakeServer::on_any(Script script) {
  const std::lock_guard lock(impl_->mutex_);
  impl_->any_script_ = std::move(script);
}

void FakeServer::perform(const FakeRequest& request, Action action) {
  impl_->run([&] { impl_->perform(request, action); });
}

std::vector<FakeRequest> FakeServer::received() const {
  const std::lock_guard lock(impl_->mutex_);
  return impl_->received_;
}

std::vector<FakeRequest> FakeServer::received(std::int32_t code) const {
  std::vector<FakeRequest> all = received();
  std::erase_if(all, [code](const FakeRequest& request) { return request.header.code != code; });
  return all;
}

bool FakeServer::wait_received(std::int32_t code, std::size_t count,
                               std::chrono::milliseconds timeout) const {
  return impl_->wait(timeout, [this, code, count] {
    const auto scripted = impl_->scripted_.find(code);
    return (scripted == impl_->scripted_.end() ? 0 : scripted->second) >= count;
  });
}

std::int32_t FakeServer::send_request(wire::Command header, const std::string& body, bool one_way) {
  std::int32_t opaque = 0;
  impl_->run([&] {
    opaque = ++impl_->next_opaque_;
    header.opaque = opaque;
    header.flag = one_way ? wire::Command::one_way_flag : 0;
    const std::string frame = make_frame(header, body, wire::SerializeType::json);
    const auto clients = impl_->clients_;
    for (const auto& [id, client] : clients)
      impl_->send(client, frame, 0);
  });
  return opaque;
}

std::optional<FakeRequest> FakeServer::wait_answer(std::int32_t opaque,
                                                   std::chrono::milliseconds timeout) const {
  std::optional<FakeRequest> answer;
  (void)impl_->wait(timeout, [this, opaque, &answer] {
    const auto& all = impl_->answers_;
    const auto found = std::find_if(
        all.begin(), all.end(), [opaque](const FakeRequest& item) { return item.header.opaque == opaque; });
    if (found != all.end()) answer = *found;
    return answer.has_value();
  });
  return answer;
}

std::size_t FakeServer::accepted() const {
  const std::lock_guard lock(impl_->mutex_);
  return impl_->accepted_;
}

std::size_t FakeServer::connections() const {
  const std::lock_guard lock(impl_->mutex_);
  return impl_->open_;
}

bool FakeServer::wait_connections(std::size_t count, std::chrono::milliseconds timeout) const {
  return impl_->wait(timeout, [this, count] { return impl_->open_ == count; });
}

bool FakeServer::wait_accepted(std::size_t count, std::chrono::milliseconds timeout) const {
  return impl_->wait(timeout, [this, count] { return impl_->accepted_ >= count; });
}

void FakeServer::close_connections() {
  impl_->run([this] { impl_->close_connections(); });
}

void FakeServer::stop() {
  impl_->run([this] { impl_->stop(); });
}

void FakeServer::restart() {
  impl_->run([this] { impl_->listen(); });
}

void FakeServer::stop_reading() {
  impl_->run([this] { impl_->stop_reading(); });
}

}  // namespace rocketmq::test
