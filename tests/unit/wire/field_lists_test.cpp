// What every request and reply promises that is made of a list of fields.

#include <gtest/gtest.h>

#include <string>

#include "bytes_of.h"
#include "field_samples.h"
#include "support/send_reply.h"
#include "wire/admin.h"
#include "wire/consume_stats.h"
#include "wire/consumer_status.h"
#include "wire/group.h"
#include "wire/heartbeat.h"
#include "wire/offsets.h"
#include "wire/pull.h"
#include "wire/reset_offset.h"
#include "wire/route.h"
#include "wire/send.h"
#include "wire/topic_stats.h"

namespace rocketmq::wire {
namespace {

template <class Message>
class HeaderFields : public testing::Test {
 protected:
  // What becomes of the message's header with a change.
  template <class Change>
  Errc decode_after(const Change& change) {
    Command command = message_.to_command();
    change(command.ext_fields);
    Message decoded;
    return decode_fields(command, decoded);
  }

  static std::vector<FieldKinds::Kind> kinds() {
    FieldKinds found;
    Message::visit_fields(std::as_const(empty_), found);
    return found.kinds;
  }

  static inline const Message empty_{};
  const Message message_ = sample<Message>();
};

using Headers =
    testing::Types<SendMessageRequest, SendMessageReply, PullMessageRequest, PullMessageReply,
                   QueryConsumerOffsetRequest, UpdateConsumerOffsetRequest, GetMaxOffsetRequest,
                   GetMinOffsetRequest, GetEarliestStoreTimeRequest, OffsetReply, TimestampReply,
                   ConsumerSendMsgBackRequest, GetConsumerListByGroupRequest,
                   GetConsumerConnectionListRequest, NotifyConsumerIdsChangedRequest, HeartbeatRequest,
                   UnregisterClientRequest, GetConsumerRunningInfoRequest, GetConsumerStatusRequest,
                   ResetOffsetRequest, GetConsumeStatsRequest, GetTopicStatsInfoRequest, GetRouteInfoRequest,
                   QueryMessageRequest, ViewMessageByIdRequest, QueryTopicConsumeByWhoRequest>;
TYPED_TEST_SUITE(HeaderFields, Headers);

TYPED_TEST(HeaderFields, ComeBackAsTheyWereFromBothForms) {
  for (const TypeParam& message : {this->message_, this->empty_}) {
    for (const SerializeType type : {SerializeType::json, SerializeType::binary}) {
      std::string header;
      const SerializeType written = append_header(header, message.to_command(), type);
      Command received;
      ASSERT_EQ(decode_header(as_bytes(header), written, received), Errc::ok);
      TypeParam decoded = this->message_;
      ASSERT_EQ(decode_fields(received, decoded), Errc::ok);
      EXPECT_EQ(decoded, message);
    }
  }
}

TYPED_TEST(HeaderFields, OnlyThoseThatAreRequiredMayNotBeMissing) {
  for (const FieldKinds::Kind& kind : this->kinds()) {
    ASSERT_NE(this->message_.to_command().ext_fields.find(kind.name), nullptr) << kind.name;
    EXPECT_EQ(this->decode_after([&](ExtFields& fields) { fields.remove(kind.name); }),
              kind.required ? Errc::missing_field : Errc::ok)
        << kind.name;
  }
}

TYPED_TEST(HeaderFields, AreBadIfTheyCannotBeRead) {
  for (const FieldKinds::Kind& kind : this->kinds()) {
    EXPECT_EQ(this->decode_after([&](ExtFields& fields) { fields.set(kind.name, "12x"); }),
              kind.number ? Errc::bad_field : Errc::ok)
        << kind.name;
    if (!kind.number) continue;
    EXPECT_EQ(this->decode_after([&](ExtFields& fields) { fields.set(kind.name, "9223372036854775808"); }),
              Errc::bad_field)
        << kind.name;
  }
}

// Sums of offsets are made later on. They must not leave the range of 64 bits.
TYPED_TEST(HeaderFields, HoldNoOffsetThatNoQueueHas) {
  for (const FieldKinds::Kind& kind : this->kinds()) {
    if (!kind.offset) continue;
    for (const std::int64_t offset : {INT64_MAX, INT64_MIN, max_queue_offset + 1, -max_queue_offset - 1}) {
      EXPECT_EQ(this->decode_after([&](ExtFields& fields) { fields.set(kind.name, offset); }),
                Errc::bad_field)
          << kind.name << " " << offset;
    }
    EXPECT_EQ(this->decode_after([&](ExtFields& fields) { fields.set(kind.name, -1); }), Errc::ok)
        << "a queue without messages has no first one";
  }
}

template <class Body>
class BodyFields : public testing::Test {
 protected:
  // Tells `check` what becomes of the body when each of its members in turn is damaged.
  template <class Check>
  void damage_each(DamagingWriter::Damage damage, const Check& check) {
    for (std::size_t damaged = 0, count = 1; damaged < count; ++damaged) {
      std::string text;
      JsonWriter writer(text);
      writer.begin_object();
      DamagingWriter fields(writer, damage, damaged);
      Body::visit_fields(body_, fields);
      writer.end_object();
      count = fields.count();
      Body decoded;
      check(fields, Body::decode_body(as_bytes(text), decoded));
    }
  }

  const Body body_ = sample<Body>();
};

using Bodies = testing::Types<ConsumerIdList, ConsumerConnection, HeartbeatData, CheckClientConfigRequest,
                              ConsumeStats, TopicStats, ResetOffsetBody, ConsumerStatusBody, TopicRouteData,
                              ClusterInfo, TopicList, GroupList, GroupConnections>;
TYPED_TEST_SUITE(BodyFields, Bodies);

TYPED_TEST(BodyFields, ComeBackAsTheyWere) {
  for (const TypeParam& body : {this->body_, TypeParam()}) {
    const std::string text = body.encode_body();
    TypeParam decoded = this->body_;
    ASSERT_EQ(TypeParam::decode_body(as_bytes(text), decoded), Errc::ok) << text;
    EXPECT_EQ(decoded, body) << text;
  }
}

TYPED_TEST(BodyFields, AreAnErrorIfTheyAreCutOffAnywhere) {
  const std::string text = this->body_.encode_body();
  for (std::size_t length = 0; length < text.size(); ++length) {
    const Bytes cut = exact(std::string_view(text).substr(0, length));
    TypeParam decoded;
    EXPECT_EQ(TypeParam::decode_body(cut, decoded), Errc::bad_json) << length;
  }
}

TYPED_TEST(BodyFields, OnlyThoseThatAreRequiredMayNotBeMissing) {
  this->damage_each(DamagingWriter::Damage::leave_out, [](const DamagingWriter& writer, Errc error) {
    EXPECT_EQ(error, writer.is_required() ? Errc::missing_field : Errc::ok) << writer.name();
  });
}

TYPED_TEST(BodyFields, AreBadIfTheyAreOfAnotherType) {
  this->damage_each(DamagingWriter::Damage::other_type, [](const DamagingWriter& writer, Errc error) {
    EXPECT_TRUE(error == Errc::bad_field || error == Errc::missing_field) << writer.name();
  });
}

}  // namespace
}  // namespace rocketmq::wire
