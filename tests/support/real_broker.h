#pragma once

#include <string>
#include <vector>

namespace rocketmq::test {

/// A RocketMQ cluster of our own, started by broker/rocketmq in a directory of its own and stopped and
/// removed by the destructor. Members are named namesrv-0, broker-a, broker-b ...
///
/// Starting takes seconds, so share one over the tests of a suite. All functions throw std::runtime_error
/// with the script's own words where it fails. One thread at a time.
///
/// The environment variable ROCKETMQ_TEST_VERSION chooses the version of RocketMQ, for all tests alike;
/// without it the script's default is started. A test of something that a version lacks asks version() and
/// skips itself.
class RealBroker {
 public:
  struct Options {
    int brokers = 1;
    int name_servers = 1;
    std::vector<std::string> extra = {};  ///< Further arguments of `broker/rocketmq up`.
  };

  /// What ROCKETMQ_TEST_VERSION says, or "" for the default.
  [[nodiscard]] static std::string version();
  /// Whether the version is at least `major`.`minor`; the default is newer than anything tests ask for.
  [[nodiscard]] static bool is_at_least(int major, int minor);

  RealBroker() : RealBroker(Options{}) {}
  explicit RealBroker(const Options& options);
  ~RealBroker();
  RealBroker(const RealBroker&) = delete;
  RealBroker& operator=(const RealBroker&) = delete;

  /// `host:port;host:port`
  [[nodiscard]] const std::string& name_servers() const noexcept { return name_servers_; }

  /// `host:port` of the Proxy's remoting port; "" unless started with `--proxy`.
  [[nodiscard]] const std::string& proxy() const noexcept { return proxy_; }

  /// Where a member keeps its configuration, logs and store.
  [[nodiscard]] std::string home(const std::string& member) const { return directory_ + '/' + member; }

  /// Where it keeps its files: credentials.json with --acl, tls/ with --tls.
  [[nodiscard]] const std::string& directory() const noexcept { return directory_; }

  /// On all masters; returns when clients are routed to it.
  void create_topic(const std::string& topic, int queues);
  void kill(const std::string& member);  ///< SIGKILL
  /// Starts a member again on its port with its store, and waits until it is ready.
  void restart(const std::string& member);
  /// Starts a broker that the cluster did not have: `broker-b`, a master without topics, or `broker-a-slave`.
  void add(const std::string& member);
  void pause(const std::string& member);   ///< SIGSTOP
  void resume(const std::string& member);  ///< SIGCONT
  /// RocketMQ's own admin tool; gives what it printed.
  std::string admin(const std::vector<std::string>& arguments);
  /// The same for a command that has to fail; gives its complaints, too.
  std::string failing_admin(const std::vector<std::string>& arguments);

 private:
  std::string directory_;
  std::string name_servers_;
  std::string proxy_;
};

}  // namespace rocketmq::test
