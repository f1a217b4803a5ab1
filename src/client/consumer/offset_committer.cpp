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
  committed_ = stored_offset;
}

void OffsetCommitter::restart() {
  begun_ = true;
  forget_committed();
}

// The next commit stores whatever is done.
void OffsetCommitter::forget_committed() noexcept {
  committed_.reset();
  forgotten_ = storing_;
}

void OffsetCommitter::store_again() {
  look_in_ = 1;
  const auto stored = committed_;
  if (looking_ || dropped_ || !begun_ || !stored) return;
  looking_ = true;
  context_.store->load(queue_->queue, [self = shared_from_this(), stored](
                                          const Failure& failure, std::optional<std::int64_t> offset) {
    self->looking_ = false;
    if (failure.code == Errc::closed) return;
    if (failure.failed()) {
      self->context_.warn(self->limiter_, self->queue_->queue,
                          "asking what is stored: " + to_string(failure));
      return;
    }
    self->look_in_ = commits_between_looks;
    // If another member went further meanwhile, it has the queue.
    if ((offset && *offset >= *stored) || self->committed_ != stored) return;
    self->forget_committed();
  });
}

void OffsetCommitter::commit(std::function<void()> done) {
  if (!begun_) {
    done();
    return;
  }
  if (storing_) {
    waiting_.push_back(std::move(done));
    return;
  }
  if (!context_.store->is_up_to_date(queue_->queue)) forget_committed();
  const std::int64_t offset = context_.queues->commit_offset(queue_);
  if (committed_ && offset <= *committed_) {
    if (--look_in_ <= 0) store_again();
    done();
    return;
  }
  look_in_ = commits_between_looks;
  storing_ = true;
  context_.store->store(queue_->queue, offset,
                        [self = shared_from_this(), offset, done = std::move(done)](const Failure& failure) {
                          self->on_stored(offset, failure);
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

void OffsetCommitter::on_stored(std::int64_t offset, const Failure& failure) {
  storing_ = false;
  const bool forgotten = std::exchange(forgotten_, false);
  failure_ = failure;
  if (failure.failed()) {
    context_.warn(failure.server ? limiter_ : context_.broker_limiters[queue_->queue.broker_name],
                  queue_->queue, "offset " + std::to_string(offset) + ": " + to_string(failure));
  } else if (!forgotten) {
    committed_ = offset;
  }
}

void OffsetCommitter::commit_after_drop(std::function<void()> done) {
  dropped_ = true;
  if (!begun_) {
    done();
    return;
  }
  if (storing_) {
    waiting_.push_back(std::move(done));
    return;
  }
  context_.store->load(queue_->queue,
                       [self = shared_from_this(), done = std::move(done)](
                           const Failure& failure, std::optional<std::int64_t> offset) mutable {
                         // The new owner may have gone further already; a commit would take it back.
                         if (failure.failed() || (offset && self->committed_ != offset)) {
                           done();
                           return;
                         }
                         self->commit(std::move(done));
                       });
}

}  // namespace rocketmq::client
