#include "plugin/job_report.h"

#include <memory>
#include <utility>

namespace rocketmq::plugin {

JobReport report_on(const Job& job) {
  JobFacts facts;
  facts.ended = job.ended();
  facts.paused = job.paused();
  if (const std::shared_ptr<Consumer> consumer = job.consumer()) facts.consumer = consumer->status();
  facts.activity = job.stat().activity();
  facts.now_ms = Util::getNanoEpochTime() / nanos_per_ms;
  JobReport report{job.id(), job.description(), job.client_id(), job.stat().snapshot(), {},
                   {},       facts.paused,      job_state(facts)};
  report.activity = std::move(facts.activity);
  report.consumer = std::move(facts.consumer);
  return report;
}

}  // namespace rocketmq::plugin
