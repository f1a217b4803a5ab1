#include "wire/frame.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <set>
#include <thread>

#include "bytes_of.h"

namespace rocketmq::wire {
namespace {

std::string frame(std::int32_t opaque, std::string_view body, SerializeType type = SerializeType::json) {
  Command command;
  command.code = 11;
  command.opaque = opaque;
  std::string out;
  append_frame_head(out, command, type, body.size());
  out += body;
  return out;
}

// Feeds `bytes` in pieces of at most `piece` and collects the commands.
Errc feed(FrameSplitter& splitter, std::string_view bytes, std::size_t piece,
          std::vector<ReceivedCommand>& out) {
  while (!bytes.empty()) {
    const auto room = splitter.prepare();
    EXPECT_FALSE(room.empty());
    const std::size_t count = std::min({bytes.size(), room.size(), piece});
    std::memcpy(room.data(), bytes.data(), count);
    splitter.commit(count);
    bytes.remove_prefix(count);
    for (bool found = true; found;) {
      ReceivedCommand command;
      if (const Errc error = splitter.next(command, found); error != Errc::ok) return error;
      if (found) out.push_back(std::move(command));
    }
  }
  return Errc::ok;
}

std::string body_of(std::size_t size, unsigned seed) {
  std::string body(size, '\0');
  for (std::size_t i = 0; i < size; ++i)
    body[i] = static_cast<char>((i * 31 + seed) & 0xFF);
  return body;
}

TEST(Frame, HeadHasTheDocumentedLayout) {
  Command command;
  command.code = 0;
  command.opaque = 1;
  std::string out;
  append_frame_head(out, command, SerializeType::binary, 5);
  // 4 header word + 21 header + 5 body = 30; type 1 and length 21 in the header word.
  EXPECT_EQ(out, from_hex({"0000001E 01000015", "0000 01 01DF 00000001 00000000 00000000 00000000"}));
}

TEST(FrameSplitter, CutsAtWhateverPlaceTheStreamIsSplit) {
  std::string stream;
  for (int i = 0; i < 5; ++i) {
    stream += frame(i, body_of(static_cast<std::size_t>(i) * 13, static_cast<unsigned>(i)),
                    i % 2 == 0 ? SerializeType::json : SerializeType::binary);
  }
  for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
    FrameSplitter splitter;
    std::vector<ReceivedCommand> commands;
    ASSERT_EQ(feed(splitter, stream, piece, commands), Errc::ok);
    ASSERT_EQ(commands.size(), 5U);
    for (int i = 0; i < 5; ++i) {
      const ReceivedCommand& command = commands[static_cast<std::size_t>(i)];
      EXPECT_EQ(command.header.opaque, i);
      EXPECT_EQ(as_text(command.body.view),
                body_of(static_cast<std::size_t>(i) * 13, static_cast<unsigned>(i)));
    }
  }
}

TEST(FrameSplitter, BodiesStayValidWhateverComesAfter) {
  // Sizes on both sides of every threshold: copied, shared buffer, buffer of its own.
  const std::size_t sizes[] = {0,      1,      100,     8'192,   8'193,   16'384,    20'000,
                               32'768, 40'000, 262'144, 300'000, 1 << 20, 3'000'000, 5};
  for (const std::size_t piece : {std::size_t{1'448}, std::size_t{65'536}, std::size_t{1} << 24}) {
    FrameSplitter splitter;
    std::vector<ReceivedCommand> commands;
    std::string stream;
    for (int round = 0; round < 3; ++round) {
      for (const std::size_t size : sizes) {
        const auto number = static_cast<unsigned>(commands.size());
        const std::string bytes = frame(static_cast<int>(number), body_of(size, number));
        stream = bytes;
        ASSERT_EQ(feed(splitter, stream, piece, commands), Errc::ok);
      }
    }
    ASSERT_EQ(commands.size(), 3 * std::size(sizes));
    for (std::size_t i = 0; i < commands.size(); ++i) {
      EXPECT_EQ(as_text(commands[i].body.view),
                body_of(sizes[i % std::size(sizes)], static_cast<unsigned>(i)));
    }
  }
}

TEST(FrameSplitter, ManyFramesInOneReadAllComeOut) {
  std::string stream;
  for (int i = 0; i < 2'000; ++i)
    stream += frame(i, body_of(50, static_cast<unsigned>(i)));
  FrameSplitter splitter;
  std::vector<ReceivedCommand> commands;
  ASSERT_EQ(feed(splitter, stream, SIZE_MAX, commands), Errc::ok);
  ASSERT_EQ(commands.size(), 2'000U);
  EXPECT_EQ(commands.back().header.opaque, 1'999);
}

TEST(FrameSplitter, ALargeBodyIsReceivedInPlace) {
  const std::string bytes = frame(1, body_of(1 << 20, 1));
  FrameSplitter splitter;
  auto room = splitter.prepare();
  std::memcpy(room.data(), bytes.data(), 1'000);
  splitter.commit(1'000);
  ReceivedCommand command;
  bool found = true;
  ASSERT_EQ(splitter.next(command, found), Errc::ok);
  EXPECT_FALSE(found);
  room = splitter.prepare();
  ASSERT_EQ(room.size(), bytes.size() - 1'000);
  std::memcpy(room.data(), bytes.data() + 1'000, room.size() - 3);
  splitter.commit(room.size() - 3);
  ASSERT_EQ(splitter.next(command, found), Errc::ok);
  const auto tail = splitter.prepare();
  ASSERT_EQ(tail.size(), 3U);
  EXPECT_EQ(tail.data(), room.data() + room.size() - 3);  // Not moved for its last bytes either.
  std::memcpy(tail.data(), bytes.data() + bytes.size() - 3, 3);
  splitter.commit(3);
  ASSERT_EQ(splitter.next(command, found), Errc::ok);
  ASSERT_TRUE(found);
  EXPECT_EQ(command.body.view.data() + command.body.view.size(), tail.data() + 3);
}

TEST(FrameSplitter, AKeptSmallBodyDoesNotKeepTheBuffer) {
  FrameSplitter splitter;
  std::vector<ReceivedCommand> commands;
  ASSERT_EQ(feed(splitter, frame(1, body_of(200, 1)), SIZE_MAX, commands), Errc::ok);
  EXPECT_EQ(commands[0].body.storage.use_count(), 1);
}

TEST(FrameSplitter, OnABusyConnectionLargeBodiesStayWhereTheyCameAndSmallOnesKeepNoBuffer) {
  FrameSplitter splitter;
  std::vector<ReceivedCommand> commands;
  std::string stream;
  for (int i = 0; i < 20; ++i)
    stream += frame(i, body_of(i % 2 == 0 ? 36'000 : 20'000, 1));
  ASSERT_EQ(feed(splitter, stream, SIZE_MAX, commands), Errc::ok);
  EXPECT_GT(commands[10].body.storage.use_count(), 1);  // In the buffer of others.
  for (std::size_t i = 11; i < commands.size(); i += 2) {
    EXPECT_EQ(commands[i].body.storage.use_count(), 1) << i;
    EXPECT_EQ(as_text(commands[i].body.view), body_of(20'000, 1));
    EXPECT_EQ(as_text(commands[i - 1].body.view), body_of(36'000, 1));
  }
}

TEST(FrameSplitter, BodiesThatAreKeptForLongKeepAFewBuffersOnly) {
  FrameSplitter splitter;
  std::vector<ReceivedCommand> kept;
  const std::string one = frame(1, body_of(36'000, 1));
  constexpr std::size_t in_a_buffer = FrameSplitter::busy_buffer_bytes / 36'000;
  for (std::size_t i = 0; i < (FrameSplitter::max_kept_buffers + 4) * in_a_buffer; ++i)
    ASSERT_EQ(feed(splitter, one, SIZE_MAX, kept), Errc::ok);
  std::set<const void*> buffers;
  for (const ReceivedCommand& command : kept) {
    if (command.body.storage.use_count() > 1) buffers.insert(command.body.storage.get());
    EXPECT_EQ(as_text(command.body.view), body_of(36'000, 1));
  }
  EXPECT_EQ(buffers.size(), FrameSplitter::max_kept_buffers);
  EXPECT_EQ(kept.back().body.storage.use_count(), 1) << "copied out";
  kept.clear();
  for (std::size_t i = 0; i < 2 * in_a_buffer; ++i)
    ASSERT_EQ(feed(splitter, one, SIZE_MAX, kept), Errc::ok);
  EXPECT_GT(kept.back().body.storage.use_count(), 1) << "there is room again";
}

TEST(FrameSplitter, ABodyBehindAHeaderOfAbsurdLengthDoesNotKeepIt) {
  Command command;
  command.code = 11;
  command.ext_fields.set("absurd", std::string(200'000, 'x'));
  const std::string body = body_of(40'000, 1);
  std::string bytes;
  append_frame_head(bytes, command, SerializeType::json, body.size());
  bytes += body;
  FrameSplitter splitter;
  std::vector<ReceivedCommand> commands;
  ASSERT_EQ(feed(splitter, bytes, 20'000, commands), Errc::ok);
  ASSERT_EQ(commands.size(), 1U);
  EXPECT_EQ(commands[0].body.storage.use_count(), 1);
  EXPECT_EQ(as_text(commands[0].body.view), body);
}

TEST(FrameSplitter, ReadsAreLargeWhileMuchComesAndTheBufferIsSmallAgainAfterwards) {
  FrameSplitter splitter;
  std::vector<ReceivedCommand> commands;
  EXPECT_EQ(splitter.prepare().size(), FrameSplitter::shared_buffer_bytes);
  std::string stream;
  for (int i = 0; i < 2'000; ++i)
    stream += frame(i, body_of(50, 1));
  ASSERT_EQ(feed(splitter, stream, SIZE_MAX, commands), Errc::ok);
  EXPECT_EQ(splitter.prepare().size(), FrameSplitter::busy_buffer_bytes);
  for (int i = 0; i < 10; ++i)
    ASSERT_EQ(feed(splitter, frame(i, body_of(50, 1)), SIZE_MAX, commands), Errc::ok);
  EXPECT_EQ(splitter.prepare().size(), FrameSplitter::shared_buffer_bytes);
}

TEST(FrameSplitter, BodiesMayBeReadWhileTheNextOnesArrive) {
  FrameSplitter splitter;
  std::vector<std::thread> readers;
  for (unsigned i = 0; i < 20; ++i) {
    std::vector<ReceivedCommand> commands;
    ASSERT_EQ(feed(splitter, frame(1, body_of(9'000, i)), 4'096, commands), Errc::ok);
    ASSERT_EQ(commands.size(), 1U);
    readers.emplace_back(
        [body = std::move(commands[0].body), i] { EXPECT_EQ(as_text(body.view), body_of(9'000, i)); });
  }
  for (std::thread& reader : readers)
    reader.join();
}

TEST(FrameSplitter, BadFramesAreNamed) {
  const struct {
    const char* bytes;
    Errc expected;
  } cases[] = {
      {"00000000", Errc::bad_frame},                         // no header word
      {"00000003", Errc::bad_frame},                         // shorter than the header word
      {"80000000", Errc::frame_too_large},                   // negative
      {"FFFFFFFF", Errc::frame_too_large},                   // negative
      {"01000001 00002000", Errc::frame_too_large},          // above the limit, and its header is no header
      {"01000001 02000002", Errc::bad_serialize_type},       // above the limit and of an unknown type
      {"01000001 00000002 7B7B", Errc::bad_json},            // above the limit and no JSON
      {"00000005 00000002 7B", Errc::bad_frame},             // header longer than the frame
      {"00000006 02000002 7B7D", Errc::bad_serialize_type},  // unknown type
      {"00000006 FF000002 7B7D", Errc::bad_serialize_type},  // unknown type
      {"00000006 00000002 7B7B", Errc::bad_json},            // no JSON
      {"00000006 00000002 7B7D", Errc::bad_header},          // JSON without a code
      {"00000006 01000002 0000", Errc::truncated},           // half a binary header
      {"00000004 00000000", Errc::bad_json},                 // no header at all
  };
  for (const auto& c : cases) {
    FrameSplitter splitter;
    std::vector<ReceivedCommand> commands;
    EXPECT_EQ(feed(splitter, from_hex({c.bytes}), SIZE_MAX, commands), c.expected) << c.bytes;
  }
}

TEST(FrameSplitter, OfAFrameAboveTheLimitTheHeaderIsGivenAtOnceAndTheBodySkippedWhateverTheReads) {
  const std::string stream = frame(1, body_of(800, 1)) + frame(2, body_of(1'000, 2)) +
                             frame(3, body_of(900'000, 3)) +
                             frame(4, body_of(100'000, 4), SerializeType::binary) + frame(5, body_of(800, 5));
  for (const std::size_t piece : {std::size_t{7}, std::size_t{1'448}, std::size_t{100'000}, SIZE_MAX}) {
    FrameSplitter splitter(1'000);
    std::vector<ReceivedCommand> commands;
    ASSERT_EQ(feed(splitter, stream, piece, commands), Errc::ok);
    ASSERT_EQ(commands.size(), 5U) << piece;
    const std::size_t skipped[] = {0, 1'000, 900'000, 100'000, 0};
    for (std::size_t i = 0; i < commands.size(); ++i) {
      EXPECT_EQ(commands[i].header.opaque, static_cast<std::int32_t>(i + 1));
      EXPECT_EQ(commands[i].skipped_bytes, skipped[i]);
      EXPECT_EQ(commands[i].body.view.size(), skipped[i] == 0 ? 800U : 0U);
    }
    EXPECT_EQ(as_text(commands[4].body.view), body_of(800, 5));
  }
}

TEST(FrameSplitter, ASkippedBodyTakesNoMemoryAndItsHeaderIsThereBeforeIt) {
  FrameSplitter splitter;
  std::string head;
  Command command;
  command.opaque = 9;
  append_frame_head(head, command, SerializeType::json, std::size_t{200} << 20);
  std::vector<ReceivedCommand> commands;
  ASSERT_EQ(feed(splitter, head, SIZE_MAX, commands), Errc::ok);
  ASSERT_EQ(commands.size(), 1U);
  EXPECT_EQ(commands[0].skipped_bytes, std::size_t{200} << 20);
  for (std::size_t left = commands[0].skipped_bytes; left > 0;) {
    const auto room = splitter.prepare();
    ASSERT_FALSE(room.empty());
    ASSERT_LE(room.size(), FrameSplitter::busy_buffer_bytes);
    const std::size_t count = std::min(left, room.size());
    splitter.commit(count);
    left -= count;
    bool found = true;
    ReceivedCommand none;
    ASSERT_EQ(splitter.next(none, found), Errc::ok);
    ASSERT_FALSE(found);
  }
  ASSERT_EQ(feed(splitter, frame(10, body_of(100, 1)), SIZE_MAX, commands), Errc::ok);
  ASSERT_EQ(commands.size(), 2U);
  EXPECT_EQ(commands[1].header.opaque, 10);
}

TEST(FrameSplitter, AnUnusedSplitterTakesNoBuffer) {
  FrameSplitter splitter;
  ReceivedCommand command;
  bool found = true;
  EXPECT_EQ(splitter.next(command, found), Errc::ok);
  EXPECT_FALSE(found);
  splitter.commit(5);
  EXPECT_EQ(splitter.next(command, found), Errc::ok);
}

}  // namespace
}  // namespace rocketmq::wire
