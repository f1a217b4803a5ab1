#include "transport/host_lookup.h"

#include <netdb.h>
#include <signal.h>
#include <sys/socket.h>

#include <map>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace rocketmq::transport {

namespace {

HostAddresses ask_system(const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  HostAddresses result;
  const int error = ::getaddrinfo(host.c_str(), nullptr, &hints, &list);
  if (error != 0) {
    result.error = ::gai_strerror(error);
    return result;
  }
  for (const addrinfo* item = list; item != nullptr; item = item->ai_next) {
    char text[NI_MAXHOST];
    if (::getnameinfo(item->ai_addr, item->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST) == 0) {
      result.addresses.emplace_back(text);
    }
  }
  ::freeaddrinfo(list);
  if (result.addresses.empty()) result.error = "the name has no address";
  return result;
}

}  // namespace

struct HostLookup::State {
  class Slot;

  Function function;
  /// The loops of all clients, which ask and give up, and the look-ups' threads meet here. Handlers only hand
  /// their result on, so they are called under it.
  std::mutex mutex;
  std::map<std::string, std::vector<std::shared_ptr<Slot>>> running;  // Those that wait, by host.

  void run(const std::string& host) noexcept;
  void deliver(const std::string& host, const HostAddresses& result);
};

class HostLookup::State::Slot final : public Ticket {
 public:
  Slot(std::shared_ptr<State> state, Handler handler)
      : state_(std::move(state)), handler_(std::move(handler)) {}

  void cancel() override {
    const std::lock_guard lock(state_->mutex);
    handler_ = nullptr;
  }

 private:
  friend struct State;
  friend class HostLookup;
  const std::shared_ptr<State> state_;
  Handler handler_;  // Empty once it was called or cancelled.
};

// On the look-up's thread, which nothing may leave.
void HostLookup::State::run(const std::string& host) noexcept {
  try {
    HostAddresses result;
    try {
      result = function(host);
    } catch (const std::exception& error) {
      result = {{}, std::string("the look-up failed: ") + error.what()};
    }
    deliver(host, result);
  } catch (...) {  // NOLINT(bugprone-empty-catch): the askers' own deadlines tell them
  }
}

void HostLookup::State::deliver(const std::string& host, const HostAddresses& result) {
  const std::lock_guard lock(mutex);
  const auto found = running.extract(host);
  if (found.empty()) return;
  for (const auto& slot : found.mapped()) {
    if (const Handler handler = std::exchange(slot->handler_, nullptr)) handler(result);
  }
}

HostLookup::HostLookup(Function function) : state_(std::make_shared<State>()) {
  state_->function = std::move(function);
}

std::shared_ptr<HostLookup> HostLookup::system() {
  // Never destroyed: a thread that is stuck in getaddrinfo may still use it while the process exits.
  static const auto* const shared = new std::shared_ptr<HostLookup>(std::make_shared<HostLookup>(ask_system));
  return *shared;
}

std::shared_ptr<HostLookup::Ticket> HostLookup::start(const std::string& host, Handler handler) {
  auto slot = std::make_shared<State::Slot>(state_, std::move(handler));
  {
    const std::lock_guard lock(state_->mutex);
    const auto [running, fresh] = state_->running.try_emplace(host);
    // Those that gave up a stalled look-up are forgotten here, so that retries do not pile up.
    std::erase_if(running->second, [](const auto& waiting) { return waiting->handler_ == nullptr; });
    running->second.push_back(slot);
    if (!fresh) return slot;
  }
  // The process belongs to somebody else: its signals are not for this thread.
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    std::thread([state = state_, host] { state->run(host); }).detach();
  } catch (const std::exception& error) {
    state_->deliver(host, {{}, std::string("no thread for the look-up: ") + error.what()});
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return slot;
}

}  // namespace rocketmq::transport
