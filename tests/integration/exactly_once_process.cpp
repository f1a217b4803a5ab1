// A consumer that keeps its rows and its offsets in one file, and kills itself where it is told to. It writes
// a line for each thing that a ChildConsumer waits for.

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <map>
#include <string>

#include "integration/consumer_fixture.h"
#include "integration/row_file.h"

namespace rocketmq::test {
namespace {

/// Ends this process as kill -9 does, once `rows` rows have been handled in it.
class Killer {
 public:
  Killer(std::string place, std::int64_t rows) : place_(std::move(place)), rows_(rows) {}
  void handled() { ++handled_; }
  void at(const std::string& place) const {
    if (place == place_ && handled_ >= rows_) std::raise(SIGKILL);
  }

 private:
  const std::string place_;
  const std::int64_t rows_;
  std::int64_t handled_ = 0;
};

void write_line(const std::string& line) {
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

void consume(std::map<std::string, std::string>& options) {
  RowFile file(options["file"]);
  Killer killer(options["kill"], std::stoll(options["after"]));
  ConsumerConfig config;
  config.client.name_server_addresses = options["namesrv"];
  config.group = options["group"];
  config.subscriptions = {{options["topic"]}};
  config.consume_from_where = ConsumeFromWhere::first_offset;
  config.on_notice = [](const ConsumerNotice& notice) { write_line("notice\t" + notice.text); };
  config.ask_start_offsets = [path = options["file"]](const StartOffsetsAnswer& answer) {
    answer({}, RowFile(path).offsets());
  };
  const auto consumer = Consumer::start(config);
  write_line("started\t");
  const std::int64_t wanted = std::stoll(options["until"]);
  std::int64_t rows = file.number("SELECT count(*) FROM rows");
  while (rows < wanted) {
    PollLimits limits = limits_until(milliseconds(200));
    limits.max_rows = 500;  // So that each process commits something before it is killed.
    Delivery delivery = consumer->poll(limits);
    if (delivery.empty()) continue;
    file.begin();
    for (std::size_t i = 0; i < delivery.size(); ++i) {
      file.add(delivery[i]);
      killer.handled();
      killer.at("handler");
    }
    killer.at("before the file's commit");
    file.commit();
    killer.at("before the offset's commit");
    rows += static_cast<std::int64_t>(delivery.size());
    delivery.acknowledge();
  }
  consumer->close(seconds(10));
  write_line("ended\t");
}

}  // namespace
}  // namespace rocketmq::test

int main(int count, char** words) {
  std::map<std::string, std::string> options;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    options[word.substr(0, word.find('='))] = word.substr(word.find('=') + 1);
  }
  try {
    rocketmq::test::consume(options);
  } catch (const std::exception& error) {
    rocketmq::test::write_line(std::string("failed\t") + error.what());
    return 1;
  }
  return 0;
}
