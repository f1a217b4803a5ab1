#include "client/consumer/offset_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>

namespace rocketmq::client {
namespace {

class OffsetFileTest : public testing::Test {
 protected:
  OffsetFileTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "offset-file-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
    directory_ = pattern;
    path_ = offset_file_path(directory_, "owner", "group");
    std::filesystem::create_directories(directory_ + "/owner");
  }
  ~OffsetFileTest() override { std::filesystem::remove_all(directory_); }

  std::string directory_;
  std::string path_;
  const QueueOffsets offsets_{{{"t", "broker-a", 0}, 5}, {{"t", "broker-a", 1}, 1LL << 40}};
};

TEST_F(OffsetFileTest, WhatIsSavedIsLoadedByTheNextOwner) {
  ASSERT_FALSE(save_offsets(path_, offsets_).failed());
  QueueOffsets loaded;
  ASSERT_FALSE(load_offsets(path_, loaded).failed());
  EXPECT_EQ(loaded, offsets_);
}

TEST_F(OffsetFileTest, AFileThatIsNotThereYetHasNoOffsets) {
  QueueOffsets loaded = offsets_;
  EXPECT_FALSE(load_offsets(path_, loaded).failed());
  EXPECT_TRUE(loaded.empty());
}

TEST_F(OffsetFileTest, ADamagedFileIsSetAsideAndSaid) {
  ASSERT_FALSE(save_offsets(path_, offsets_).failed());
  std::filesystem::resize_file(path_, std::filesystem::file_size(path_) / 2);
  QueueOffsets loaded;
  const Failure failure = load_offsets(path_, loaded);
  EXPECT_EQ(failure.code, Errc::bad_json);
  EXPECT_NE(failure.message.find(path_ + ".damaged"), std::string::npos) << failure.message;
  EXPECT_TRUE(loaded.empty());
  EXPECT_TRUE(std::filesystem::exists(path_ + ".damaged"));
  EXPECT_FALSE(std::filesystem::exists(path_));
  ASSERT_FALSE(save_offsets(path_, offsets_).failed());
  EXPECT_FALSE(load_offsets(path_, loaded).failed());
  EXPECT_EQ(loaded, offsets_);
}

TEST_F(OffsetFileTest, WhateverIsInItsPlaceIsSetAsideAndNothingIsOverwritten) {
  const auto fill = [&](const std::string& what) {
    std::filesystem::remove_all(path_);
    if (what == "a directory") {
      std::filesystem::create_directories(path_ + "/with/content");
    } else {
      std::ofstream(path_) << what;
    }
  };
  std::size_t number = 0;
  for (const std::string what : {"", "garbage", "{\"offsets\":[{\"topic\":\"t\"}]}", "a directory", "[]"}) {
    fill(what);
    QueueOffsets loaded;
    const Failure failure = load_offsets(path_, loaded);
    EXPECT_EQ(failure.code, Errc::bad_json) << what << failure.message;
    const std::string aside = path_ + ".damaged" + (++number == 1 ? "" : "-" + std::to_string(number));
    EXPECT_NE(failure.message.find("set aside as " + aside), std::string::npos) << failure.message;
    EXPECT_TRUE(std::filesystem::exists(aside)) << aside;
    ASSERT_FALSE(save_offsets(path_, offsets_).failed()) << what;
    EXPECT_FALSE(load_offsets(path_, loaded).failed());
    EXPECT_EQ(loaded, offsets_);
  }
}

TEST_F(OffsetFileTest, ADirectoryThatCannotBeWrittenIsAnErrorThatNamesIt) {
  std::shared_ptr<void> lock;
  bool in_use = false;
  const std::string in_the_way = directory_ + "/file";
  std::ofstream(in_the_way) << "x";
  for (const std::string& directory : {in_the_way, std::string("/proc/offsets")}) {
    const Failure failure = lock_offset_file(offset_file_path(directory, "owner", "group"), lock, in_use);
    EXPECT_EQ(failure.code, Errc::invalid_argument);
    EXPECT_FALSE(in_use);
    EXPECT_NE(failure.message.find(directory + "/owner cannot be made"), std::string::npos)
        << failure.message;
  }
}

TEST_F(OffsetFileTest, OnlyItsOwnerMayReadIt) {
  ASSERT_FALSE(save_offsets(path_, offsets_).failed());
  struct stat status {};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(OffsetFileTest, TwoConsumersNeverHaveTheSameFile) {
  std::shared_ptr<void> first;
  std::shared_ptr<void> second;
  bool in_use = false;
  EXPECT_FALSE(lock_offset_file(path_, first, in_use).failed());
  EXPECT_TRUE(lock_offset_file(path_, second, in_use).failed());
  EXPECT_TRUE(in_use);
  const std::string other = offset_file_path(directory_, "owner", "other-group");
  EXPECT_FALSE(lock_offset_file(other, second, in_use).failed());
  EXPECT_FALSE(in_use);
  first.reset();
  EXPECT_FALSE(lock_offset_file(path_, second, in_use).failed()) << "the first one has let it go";
}

TEST_F(OffsetFileTest, NamesCannotLeaveTheDirectory) {
  EXPECT_EQ(file_name_of("10.0.0.1@job"), "10.0.0.1@job");
  EXPECT_EQ(file_name_of("../x"), "%2E.%2Fx");
  EXPECT_EQ(file_name_of("%RETRY%g#1"), "%25RETRY%25g%231");
}

TEST_F(OffsetFileTest, EveryCutOfAFileIsAnErrorAndChangesNothing) {
  const std::string text = encode_offsets(offsets_);
  QueueOffsets loaded;
  ASSERT_EQ(decode_offsets(text, loaded), Errc::ok);
  EXPECT_EQ(loaded, offsets_);
  for (std::size_t length = 0; length + 2 < text.size(); ++length) {
    EXPECT_NE(decode_offsets(std::string_view(text).substr(0, length), loaded), Errc::ok) << length;
  }
  EXPECT_EQ(loaded, offsets_);
}

}  // namespace
}  // namespace rocketmq::client
