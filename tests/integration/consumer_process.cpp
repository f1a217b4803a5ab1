// A consumer in a process of its own, so that tests can kill it: see ChildConsumer. It writes a line for
// every message that it is handed, before it acknowledges it, and ends properly at SIGTERM.

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <map>
#include <string>

#include "integration/consumer_fixture.h"

namespace {

volatile std::sig_atomic_t stop = 0;

void write_out(const std::string& text) {
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t count = ::write(STDOUT_FILENO, text.data() + done, text.size() - done);
    if (count <= 0) std::_Exit(3);
    done += static_cast<std::size_t>(count);
  }
}

}  // namespace

int main(int count, char** words) {
  using namespace rocketmq;
  std::map<std::string, std::string> options;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    options[word.substr(0, word.find('='))] = word.substr(word.find('=') + 1);
  }
  std::signal(SIGTERM, [](int) { stop = 1; });
  ConsumerConfig config;
  config.client.name_server_addresses = options["namesrv"];
  config.client.instance_name = options["instance"];
  config.client.log = [](LogLevel level, std::string_view line) {
    if (level >= LogLevel::warning) write_out("log\t" + std::string(line) + '\n');
  };
  config.group = options["group"];
  config.subscriptions = {{options["topic"]}};
  config.subscriptions.front().sub_expression = options["expression"];
  config.on_notice = [](const ConsumerNotice& notice) { write_out("notice\t" + notice.text + '\n'); };
  config.consume_from_where =
      options["from"] == "last" ? ConsumeFromWhere::last_offset : ConsumeFromWhere::first_offset;
  if (!options["offsets"].empty()) {
    config.message_model = MessageModel::broadcasting;
    config.offset_directory = options["offsets"];
  }
  try {
    const auto consumer = Consumer::start(config);
    write_out("started\t" + consumer->client_id() + '\n');
    while (stop == 0) {
      Delivery delivery = consumer->poll(test::limits_until(std::chrono::milliseconds(200)));
      std::string text;
      for (const test::Received& message : test::copy_of(delivery))
        text += "message\t" + message.body + '\n';
      write_out(text);
      delivery.acknowledge();
    }
    consumer->close(std::chrono::seconds(10));
    write_out("ended\t\n");
  } catch (const std::exception& error) {
    write_out(std::string("failed\t") + error.what() + '\n');
    return 1;
  }
  return 0;
}
