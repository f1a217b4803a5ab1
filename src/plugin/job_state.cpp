#include "plugin/job_state.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace rocketmq::plugin {

namespace {

/// How many names a reason lists.
constexpr std::size_t max_named = 10;

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), max_named); ++i)
    text += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > max_named) text += " and " + std::to_string(names.size() - max_named) + " more";
  return text;
}

/// "12 s"
std::string seconds(std::int64_t since_ms, std::int64_t now_ms) {
  return std::to_string(std::max<std::int64_t>(now_ms - since_ms, 0) / 1000) + " s";
}
std::string lasting(std::int64_t since_ms, std::int64_t now_ms) {
  return "for " + seconds(since_ms, now_ms);
}

std::string topics_in_words(const std::vector<std::string>& topics) {
  return (topics.size() == 1 ? "topic " : "topics ") + listed(topics);
}

std::optional<JobCondition> trouble_of(const JobFacts& facts, bool lasting_ones) {
  const std::vector<TroubleStatus>& all = facts.consumer.troubles;
  const auto counts = [lasting_ones](const TroubleStatus& trouble) {
    return trouble.lasting == lasting_ones;
  };
  // The group's own topic says little to its user.
  auto first = std::find_if(all.begin(), all.end(), [&counts](const TroubleStatus& trouble) {
    return counts(trouble) && trouble.subject.find("%RETRY%") == std::string::npos;
  });
  if (first == all.end()) first = std::find_if(all.begin(), all.end(), counts);
  if (first == all.end()) return std::nullopt;
  const auto more = std::count_if(all.begin(), all.end(), counts) - 1;
  std::string reason = first->subject + ", " + lasting(first->since_ms, facts.now_ms) + ": " + first->cause;
  if (more > 0) reason += " (and " + std::to_string(more) + " more like it; see getSubJobQueues())";
  return JobCondition{lasting_ones ? JobState::refused : JobState::no_broker, std::move(reason)};
}

std::optional<JobCondition> handler_condition(const JobFacts& facts) {
  const JobActivity& activity = facts.activity;
  if (activity.oldest_call) {
    const std::int64_t since_ms = *activity.oldest_call / nanos_per_ms;
    if (facts.now_ms - since_ms >= busy_after_ms) {
      return JobCondition{JobState::handler_busy, "a call of the handler has been running " +
                                                      lasting(since_ms, facts.now_ms) +
                                                      "; its queues wait for it"};
    }
  }
  std::vector<std::string> held_back;
  for (const QueueStatus& queue : facts.consumer.queues) {
    if (queue.held_back)
      held_back.push_back(queue.topic + "@" + queue.broker_name + ":" + std::to_string(queue.queue_id));
  }
  if (activity.failing_since) {
    // Nothing may have come since the last call.
    return JobCondition{JobState::handler_failing,
                        "the last call of the handler has thrown (the first of those in a row " +
                            seconds(*activity.failing_since / nanos_per_ms, facts.now_ms) + " ago" +
                            (held_back.empty() ? "" : "; what waits for it: " + listed(held_back)) +
                            "): " + activity.last_call_error};
  }
  if (held_back.empty()) return std::nullopt;
  return JobCondition{JobState::handler_failing, "the handler takes rows of other queues, but not those of " +
                                                     listed(held_back) +
                                                     ", which wait for it; see getSubJobErrors()"};
}

std::optional<JobCondition> topic_condition(const JobFacts& facts, std::string& remark) {
  std::vector<std::string> missing;
  std::vector<std::string> undivided;
  const TopicStatus* without = nullptr;
  std::size_t own_queues = 0;
  for (const TopicStatus& topic : facts.consumer.topics) {
    own_queues += topic.own_queues;
    if (topic.queues == 0) {
      missing.push_back(topic.topic);
    } else if (topic.own_queues == 0) {
      if (topic.members == 0) undivided.push_back(topic.topic);
      without = &topic;
    }
  }
  if (!missing.empty()) {
    remark = topics_in_words(missing) + " cannot be found, or has no queue; it is looked for every second";
    if (missing.size() == facts.consumer.topics.size()) {
      return JobCondition{JobState::waiting_for_topic,
                          remark +
                              ". Check the name; a topic comes into being when something is sent to it, "
                              "or by mqadmin updateTopic"};
    }
  }
  if (own_queues > 0) return std::nullopt;
  if (!undivided.empty()) {
    remark = "the queues of " + topics_in_words(undivided) + " are being assigned";
  } else if (without != nullptr) {
    return JobCondition{JobState::no_queue,
                        "topic " + without->topic + " has " + std::to_string(without->queues) +
                            " queues for " + std::to_string(without->members) +
                            " members of the group; those that have them: " + listed(without->owners) +
                            ". Give the topic more queues, or run fewer members"};
  }
  return std::nullopt;
}

}  // namespace

JobCondition job_state(const JobFacts& facts) {
  if (facts.ended) return {JobState::ended, "cancelSubJob, or the end of the server"};
  if (facts.paused) {
    return {JobState::paused, facts.activity.oldest_call
                                  ? "by pauseSubJob; a call of the handler is still running, the last one"
                                  : "by pauseSubJob; resumeSubJob lets it go on"};
  }
  if (facts.consumer.topics.empty()) return {JobState::running, "it has just started"};
  if (auto refused = trouble_of(facts, true)) return *std::move(refused);
  if (auto no_broker = trouble_of(facts, false)) return *std::move(no_broker);
  std::string remark;
  if (auto topic = topic_condition(facts, remark)) return *std::move(topic);
  if (auto handler = handler_condition(facts)) return *std::move(handler);
  return {JobState::running, std::move(remark)};
}

std::string_view queue_state(const QueueStatus& queue, bool paused) {
  if (!queue.trouble.cause.empty())
    return name_of(queue.trouble.lasting ? JobState::refused : JobState::no_broker);
  if (!queue.consumed_offset) return "STARTING";
  if (paused) return name_of(JobState::paused);
  return name_of(queue.held_back ? JobState::handler_failing : JobState::running);
}

std::optional<std::int64_t> lag_of(const ConsumerStatus& consumer) {
  std::optional<std::int64_t> sum;
  for (const QueueStatus& queue : consumer.queues) {
    const auto lag = queue.lag();
    if (lag) {
      sum = sum.value_or(0) + *lag;
    } else if (!queue.is_retry) {
      return std::nullopt;
    }
  }
  return sum;
}

}  // namespace rocketmq::plugin
