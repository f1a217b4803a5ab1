#pragma once

#include <vector>

#include "plugin/sdk.h"

/// The functions that PluginRocketMQ.txt names, and the only symbols that the library exports.
/// Each checks its arguments, converts them and delegates. They throw IllegalArgumentException for what the
/// script gave wrongly, the usage first, and RuntimeException for everything else.
extern "C" {

#if ROCKETMQ_SDK_NAMESPACE
using ddb::ConstantSP;
using ddb::Heap;
#endif

/// createProducer(namesrvAddr, groupName, [producerConfig])
ConstantSP rocketmqCreateProducer(Heap* heap, std::vector<ConstantSP>& arguments);

/// send(producer, data, topic, [tag=""])
ConstantSP rocketmqSend(Heap* heap, std::vector<ConstantSP>& arguments);

/// createSubJob(namesrvAddr, groupName, topic, handler, [subExpression="*"], [consumerConfig])
ConstantSP rocketmqCreateSubJob(Heap* heap, std::vector<ConstantSP>& arguments);

/// cancelSubJob(jobId)
ConstantSP rocketmqCancelSubJob(Heap* heap, std::vector<ConstantSP>& arguments);

/// getSubJobStat()
ConstantSP rocketmqGetSubJobStat(Heap* heap, std::vector<ConstantSP>& arguments);
}
