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

class Slot final : public HostLookup::Ticket {
 public:
  explicit Slot(HostLookup::Handler handler) : handler_(std::move(handler)) {}

  void deliver(const HostAddresses& result) {
    const std::lock_guard lock(mutex_);
    if (const HostLookup::Handler handler = std::exchange(handler_, nullptr)) handler(result);
  }

  void cancel() override {
    const std::lock_guard lock(mutex_);
    handler_ = nullptr;
  }

  [[nodiscard]] bool cancelled() {
    const std::lock_guard lock(mutex_);
    return handler_ == nullptr;
  }

 private:
  std::mutex mutex_;  // The asker, which may give up, and the look-up's thread meet here.
  HostLookup::Handler handler_;
};

}  // namespace

struct HostLookup::State {
  Function function;
  std::mutex mutex;  // The loops of all clients and the look-ups' threads meet here.
  std::map<std::string, std::vector<std::shared_ptr<Slot>>> running;  // Those that wait, by host.

  /// On the look-up's thread, which nothing may leave.
  void run(const std::string& host) noexcept {
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

  void deliver(const std::string& host, const HostAddresses& result) {
    std::vector<std::shared_ptr<Slot>> slots;
    {
      const std::lock_guard lock(mutex);
      slots = std::move(running[host]);
      running.erase(host);
    }
    for (const auto& slot : slots)
      slot->deliver(result);
  }
};

HostLookup::HostLookup(Function function) : state_(std::make_shared<State>()) {
  state_->function = std::move(function);
}

std::shared_ptr<HostLookup> HostLookup::system() {
  // Never destroyed: a thread that is stuck in getaddrinfo may still use it while the process exits.
  static const auto* const shared = new std::shared_ptr<HostLookup>(std::make_shared<HostLookup>(ask_system));
  return *shared;
}

std::shared_ptr<HostLookup::Ticket> HostLookup::start(const std::string& host, Handler handler) {
  auto slot = std::make_shared<Slot>(std::move(handler));
  {
    const std::lock_guard lock(state_->mutex);
    const auto [running, fresh] = state_->running.try_emplace(host);
    // Those that gave up a stalled look-up are forgotten here, so that retries do not pile up.
    std::erase_if(running->second, [](const auto& waiting) { return waiting->cancelled(); });
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
