#include "wire/signing.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "bytes_of.h"

namespace rocketmq::wire {
namespace {

std::string hex(const Sha1Digest& digest) {
  std::string out;
  for (const std::uint8_t byte : digest) {
    out += "0123456789abcdef"[byte >> 4];
    out += "0123456789abcdef"[byte & 0xF];
  }
  return out;
}

// Jobs store their last offsets while the process exits, by a function that was registered before the first
// request was signed where the first producer had no credentials.
TEST(SigningDeathTest, RequestsAreSignedUntilTheVeryEndOfTheProcess) {
  EXPECT_EXIT(
      {
        std::atexit([] {
          if (hex(hmac_sha1("Jefe", "what do ya want ", as_bytes("for nothing?"))) !=
              "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79") {
            std::_Exit(1);
          }
        });
        (void)hmac_sha1("key", "text", {});
        std::exit(0);
      },
      ::testing::ExitedWithCode(0), "");
}

TEST(HmacSha1, AgreesWithRfc2202) {
  EXPECT_EQ(hex(hmac_sha1(std::string(20, '\x0b'), "Hi There", {})),
            "b617318655057264e28bc0b6fb378c8ef146be00");
  EXPECT_EQ(hex(hmac_sha1("Jefe", "what do ya want ", as_bytes("for nothing?"))),
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  EXPECT_EQ(hex(hmac_sha1(std::string(20, '\xaa'), "", as_bytes(std::string(50, '\xdd')))),
            "125d7342b9ac11cd91a39af48aa17b4f63f175d3");
  EXPECT_EQ(
      hex(hmac_sha1(std::string(80, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First", {})),
      "aa4ae5e15272d00e95705637ce8a3b55ed402112");
}

TEST(Base64, AgreesWithRfc4648) {
  EXPECT_EQ(encode_base64(as_bytes("")), "");
  EXPECT_EQ(encode_base64(as_bytes("f")), "Zg==");
  EXPECT_EQ(encode_base64(as_bytes("fo")), "Zm8=");
  EXPECT_EQ(encode_base64(as_bytes("foo")), "Zm9v");
  EXPECT_EQ(encode_base64(as_bytes("foobar")), "Zm9vYmFy");
  EXPECT_EQ(encode_base64(as_bytes("\xFB\xFF")), "+/8=");
}

Command sample() {
  Command command;
  command.ext_fields.set("topic", "t");
  command.ext_fields.set("Zed", "z");
  command.ext_fields.set("a", "1");
  return command;
}

TEST(Sign, CoversAllValuesSortedByNameAndTheBody) {
  Command command = sample();
  sign(command, as_bytes("BODY"), {"ak", "sk", "ch"});
  EXPECT_EQ(*command.ext_fields.find("AccessKey"), "ak");
  EXPECT_EQ(*command.ext_fields.find("OnsChannel"), "ch");
  // AccessKey, OnsChannel, Zed, a, topic: upper case sorts first, as in Java's TreeMap.
  EXPECT_EQ(*command.ext_fields.find("Signature"), encode_base64(hmac_sha1("sk", "akchz1tBODY", {})));
}

TEST(Sign, LeavesTheChannelOutWhereThereIsNone) {
  Command command = sample();
  sign(command, {}, {"ak", "sk", ""});
  EXPECT_EQ(command.ext_fields.find("OnsChannel"), nullptr);
  EXPECT_EQ(*command.ext_fields.find("Signature"), encode_base64(hmac_sha1("sk", "akz1t", {})));
}

TEST(Sign, SigningAgainDoesNotSignTheSignature) {
  Command once = sample();
  sign(once, {}, {"ak", "sk", ""});
  Command twice = once;
  sign(twice, {}, {"ak", "sk", ""});
  EXPECT_EQ(*once.ext_fields.find("Signature"), *twice.ext_fields.find("Signature"));
}

TEST(Sign, DoesNothingWithoutCredentials) {
  Command command = sample();
  sign(command, {}, {});
  EXPECT_EQ(command, sample());
}

TEST(Sign, TheSecretDoesNotTravel) {
  Command command = sample();
  sign(command, {}, {"ak", "the-secret", ""});
  for (const auto& [name, value] : command.ext_fields)
    EXPECT_EQ(value.find("the-secret"), std::string::npos);
}

}  // namespace
}  // namespace rocketmq::wire
