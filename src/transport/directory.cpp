#include "transport/directory.h"

#include <utility>

// The simulation of the tests has another one, so that clients meet there without sockets.
#include "transport/directory_impl.h"

namespace rocketmq::transport {

Directory::Directory(asio::io_context& context, DirectoryOptions options)
    : impl_(std::make_shared<Impl>(context, std::move(options))) {}

Directory::~Directory() {
  impl_->close();
}

void Directory::request(const std::string& address, wire::Command command, RequestBody body,
                        std::chrono::milliseconds timeout, ReplyHandler handler) {
  impl_->request(address, std::move(command), std::move(body), timeout, std::move(handler));
}

void Directory::send_one_way(const std::string& address, wire::Command command, RequestBody body) {
  impl_->send_one_way(address, std::move(command), std::move(body));
}

void Directory::set_request_handler(RequestHandler handler) {
  impl_->request_handler = std::move(handler);
}

void Directory::set_disconnect_handler(std::function<void(const std::string& address)> handler) {
  impl_->disconnect_handler = std::move(handler);
}

void Directory::forget(const std::string& address) {
  impl_->forget(address);
}

void Directory::close() {
  impl_->close();
}

}  // namespace rocketmq::transport
