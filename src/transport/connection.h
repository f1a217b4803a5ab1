#pragma once

#include <asio/buffer.hpp>
#include <asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/log_limiter.h"
#include "transport/liveness.h"
#include "transport/loop_timer.h"
#include "transport/remoting_options.h"
#include "transport/request_table.h"
#include "transport/stream.h"
#include "transport/stream_opener.h"
#include "wire/frame.h"

namespace rocketmq::transport {

class EventLoop;

/// One connection's life: connecting, open, closed. It is never opened again; its owner makes a new one. To
/// be used on its loop only.
class Connection final : public StreamUser, public std::enable_shared_from_this<Connection> {
 public:
  /// Made the connection and hears of it.
  class Owner {
   public:
    virtual ~Owner() = default;
    /// `protocol`: of the encryption; empty if there is none.
    virtual void on_connected(Connection& connection, const std::string& protocol) = 0;
    /// It could not be made, or it broke. Called before the pending requests fail, so that nobody asks this
    /// connection again.
    virtual void on_failed(Connection& connection, const Failure& failure) = 0;
    virtual void on_closed(Connection& connection) = 0;
    /// Called after the pending requests of a broken connection failed.
    virtual void on_lost(Connection& connection) = 0;
    /// The server is shutting down and asks to send this request again, over a new connection.
    virtual void on_go_away(Connection& connection, RequestPtr request) = 0;
    virtual void on_request(const std::shared_ptr<Connection>& connection,
                            wire::ReceivedCommand&& request) = 0;
  };

  enum class Submitted {
    accepted,
    closed,             ///< It is closed; the request is untouched.
    too_many_requests,  ///< max_pending_requests are pending, or the request's number is in use.
    too_many_bytes,     ///< max_pending_bytes are queued.
  };

  Connection(EventLoop& loop, Address address, std::string address_text,
             std::shared_ptr<const RemotingOptions> options, std::weak_ptr<Owner> owner);

  /// Starts connecting. Once.
  void start();

  /// Queues a request, also while connecting. What is submitted in one turn of the loop is written together.
  [[nodiscard]] Submitted submit(const RequestPtr& request);

  /// Takes no more requests and closes when the pending ones are done. Called from on_go_away only.
  void drain() noexcept { draining_ = true; }

  /// Closes, later; pending requests fail with `reason`.
  void close(Failure reason);

  [[nodiscard]] const std::string& address() const noexcept { return address_text_; }

  void on_read(const std::error_code& error, std::size_t count) override;
  void on_written(const std::error_code& error) override;

 private:
  enum class State {
    connecting,  ///< Requests queue up.
    open,
    closed,
  };

  void on_stream(const Failure& failure, std::unique_ptr<Stream> stream);
  void read_more();
  void on_command(wire::ReceivedCommand&& command);
  void on_reply(wire::ReceivedCommand&& reply);
  void log_unknown_reply(std::int32_t opaque);
  void write_soon();
  void write_more();
  /// Makes what is written next of the outgoing requests; false if there are none.
  [[nodiscard]] bool take_outgoing();
  void forget_written();
  void arm_timer();
  void on_timer();
  void expire(Clock::time_point now);
  void close_if_drained();
  void lose(const Failure& reason);
  void shut(const Failure& reason);
  void report_unsent(const Failure& reason) const;
  void finish(const RequestPtr& request, const Failure& failure, wire::ReceivedCommand&& reply = {}) const;
  void log(LogLevel level, const std::string& text) const;

  asio::io_context::executor_type executor_;  // Of the loop, which may end while a handler still runs.
  const Address address_;
  const std::string address_text_;
  const std::shared_ptr<const RemotingOptions> options_;
  const std::weak_ptr<Owner> owner_;

  State state_ = State::connecting;
  bool draining_ = false;
  LogLimiter unknown_replies_;
  bool heard_ = false;            // Something has been received.
  bool write_scheduled_ = false;  // write_more() will be called soon.
  bool write_failed_ = false;     // Nothing more is written; the read is about to fail as well.
  std::shared_ptr<StreamOpener> opener_;
  std::unique_ptr<Stream> stream_;
  wire::FrameSplitter splitter_;
  RequestTable table_;
  std::deque<RequestPtr> outgoing_;
  std::size_t pending_bytes_ = 0;            // Submitted and not written.
  std::vector<RequestPtr> writing_;          // Keeps the bytes of the running write alive.
  std::vector<asio::const_buffer> buffers_;  // Of the running write.
  LoopTimer timer_;
  std::optional<Clock::time_point> timer_set_for_;
  Liveness liveness_;
};

}  // namespace rocketmq::transport
