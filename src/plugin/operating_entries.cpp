// The functions that look after jobs which run, beyond the manual's five.

#include <optional>
#include <string>
#include <vector>

#include "plugin/argument_error.h"
#include "plugin/arguments.h"
#include "plugin/caller.h"
#include "plugin/consume_timestamp.h"
#include "plugin/entries.h"
#include "plugin/entry_guard.h"
#include "plugin/job_registry.h"
#include "plugin/job_tables.h"
#include "plugin/producer_handle.h"
#include "plugin/producer_registry.h"
#include "plugin/start_table.h"
#include "plugin/stat_table.h"
#include "plugin/value_text.h"

namespace rocketmq::plugin {

namespace {

constexpr Usage pause_sub_job_usage{"pauseSubJob", "pauseSubJob(jobId)"};
constexpr Usage resume_sub_job_usage{"resumeSubJob", "resumeSubJob(jobId)"};
constexpr Usage seek_sub_job_usage{"seekSubJob", "seekSubJob(jobId, position)"};
constexpr Usage get_sub_job_info_usage{"getSubJobInfo", "getSubJobInfo([jobId])"};
constexpr Usage get_sub_job_queues_usage{"getSubJobQueues", "getSubJobQueues([jobId])"};
constexpr Usage close_producer_usage{"closeProducer", "closeProducer(producer)"};
constexpr Usage get_producer_stat_usage{"getProducerStat", "getProducerStat()"};
constexpr Usage get_sub_job_errors_usage{"getSubJobErrors", "getSubJobErrors([jobId], [limit=100])"};

std::optional<std::string> optional_job(const Arguments& arguments) {
  if (!arguments.given(0)) return std::nullopt;
  return arguments.text(0, "jobId");
}

ConstantSP pause_sub_job(Heap* heap, const std::vector<ConstantSP>& values) {
  const Arguments arguments(values, 1, 1);
  const std::string id = arguments.text(0, "jobId");
  JobRegistry::instance().check_access(id, caller_of(heap));
  return new Bool(JobRegistry::instance().pause(id));
}

ConstantSP resume_sub_job(Heap* heap, const std::vector<ConstantSP>& values) {
  const Arguments arguments(values, 1, 1);
  const std::string id = arguments.text(0, "jobId");
  JobRegistry::instance().check_access(id, caller_of(heap));
  return new Bool(JobRegistry::instance().resume(id));
}

/// `position` of seekSubJob.
SeekTarget read_position(const ConstantSP& position, const std::vector<std::string>& topics) {
  SeekTarget target;
  if (position->isTable()) {
    target.kind = SeekTarget::Kind::offsets;
    target.offsets = read_start_table("position", position, topics);
    return target;
  }
  const std::string word = position->isScalar() && is_text_type(position) ? position->getString() : "";
  if (word == "FIRST" || word == "LAST") {
    target.kind = word == "FIRST" ? SeekTarget::Kind::first : SeekTarget::Kind::last;
    return target;
  }
  target.kind = SeekTarget::Kind::time;
  const auto time_ms = read_local_time(position);
  if (!time_ms) {
    throw ArgumentError(
        "position must be \"FIRST\", \"LAST\", a temporal scalar with a date, or a table of brokerName, "
        "queueId "
        "and queueOffset; given: " +
        describe_value(position) + ".");
  }
  target.time_ms = *time_ms;
  return target;
}

ConstantSP seek_sub_job(Heap* heap, const std::vector<ConstantSP>& values) {
  const Arguments arguments(values, 2, 2);
  const std::string id = arguments.text(0, "jobId");
  const ConstantSP& position = arguments.value(1, "position");
  JobRegistry::instance().check_access(id, caller_of(heap));
  bool several_topics = false;
  const auto target = [&](const std::vector<std::string>& topics) {
    several_topics = topics.size() > 1;
    return read_position(position, topics);
  };
  const std::vector<SeekResult> results = JobRegistry::instance().seek(id, target);
  return make_seek_table(results, several_topics);
}

ConstantSP get_sub_job_info(Heap* heap, const std::vector<ConstantSP>& values) {
  const Arguments arguments(values, 0, 1);
  return make_info_table(JobRegistry::instance().reports(optional_job(arguments), caller_of(heap)));
}

ConstantSP get_sub_job_queues(Heap* heap, const std::vector<ConstantSP>& values) {
  const Arguments arguments(values, 0, 1);
  return make_queue_table(JobRegistry::instance().reports(optional_job(arguments), caller_of(heap)));
}

ConstantSP get_sub_job_errors(Heap* heap, const std::vector<ConstantSP>& values) {
  const Arguments arguments(values, 0, 2);
  const int limit = arguments.int_or(1, "limit", 1, JobStat::max_errors);
  return make_error_table(JobRegistry::instance().errors(optional_job(arguments),
                                                         static_cast<std::size_t>(limit), caller_of(heap)));
}

ConstantSP close_producer(const std::vector<ConstantSP>& values) {
  const Arguments arguments(values, 1, 1);
  return new Bool(close_producer_of(arguments.value(0, "producer")));
}

ConstantSP get_producer_stat(Heap* heap, const std::vector<ConstantSP>& values) {
  const Arguments arguments(values, 0, 0);
  return make_producer_table(producer_stats(caller_of(heap)));
}

}  // namespace

}  // namespace rocketmq::plugin

namespace plugin = rocketmq::plugin;

ConstantSP rocketmqPauseSubJob(Heap* heap, std::vector<ConstantSP>& arguments) {
  return plugin::guarded(plugin::pause_sub_job_usage, [&] { return plugin::pause_sub_job(heap, arguments); });
}

ConstantSP rocketmqResumeSubJob(Heap* heap, std::vector<ConstantSP>& arguments) {
  return plugin::guarded(plugin::resume_sub_job_usage,
                         [&] { return plugin::resume_sub_job(heap, arguments); });
}

ConstantSP rocketmqSeekSubJob(Heap* heap, std::vector<ConstantSP>& arguments) {
  return plugin::guarded(plugin::seek_sub_job_usage, [&] { return plugin::seek_sub_job(heap, arguments); });
}

ConstantSP rocketmqGetSubJobInfo(Heap* heap, std::vector<ConstantSP>& arguments) {
  return plugin::guarded(plugin::get_sub_job_info_usage,
                         [&] { return plugin::get_sub_job_info(heap, arguments); });
}

ConstantSP rocketmqGetSubJobQueues(Heap* heap, std::vector<ConstantSP>& arguments) {
  return plugin::guarded(plugin::get_sub_job_queues_usage,
                         [&] { return plugin::get_sub_job_queues(heap, arguments); });
}

ConstantSP rocketmqGetSubJobErrors(Heap* heap, std::vector<ConstantSP>& arguments) {
  return plugin::guarded(plugin::get_sub_job_errors_usage,
                         [&] { return plugin::get_sub_job_errors(heap, arguments); });
}

ConstantSP rocketmqCloseProducer(Heap* /*heap*/, std::vector<ConstantSP>& arguments) {
  return plugin::guarded(plugin::close_producer_usage, [&] { return plugin::close_producer(arguments); });
}

ConstantSP rocketmqGetProducerStat(Heap* heap, std::vector<ConstantSP>& arguments) {
  return plugin::guarded(plugin::get_producer_stat_usage,
                         [&] { return plugin::get_producer_stat(heap, arguments); });
}
