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

/// send(producer, data, topic, [tag=""])
ROCKETMQ_EXPORT ConstantSP rocketmqSend(Heap* heap, std::vector<ConstantSP>& arguments);

/// createSubJob(namesrvAddr, groupName, topic, handler, [subExpression="*"], [consumerConfig])
ROCKETMQ_EXPORT ConstantSP rocketmqCreateSubJob(Heap* heap, std::vector<ConstantSP>& arguments);

/// cancelSubJob(jobId)
ROCKETMQ_EXPORT ConstantSP rocketmqCancelSubJob(Heap* heap, std::vector<ConstantSP>& arguments);

/// getSubJobStat()
ROCKETMQ_EXPORT ConstantSP rocketmqGetSubJobStat(Heap* heap, std::vector<ConstantSP>& arguments);
}
