#include "rmq/credentials.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "rmq/usage_error.h"
#include "thrown_text.h"

namespace rocketmq::rmq {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class CredentialsOfRmq : public testing::Test {
 protected:
  CredentialsOfRmq() {
    std::string path = (std::filesystem::temp_directory_path() / "rmq-keys-XXXXXX").string();
    directory_ = mkdtemp(path.data());
    unset();
  }
  ~CredentialsOfRmq() override {
    unset();
    std::filesystem::remove_all(directory_);
  }
  static void unset() {
    unsetenv("ROCKETMQ_ACCESS_KEY");
    unsetenv("ROCKETMQ_SECRET_KEY");
  }
  std::string file(const std::string& text, mode_t mode = 0600) const {
    const std::string name = directory_ + "/keys";
    std::ofstream(name) << text;
    chmod(name.c_str(), mode);
    return name;
  }
  static std::string refusal(const std::string& name) {
    return thrown_text<UsageError>([&] { (void)find_credentials(name); });
  }

  std::string directory_;
};

TEST_F(CredentialsOfRmq, AFileHasThemAsToolsYmlDoes) {
  const Credentials of_yml = find_credentials(file("# mine\naccessKey: user\nsecretKey: \"se:cret=\"\n"));
  EXPECT_EQ(of_yml.access_key, "user");
  EXPECT_EQ(of_yml.secret_key, "se:cret=");
  const Credentials with_signs =
      find_credentials(file("accessKey=user\r\nsecretKey = s\naccessChannel=CLOUD"));
  EXPECT_EQ(with_signs.secret_key, "s");
  EXPECT_EQ(with_signs.access_channel, "CLOUD");
}

TEST_F(CredentialsOfRmq, AFileThatOthersMayUseIsRefused) {
  for (const mode_t mode : {0640U, 0604U, 0620U, 0610U})
    EXPECT_THAT(refusal(file("accessKey: user\nsecretKey: secret\n", mode)),
                AllOf(HasSubstr("may be used by others; run: chmod 600"), Not(HasSubstr("secret"))));
}

TEST_F(CredentialsOfRmq, AFileThatSaysSomethingElseIsRefusedWithoutASecret) {
  EXPECT_THAT(refusal(file("accessKey: user\nsecret: hidden\n")),
              AllOf(HasSubstr("line 2 of the credentials file"), Not(HasSubstr("hidden"))));
  EXPECT_THAT(refusal(file("hidden\n")), AllOf(HasSubstr("line 1"), Not(HasSubstr("hidden"))));
  EXPECT_THAT(refusal(file("accessKey: user\n")), HasSubstr("needs an accessKey and a secretKey"));
  EXPECT_THAT(refusal(directory_), HasSubstr("is no regular file"));
  EXPECT_THAT(refusal(directory_ + "/none"), HasSubstr("No such file"));
}

TEST_F(CredentialsOfRmq, TheEnvironmentHasBothOrNeither) {
  EXPECT_TRUE(find_credentials("").empty());
  setenv("ROCKETMQ_SECRET_KEY", "hidden", 1);
  EXPECT_EQ(refusal(""), "ROCKETMQ_SECRET_KEY is set, and ROCKETMQ_ACCESS_KEY is not; set both or neither");
  setenv("ROCKETMQ_ACCESS_KEY", "user", 1);
  EXPECT_EQ(find_credentials("").secret_key, "hidden");
  EXPECT_EQ(find_credentials(file("accessKey: a\nsecretKey: b\n")).secret_key, "b")
      << "a file that is named counts";
}

}  // namespace
}  // namespace rocketmq::rmq
