#pragma once

#include <vector>

#include "plugin/sdk.h"

/// The functions that PluginRocketMQ.txt names, and the only symbols that the library exports.
/// Each checks its arguments, converts them and delegates. They throw IllegalArgumentException for what the
/// script gave wrongly, the usage first, and RuntimeException for everything else.
extern "C" {

/// Everything else in the library is hidden.
#define ROCKETMQ_EXPORT __attribute__((visibility("default")))

/// createProducer(namesrvAddr, groupName, [producerConfig])
ROCKETMQ_EXPORT ConstantSP rocketmqCreateProducer(Heap* heap, std::vector<ConstantSP>& arguments);

/// send(producer, data, topic, [tag=""], [sendConfig])
ROCKETMQ_EXPORT ConstantSP rocketmqSend(Heap* heap, std::vector<ConstantSP>& arguments);

/// createSubJob(namesrvAddr, groupName, topic, handler, [subExpression="*"], [consumerConfig])
ROCKETMQ_EXPORT ConstantSP rocketmqCreateSubJob(Heap* heap, std::vector<ConstantSP>& arguments);

/// cancelSubJob(jobId)
ROCKETMQ_EXPORT ConstantSP rocketmqCancelSubJob(Heap* heap, std::vector<ConstantSP>& arguments);

/// getSubJobStat()
ROCKETMQ_EXPORT ConstantSP rocketmqGetSubJobStat(Heap* heap, std::vector<ConstantSP>& arguments);

// Beyond the manual.

/// pauseSubJob(jobId)
ROCKETMQ_EXPORT ConstantSP rocketmqPauseSubJob(Heap* heap, std::vector<ConstantSP>& arguments);

/// resumeSubJob(jobId)
ROCKETMQ_EXPORT ConstantSP rocketmqResumeSubJob(Heap* heap, std::vector<ConstantSP>& arguments);

/// seekSubJob(jobId, position)
ROCKETMQ_EXPORT ConstantSP rocketmqSeekSubJob(Heap* heap, std::vector<ConstantSP>& arguments);

/// getSubJobInfo([jobId])
ROCKETMQ_EXPORT ConstantSP rocketmqGetSubJobInfo(Heap* heap, std::vector<ConstantSP>& arguments);

/// getSubJobQueues([jobId])
ROCKETMQ_EXPORT ConstantSP rocketmqGetSubJobQueues(Heap* heap, std::vector<ConstantSP>& arguments);

/// getSubJobErrors([jobId], [limit=100])
ROCKETMQ_EXPORT ConstantSP rocketmqGetSubJobErrors(Heap* heap, std::vector<ConstantSP>& arguments);

/// closeProducer(producer)
ROCKETMQ_EXPORT ConstantSP rocketmqCloseProducer(Heap* heap, std::vector<ConstantSP>& arguments);

/// getProducerStat()
ROCKETMQ_EXPORT ConstantSP rocketmqGetProducerStat(Heap* heap, std::vector<ConstantSP>& arguments);

/// readMessages(namesrvAddr, topic, [begin], [end], [readConfig])
ROCKETMQ_EXPORT ConstantSP rocketmqReadMessages(Heap* heap, std::vector<ConstantSP>& arguments);

/// getTopicQueues(namesrvAddr, topic, [clientConfig])
ROCKETMQ_EXPORT ConstantSP rocketmqGetTopicQueues(Heap* heap, std::vector<ConstantSP>& arguments);

/// getGroupProgress(namesrvAddr, groupName, topic, [clientConfig])
ROCKETMQ_EXPORT ConstantSP rocketmqGetGroupProgress(Heap* heap, std::vector<ConstantSP>& arguments);

/// createConsumer(namesrvAddr, groupName, topic, [subExpression="*"], [consumerConfig])
ROCKETMQ_EXPORT ConstantSP rocketmqCreateConsumer(Heap* heap, std::vector<ConstantSP>& arguments);

/// poll(consumer, [maxRows=1000], [timeout=1000])
ROCKETMQ_EXPORT ConstantSP rocketmqPoll(Heap* heap, std::vector<ConstantSP>& arguments);

/// commit(consumer)
ROCKETMQ_EXPORT ConstantSP rocketmqCommit(Heap* heap, std::vector<ConstantSP>& arguments);

/// rewind(consumer)
ROCKETMQ_EXPORT ConstantSP rocketmqRewind(Heap* heap, std::vector<ConstantSP>& arguments);

/// closeConsumer(consumer)
ROCKETMQ_EXPORT ConstantSP rocketmqCloseConsumer(Heap* heap, std::vector<ConstantSP>& arguments);
}
