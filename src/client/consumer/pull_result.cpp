#include "client/consumer/pull_result.h"

#include <utility>

#include "client/core/access_refusal.h"
#include "client/core/client_core.h"
#include "client/core/topic_route.h"
#include "wire/pull.h"
#include "wire/response_code.h"
#include "wire/stored_message.h"

namespace rocketmq::client {

namespace {

using wire::ResponseCode;

PullOutcome::Kind kind_of_refusal(std::int32_t code) {
  if (code == ResponseCode::subscription_not_exist || code == ResponseCode::subscription_not_latest ||
      code == ResponseCode::filter_data_not_exist || code == ResponseCode::filter_data_not_latest) {
    return PullOutcome::Kind::not_subscribed;
  }
  if (code == ResponseCode::not_leader_for_queue || code == ResponseCode::topic_not_exist ||
      code == ResponseCode::service_not_available || code == ResponseCode::go_away) {
    return PullOutcome::Kind::moved_away;
  }
  return PullOutcome::Kind::refused;
}

void read_found(const wire::ReceivedCommand& reply, const wire::PullMessageReply& fields, std::int64_t offset,
                bool asked_before, PullResult& result) {
  wire::MessageScan scan;
  const Errc error = wire::scan_stored_messages(reply.body.view, scan);
  Segment& segment = result.segment;
  segment.begin = offset;
  segment.next_begin = fields.next_begin_offset;
  segment.body = reply.body;
  segment.messages = scan.messages;
  segment.pulled_again = asked_before;
  segment.offset_delta = fields.offset_delta;
  if (scan.messages > 0) result.first_found = scan.first_queue_offset + fields.offset_delta;
  result.store_time_ms = scan.last_store_timestamp;
  result.has_segment = true;
  result.outcome.kind = PullOutcome::Kind::received;

  if (error != Errc::ok) {
    result.problem = "a reply of " + std::to_string(reply.body.view.size()) + " bytes for offset " +
                     std::to_string(offset) + " cannot be read after " + std::to_string(scan.usable_bytes) +
                     " bytes (" + describe(error) + ")";
    if (!asked_before) {
      result.problem += "; it is pulled once more";
      result.has_segment = false;
      result.outcome.kind = PullOutcome::Kind::unreadable;
      return;
    }
    // What can be read is taken; if there is nothing, one offset is given up, so that no more is lost than
    // must be.
    const std::int64_t last = scan.last_queue_offset + fields.offset_delta;
    const bool usable = scan.messages > 0 && last >= offset;
    segment.next_begin = usable ? last + 1 : offset + 1;
    segment.body.view = reply.body.view.first(usable ? scan.usable_bytes : 0);
    if (!usable) {
      segment.messages = 0;
      result.given_up = 1;
      result.problem += " for the second time; this offset is skipped, the broker keeps what it stored there";
    }
  } else if (scan.messages == 0 && !reply.body.view.empty()) {
    segment.messages = 1;  // Records of an unknown kind: the poller finds out what they are, and says so.
  }
  result.outcome.next_begin = segment.next_begin;
}

/// Whether an answer without messages tells more of the slave that gave it than of the queue.
bool lacks_offset(std::int32_t code, const wire::PullMessageReply& fields, std::int64_t offset) {
  if (code == ResponseCode::success || fields.next_begin_offset == offset) return false;
  return code == ResponseCode::pull_offset_moved || fields.next_begin_offset < offset ||
         offset < fields.min_offset || fields.next_begin_offset > fields.max_offset;
}

/// What somebody has to do if a pull is refused with this code; empty if that may pass by itself.
const char* remedy_for(std::int32_t code) {
  if (code == ResponseCode::no_permission) {
    return "; allow the topic to be read (mqadmin updateTopicPerm -p 6) and the group to consume (mqadmin "
           "updateSubGroup -s true)";
  }
  if (code == ResponseCode::subscription_group_not_exist)
    return "; create the group (mqadmin updateSubGroup)";
  if (code == ResponseCode::subscription_parse_failed) return "; correct subExpression";
  return "";
}

}  // namespace

PullResult read_pull_reply(const wire::ReceivedCommand& reply, std::int64_t offset, bool asked_before,
                           bool from_slave) {
  PullResult result;
  const std::int32_t code = reply.header.code;
  if (!wire::is_pull_result(code)) {
    result.outcome.kind = kind_of_refusal(code);
    result.topic_missing = code == ResponseCode::topic_not_exist;
    return result;
  }
  wire::PullMessageReply fields;
  const Errc error = wire::PullMessageReply::decode(reply.header, fields);
  if (error != Errc::ok) {
    result.problem = std::string("the reply's fields cannot be read (") + describe(error) + ")";
    return result;
  }
  if (from_slave && lacks_offset(code, fields, offset)) {
    result.outcome.kind = PullOutcome::Kind::moved_away;
    result.problem = "a slave has the offsets from " + std::to_string(fields.min_offset) + " to " +
                     std::to_string(fields.max_offset) + " and not " + std::to_string(offset) +
                     ", so the master is asked, or waited for if it is down";
    return result;
  }
  result.suggested_broker_id = fields.suggest_which_broker_id;
  result.has_bounds = true;
  result.min_offset = fields.min_offset;
  result.max_offset = fields.max_offset;
  result.outcome.next_begin = fields.next_begin_offset;
  if (code == ResponseCode::success) {
    read_found(reply, fields, offset, asked_before, result);
  } else if (code == ResponseCode::pull_offset_moved) {
    result.outcome.kind = PullOutcome::Kind::offset_moved;
    result.deleted = offset < fields.min_offset && fields.next_begin_offset == fields.min_offset;
  } else {
    result.outcome.kind = code == ResponseCode::pull_not_found ? PullOutcome::Kind::nothing_new
                                                               : PullOutcome::Kind::nothing_passed;
    if (fields.next_begin_offset > offset) {
      result.has_segment = true;
      result.segment.begin = offset;
      result.segment.next_begin = fields.next_begin_offset;
    }
  }
  if (result.has_segment && result.segment.next_begin <= offset) {
    result.has_segment = false;
    result.problem = "the broker's next offset " + std::to_string(result.segment.next_begin) +
                     " is not after the pulled offset " + std::to_string(offset);
  }
  return result;
}

PullResult read_pull_answer(const PullAnswer& answer, std::int64_t offset, bool asked_before) {
  PullResult result;
  if (answer.transport.code == Errc::frame_too_large) {
    result.outcome.kind = PullOutcome::Kind::too_large;
    result.problem = to_string(answer.transport);
    wire::PullMessageReply fields;
    if (wire::PullMessageReply::decode(answer.reply.header, fields) == Errc::ok)
      result.span = fields.next_begin_offset - offset;
  } else if (answer.transport.failed()) {
    result.outcome.kind = PullOutcome::Kind::moved_away;
    result.problem = to_string(answer.transport);
  } else {
    const bool from_slave = answer.broker_id != master_id;
    result = read_pull_reply(answer.reply, offset, asked_before, from_slave);
    if (from_slave) result.topic_missing = false;  // It may be too young for the slave.
    if (result.outcome.is_refusal() && result.problem.empty()) {
      const Failure failure = failure_of(answer.transport, answer.reply, answer.address, "a pull");
      const bool access = is_access_refusal(failure);
      const std::string remedy = access ? "" : remedy_for(answer.reply.header.code);
      result.problem = to_string(failure) + remedy;
      result.lasting = access || !remedy.empty();
    }
  }
  result.outcome.took = answer.took;
  result.outcome.messages = result.segment.messages;
  result.outcome.bytes = result.segment.bytes();
  return result;
}

void begin_at_first(PullResult& result) {
  result.outcome.kind = PullOutcome::Kind::offset_moved;
  result.outcome.next_begin = result.min_offset;
  result.deleted = false;
  result.has_segment = false;
  result.problem = "the queue was deleted and recreated, so it is received from its first message";
}

std::string describe_move(std::int64_t from, std::int64_t to) {
  return "the broker moved it from offset " + std::to_string(from) + " to " + std::to_string(to) +
         ", because it has no such offset or the group was reset";
}

// Deleted by age, lost with a disk, or compacted away: the queue tells nothing of it.
std::string describe_gap(std::int64_t from, std::int64_t to) {
  return "goes on from offset " + std::to_string(from) + " to " + std::to_string(to) +
         ": the broker no longer has the messages in between";
}

std::string describe_too_large(std::int64_t offset, const std::string& problem) {
  return "the message at offset " + std::to_string(offset) + " cannot be received: " + problem +
         ". It holds up its queue until it is gone, or until the group is moved past it (mqadmin "
         "resetOffsetByTime, or skipAccumulatedMessage if all may be skipped). Keep such messages out with "
         "maxMessageSize at the brokers";
}

}  // namespace rocketmq::client
