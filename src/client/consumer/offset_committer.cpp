#include "client/consumer/offset_committer.h"

#include <string>
#include <utility>

namespace rocketmq::client {

OffsetCommitter::OffsetCommitter(ConsumerContext& context, AssignedQueuePtr queue)
    : context_(context),
      queue_(std::move(queue)),
      // The queues of a broker are not all looked after in the same moment.
      look_in_(commits_between_looks + queue_->queue.queue_id % commits_between_looks) {}

void OffsetCommitter::begin(std::int64_t stored_offset) {
  begun_ = true;
  tracker_.set_committed(stored_offset);
}

void OffsetCommitter::restart() {
  begun_ = true;
  tracker_.reset();
}

void OffsetCommitter::store_again() {
  look_in_ = 1;
  const auto stored = tracker_.committed();
  if (looking_ || dropped_ || !begun_ || !stored) return;
  looking_ = true;
  context_.store->load(queue_->queue, [self = shared_from_this(), stored](
                                          const Failure& failure, std::optional<std::int64_t> offset) {
    self->looking_ = false;
    if (failure.failed()) {
      self->context_.warn(self->limiter_, self->queue_->queue,
                          "asking what is stored: " + to_string(failure));
      return;
    }
    self->look_in_ = commits_between_looks;
    // If another member went further meanwhile, it has the queue.
    if ((offset && *offset >= *stored) || self->tracker_.committed() != stored) return;
    self->tracker_.reset();
  });
}

void OffsetCommitter::commit(std::function<void()> done) {
  if (!begun_) {
    done();
    return;
  }
  if (tracker_.in_flight()) {
    waiting_.push_back(std::move(done));
    return;
  }
  if (!context_.store->is_up_to_date(queue_->queue)) tracker_.reset();
  const auto offset = tracker_.begin(context_.queues->commit_offset(queue_));
  if (!offset) {
    if (--look_in_ <= 0) store_again();
    done();
    return;
  }
  look_in_ = commits_between_looks;
  context_.store->store(
      queue_->queue, *offset,
      [self = shared_from_this(), offset = *offset, done = std::move(done)](const Failure& failure) {
        self->tracker_.stored(!failure.failed());
        if (failure.failed()) {
          self->context_.warn(self->limiter_, self->queue_->queue,
                              "offset " + std::to_string(offset) + ": " + to_string(failure));
        }
        done();
        for (auto& waiting : std::exchange(self->waiting_, {})) {
          if (self->dropped_) {
            self->commit_after_drop(std::move(waiting));
          } else {
            self->commit(std::move(waiting));
          }
        }
      });
}

void OffsetCommitter::commit_after_drop(std::function<void()> done) {
  dropped_ = true;
  if (!begun_) {
    done();
    return;
  }
  if (tracker_.in_flight()) {
    waiting_.push_back(std::move(done));
    return;
  }
  context_.store->load(queue_->queue,
                       [self = shared_from_this(), done = std::move(done)](
                           const Failure& failure, std::optional<std::int64_t> offset) mutable {
                         // The new owner may have gone further already; a commit would take it back.
                         if (failure.failed() || (offset && self->tracker_.committed() != offset)) {
                           done();
                           return;
                         }
                         self->commit(std::move(done));
                       });
}

}  // namespace rocketmq::client
