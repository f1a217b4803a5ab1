#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace rocketmq::transport {

/// What a look-up found.
struct HostAddresses {
  std::vector<std::string> addresses;  ///< Numeric, IPv4 and IPv6, in the order to be tried.
  std::string error;                   ///< The resolver's words if there are none.
};

/// Looks up host names without blocking and without making anybody wait for a stalled name service.
///
/// getaddrinfo cannot be interrupted. It runs on a thread of its own, one a host name however many ask,
/// which shares nothing with the askers but a slot that they can empty: an asker that gives up walks away,
/// and closing a client never waits for a name server. Thread-safe.
class HostLookup {
 public:
  /// Blocks until the host's addresses are known; on a thread of its own. What it throws becomes the error.
  using Function = std::function<HostAddresses(const std::string& host)>;
  using Handler = std::function<void(const HostAddresses& result)>;

  /// One asker's claim on a result.
  class Ticket {
   public:
    virtual ~Ticket() = default;
    /// When it returns, the handler has been called or never will be, and is destroyed.
    virtual void cancel() = 0;
  };

  explicit HostLookup(Function function);

  /// The one that asks the system by getaddrinfo; shared by all clients of the process.
  [[nodiscard]] static std::shared_ptr<HostLookup> system();

  /// Starts a look-up, or joins the one that runs for the same host. The handler is called at most once, on
  /// the look-up's thread, and must only hand the result on.
  [[nodiscard]] std::shared_ptr<Ticket> start(const std::string& host, Handler handler);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace rocketmq::transport
