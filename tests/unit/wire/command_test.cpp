#include "wire/command.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "bytes_of.h"

namespace rocketmq::wire {
namespace {

Command sample() {
  Command command;
  command.code = 310;
  command.opaque = 7;
  command.flag = Command::one_way_flag;
  command.remark = "r";
  command.ext_fields.set("a", "group");
  command.ext_fields.set("e", 3);
  command.ext_fields.set("m", true);
  return command;
}

TEST(Command, JsonHeaderIsWhatABrokerReads) {
  std::string out;
  EXPECT_EQ(append_header(out, sample(), SerializeType::json), SerializeType::json);
  EXPECT_EQ(out, R"({"code":310,"language":"CPP","version":479,"opaque":7,"flag":2,"remark":"r",)"
                 R"("extFields":{"a":"group","e":"3","m":"true"},"serializeTypeCurrentRPC":"JSON"})");
}

// 0136 code 310 | 01 CPP | 01DF version 479 | 00000007 opaque | 00000002 flag | 00000001 'r' |
// ext map of 33 bytes: (i16 length + key, i32 length + value) three times.
const std::string& binary_golden() {
  static const std::string bytes =
      from_hex({"0136 01 01DF 00000007 00000002 00000001 72", "0000001F", "0001 61 00000005 67726F7570",
                "0001 65 00000001 33", "0001 6D 00000004 74727565"});
  return bytes;
}

TEST(Command, BinaryHeaderHasTheDocumentedLayout) {
  std::string out;
  EXPECT_EQ(append_header(out, sample(), SerializeType::binary), SerializeType::binary);
  EXPECT_EQ(out, binary_golden());
}

TEST(Command, BothFormsComeBackAsTheyWere) {
  for (const SerializeType type : {SerializeType::json, SerializeType::binary}) {
    Command command = sample();
    command.remark = "caf\xC3\xA9 \"q\" \\ \x01\x02 \n";
    command.ext_fields.set("i", std::string_view("KEYS\x01k\x02TAGS\x01t\x02"));
    command.ext_fields.set("empty", "");
    std::string out;
    ASSERT_EQ(append_header(out, command, type), type);
    Command decoded;
    ASSERT_EQ(decode_header(as_bytes(out), type, decoded), Errc::ok);
    EXPECT_EQ(decoded, command);
  }
}

TEST(Command, CodesAboveTheBinaryRangeAreSentAsJson) {
  Command command = sample();
  command.code = 200'050;
  std::string out;
  EXPECT_EQ(append_header(out, command, SerializeType::binary), SerializeType::json);
  Command decoded;
  ASSERT_EQ(decode_header(as_bytes(out), SerializeType::json, decoded), Errc::ok);
  EXPECT_EQ(decoded, command);
}

// A blank before it is all it takes to leave the quick way of reading for the lenient one.
TEST(Command, HeadersOfEveryFormAreReadTheSameWayQuicklyAndLeniently) {
  const std::vector<std::string> texts = {
      R"({"code":0,"extFields":{"queueId":"1","msgId":"7F00","TRACE_ON":"true"},"flag":1,"language":"JAVA",)"
      R"("opaque":196819924,"serializeTypeCurrentRPC":"JSON","version":513})",
      R"({"code":0,"extFields":{},"flag":1,"language":"GO","opaque":-1,"suspended":false,"version":513})",
      R"({"code":17,"remark":"No topic route info of 'caf\u00e9'","flag":1})",
      R"({"code":17,"remark":"plain","flag":1,"language":"COBOL"})",
      R"({"code":1,"code":2})",
      R"({"code":1,"extFields":{"a":"1","a":"2"},"extFields":{"b":"3"}})",
      R"({"code":1,"extFields":null,"remark":null})",
      R"({"code":1,"extFields":{"a":1,"b":true,"c":null}})",
      R"({"code":1,"extFields":{"a":"1",}})",
      R"({"code":1,"extFields":{"a":{"b":"c"}}})",
      R"({"code":"310","flag":"1"})",
      R"({"code":1.0})",
      R"({"code":1e3})",
      R"({"code":007})",
      R"({"code":2147483648})",
      R"({"code":1,"new":[1,2]})",
      R"({"code":1,"language":4})",
      R"({"flag":1})",
      R"({"code":1)",
      R"({"code":1,"remark":"open)",
      R"({"code":1}})",
      R"({"code":1,"suspended":true,"suspended":1})",
      R"({'code':1,language:"JAVA"})",
      "{\"code\":1,\"remark\":\"\x01\xff\"}",
      "{}",
      "",
  };
  for (const std::string& text : texts) {
    SCOPED_TRACE(text);
    const std::string blank = " " + text;
    Command quickly;
    Command leniently;
    const Errc quick_error = decode_header(as_bytes(text), SerializeType::json, quickly);
    ASSERT_EQ(quick_error, decode_header(as_bytes(blank), SerializeType::json, leniently));
    if (quick_error == Errc::ok) {
      EXPECT_EQ(quickly, leniently);
    }
  }
}

TEST(Command, ReadsTheHeaderOfAJavaBroker) {
  const std::string text =
      R"({"code":0,"extFields":{"queueId":"0","TRACE_ON":"true","n":5,"b":false,"x":null},"flag":1,)"
      R"("language":"JAVA","opaque":42,"serializeTypeCurrentRPC":"JSON","suspended":false,"version":479})";
  Command command;
  ASSERT_EQ(decode_header(as_bytes(text), SerializeType::json, command), Errc::ok);
  EXPECT_TRUE(command.is_response());
  EXPECT_FALSE(command.is_one_way());
  EXPECT_EQ(command.language, 0);
  EXPECT_EQ(command.opaque, 42);
  EXPECT_EQ(*command.ext_fields.find("n"), "5");
  EXPECT_EQ(*command.ext_fields.find("b"), "false");
  EXPECT_EQ(command.ext_fields.find("x"), nullptr);
}

TEST(Command, AnUnknownLanguageIsOther) {
  Command command;
  ASSERT_EQ(decode_header(as_bytes(R"({"code":1,"language":"COBOL"})"), SerializeType::json, command),
            Errc::ok);
  EXPECT_EQ(command.language, 7);
}

TEST(Command, ACutBinaryHeaderIsAnErrorAtEveryLength) {
  const std::string& whole = binary_golden();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const Bytes cut = exact(std::string_view(whole).substr(0, length));
    Command command;
    EXPECT_EQ(decode_header(cut, SerializeType::binary, command), Errc::truncated) << length;
  }
}

