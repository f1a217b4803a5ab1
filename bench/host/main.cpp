// The plugin under measurement: loaded into the host as a server loads it, its functions called as scripts
// call them.
#include <map>
#include <string>

#include "common/main.h"
#include "host/works.h"

namespace {

using rocketmq::bench::ConsumeWork;
using rocketmq::bench::PluginWork;
using rocketmq::bench::TableKind;

CLI::App& add_work(CLI::App& app, const char* name, const char* text, PluginWork& work) {
  CLI::App& sub = *app.add_subcommand(name, text);
  sub.add_option("--namesrv", work.name_servers)->required();
  sub.add_option("--topic", work.topic)->required();
  sub.add_option("--group", work.group);
  sub.add_option("--config", work.config, "entries of the config dictionary, as in a script");
  sub.add_option("--messages", work.messages)->check(CLI::Range(1, 100'000'000));
  sub.add_option("--warmup", work.warmup)->check(CLI::Range(0, 100'000'000));
  add_body_options(sub, work.body);
  return sub;
}

int run(int argc, char** argv) {
  CLI::App app("The RocketMQ plugin in the host", "plugin");
  app.require_subcommand(1);
  PluginWork work;
  ConsumeWork consume;
  std::size_t rows = 0;
  std::size_t threads = 1;
  std::size_t interval_us = 1000;
  std::size_t seconds = 10;

  CLI::App& batch = add_work(app, "send-batch", "send vectors", work);
  batch.add_option("--rows", rows, "of a vector; 0: one vector");
  batch.callback([&] { rocketmq::bench::send_vectors(work, rows); });

  CLI::App& one = add_work(app, "send-one", "send a scalar a call", work);
  one.add_option("--threads", threads)->check(CLI::Range(1, 64));
  one.callback([&] { rocketmq::bench::send_scalars(work, threads); });

  CLI::App& paced = add_work(app, "send-paced", "send a scalar at fixed times", work);
  paced.add_option("--interval-us", interval_us)->check(CLI::Range(1, 1'000'000));
  paced.callback([&] { rocketmq::bench::send_paced(work, interval_us); });

  CLI::App& backlog = add_work(app, "consume", "take a backlog through a job", consume.common);
  backlog.add_option("--jobs", consume.jobs)->check(CLI::Range(1, 64));
  backlog.add_option("--threads", consume.threads, "consumeThreadCount")->check(CLI::Range(1, 64));
  backlog.add_option("--busy-us", consume.busy_us, "the handler spins so long per row");
  backlog.add_flag("--drop", consume.drop, "the handler only counts");
  const std::map<std::string, TableKind> tables{{"msg", TableKind::msg},
                                                {"metadata", TableKind::metadata},
                                                {"typed", TableKind::typed},
                                                {"script", TableKind::script}};
  backlog
      .add_option("--into", consume.table, "the table: bodies, with metadata, typed, typed by the handler")
      ->transform(CLI::CheckedTransformer(tables));
  backlog.add_flag("--used-memory", consume.used_memory,
                   "the host has used before as much memory as the rows take");
  backlog.callback([&] { rocketmq::bench::consume_backlog(consume); });

  CLI::App& both = add_work(app, "end-to-end", "from send to the row in a table", work);
  both.add_option("--interval-us", interval_us)->check(CLI::Range(1, 1'000'000));
  both.callback([&] { rocketmq::bench::end_to_end(work, interval_us); });

  CLI::App& idle = add_work(app, "idle", "a job without messages", work);
  idle.add_option("--seconds", seconds)->check(CLI::Range(1, 600));
  idle.callback([&] { rocketmq::bench::idle_job(work, seconds); });
  return rocketmq::bench::run_app(app, argc, argv);
}

}  // namespace

int main(int argc, char** argv) {
  return rocketmq::bench::guarded("plugin", [&] { return run(argc, argv); });
}