TEST(Command, ACutJsonHeaderIsAnErrorAtEveryLength) {
  std::string whole;
  append_header(whole, sample(), SerializeType::json);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const Bytes cut = exact(std::string_view(whole).substr(0, length));
    Command command;
    EXPECT_EQ(decode_header(cut, SerializeType::json, command), Errc::bad_json) << length;
  }
}

TEST(Command, LengthsThatLieAreRefused) {
  const std::string head = from_hex({"0000 00 0000 00000000 00000000"});
  const struct {
    const char* rest;
    Errc expected;
  } cases[] = {
      {"FFFFFFFF", Errc::bad_header},                               // negative remark
      {"7FFFFFFF", Errc::truncated},                                // remark longer than the header
      {"00000000 FFFFFFFF", Errc::bad_header},                      // negative map
      {"00000000 7FFFFFFF", Errc::truncated},                       // map longer than the header
      {"00000000 00000001 00", Errc::bad_header},                   // half a key length
      {"00000000 00000002 FFFF", Errc::bad_header},                 // negative key
      {"00000000 00000003 7FFF 61", Errc::bad_header},              // key longer than the map
      {"00000000 00000007 0001 61 FFFFFFFF", Errc::bad_header},     // negative value
      {"00000000 00000007 0001 61 00000001", Errc::bad_header},     // value longer than the map
      {"00000000 00000007 0001 61 00000001 62", Errc::bad_header},  // value outside the map
  };
  for (const auto& c : cases) {
    const Bytes bytes = exact(head + from_hex({c.rest}));
    Command command;
    EXPECT_EQ(decode_header(bytes, SerializeType::binary, command), c.expected) << c.rest;
  }
}

TEST(Command, AFloodOfFieldsIsRefused) {
  std::string map;
  for (std::size_t i = 0; i <= max_ext_fields; ++i) {
    const std::string name = "k" + std::to_string(i);
    map += from_hex({"00", "0" + std::to_string(name.size())}) + name + from_hex({"00000000"});
  }
  std::string header = from_hex({"0000 00 0000 00000000 00000000 00000000 0000"});
  header += static_cast<char>(map.size() >> 8);
  header += static_cast<char>(map.size() & 0xFF);
  Command command;
  EXPECT_EQ(decode_header(as_bytes(header + map), SerializeType::binary, command), Errc::too_large);
}

TEST(Command, JsonThatIsNoHeaderIsRefused) {
  for (const char* text :
       {"[]", "3", "{}", R"({"code":"x"})", R"({"code":1,"flag":{}})", R"({"code":1,"extFields":[]})",
        R"({"code":1,"extFields":{"a":{}}})", R"({"code":99999999999})"}) {
    Command command;
    EXPECT_EQ(decode_header(as_bytes(text), SerializeType::json, command), Errc::bad_header) << text;
  }
}

TEST(ExtFields, ReadNumbersTextsAndBooleans) {
  ExtFields fields;
  fields.set("big", std::int64_t{1} << 40);
  fields.set("text", "12x");
  fields.set("flag", "TRUE");
  std::int32_t small = 1;
  std::int64_t big = 0;
  std::string text;
  bool flag = false;
  EXPECT_EQ(fields.read("big", small), Errc::bad_field);
  EXPECT_EQ(small, 1);
  EXPECT_EQ(fields.read("big", big), Errc::ok);
  EXPECT_EQ(big, std::int64_t{1} << 40);
  EXPECT_EQ(fields.read("text", big), Errc::bad_field);
  EXPECT_EQ(fields.read("none", big), Errc::missing_field);
  EXPECT_EQ(fields.read("text", text), Errc::ok);
  EXPECT_EQ(text, "12x");
  EXPECT_EQ(fields.read("flag", flag), Errc::ok);
  EXPECT_TRUE(flag);
  EXPECT_EQ(fields.read("text", flag), Errc::bad_field);
}

TEST(ExtFields, SettingANameAgainReplacesIt) {
  ExtFields fields;
  fields.set("a", "1");
  fields.set("b", "2");
  fields.set("a", "3");
  EXPECT_EQ(fields.size(), 2U);
  EXPECT_EQ(*fields.find("a"), "3");
  fields.remove("a");
  EXPECT_EQ(fields.find("a"), nullptr);
}

}  // namespace
}  // namespace rocketmq::wire
