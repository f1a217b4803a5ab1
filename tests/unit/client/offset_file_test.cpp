#include "client/consumer/offset_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace rocketmq::client {
namespace {

class OffsetFileTest : public testing::Test {
 protected:
  OffsetFileTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "offset-file-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
    directory_ = pattern;
  }
  ~OffsetFileTest() override { std::filesystem::remove_all(directory_); }

  void open(OffsetFile& file) const {
    bool in_use = false;
    const Failure failure = file.open(OffsetFile::path_of(directory_, "owner", "group"), in_use);
    ASSERT_FALSE(failure.failed()) << failure.message;
  }

  std::string directory_;
  const OffsetFile::Offsets offsets_{{{"t", "broker-a", 0}, 5}, {{"t", "broker-a", 1}, 1LL << 40}};
};

TEST_F(OffsetFileTest, WhatIsSavedIsLoadedByTheNextOwner) {
  {
    OffsetFile file;
    open(file);
    ASSERT_FALSE(file.save(offsets_).failed());
  }
  OffsetFile file;
  open(file);
  OffsetFile::Offsets loaded;
  ASSERT_FALSE(file.load(loaded).failed());
  EXPECT_EQ(loaded, offsets_);
}

TEST_F(OffsetFileTest, AFileThatIsNotThereYetHasNoOffsets) {
  OffsetFile file;
  open(file);
  OffsetFile::Offsets loaded = offsets_;
  EXPECT_FALSE(file.load(loaded).failed());
  EXPECT_TRUE(loaded.empty());
}

TEST_F(OffsetFileTest, ADamagedFileIsSetAsideAndSaid) {
  OffsetFile file;
  open(file);
  ASSERT_FALSE(file.save(offsets_).failed());
  std::filesystem::resize_file(file.path(), std::filesystem::file_size(file.path()) / 2);
  OffsetFile::Offsets loaded;
  const Failure failure = file.load(loaded);
  EXPECT_EQ(failure.code, Errc::bad_json);
  EXPECT_NE(failure.message.find(file.path() + ".damaged"), std::string::npos) << failure.message;
  EXPECT_TRUE(loaded.empty());
  EXPECT_TRUE(std::filesystem::exists(file.path() + ".damaged"));
  EXPECT_FALSE(std::filesystem::exists(file.path()));
  ASSERT_FALSE(file.save(offsets_).failed());
  EXPECT_FALSE(file.load(loaded).failed());
  EXPECT_EQ(loaded, offsets_);
}

TEST_F(OffsetFileTest, WhateverIsInItsPlaceIsSetAsideAndNothingIsOverwritten) {
  OffsetFile file;
  open(file);
  const auto fill = [&](const std::string& what) {
    std::filesystem::remove_all(file.path());
    if (what == "a directory") {
      std::filesystem::create_directories(file.path() + "/with/content");
    } else {
      std::ofstream(file.path()) << what;
    }
  };
  std::size_t number = 0;
  for (const std::string what : {"", "garbage", "{\"offsets\":[{\"topic\":\"t\"}]}", "a directory", "[]"}) {
    fill(what);
    OffsetFile::Offsets loaded;
    const Failure failure = file.load(loaded);
    EXPECT_EQ(failure.code, Errc::bad_json) << what << failure.message;
    const std::string aside = file.path() + ".damaged" + (++number == 1 ? "" : "-" + std::to_string(number));
    EXPECT_NE(failure.message.find("set aside as " + aside), std::string::npos) << failure.message;
    EXPECT_TRUE(std::filesystem::exists(aside)) << aside;
    ASSERT_FALSE(file.save(offsets_).failed()) << what;
    EXPECT_FALSE(file.load(loaded).failed());
    EXPECT_EQ(loaded, offsets_);
  }
}

TEST_F(OffsetFileTest, ADirectoryThatCannotBeWrittenIsAnErrorThatNamesIt) {
  OffsetFile file;
  bool in_use = false;
  const std::string in_the_way = directory_ + "/file";
  std::ofstream(in_the_way) << "x";
  for (const std::string& directory : {in_the_way, std::string("/proc/offsets")}) {
    const Failure failure = file.open(OffsetFile::path_of(directory, "owner", "group"), in_use);
    EXPECT_EQ(failure.code, Errc::invalid_argument);
    EXPECT_FALSE(in_use);
    EXPECT_NE(failure.message.find(directory + "/owner cannot be made"), std::string::npos)
        << failure.message;
  }
}

TEST_F(OffsetFileTest, OnlyItsOwnerMayReadIt) {
  OffsetFile file;
  open(file);
  ASSERT_FALSE(file.save(offsets_).failed());
  struct stat status {};
  ASSERT_EQ(::stat(file.path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(OffsetFileTest, TwoConsumersNeverHaveTheSameFile) {
  OffsetFile first;
  open(first);
  OffsetFile second;
  bool in_use = false;
  EXPECT_TRUE(second.open(OffsetFile::path_of(directory_, "owner", "group"), in_use).failed());
  EXPECT_TRUE(in_use);
  EXPECT_FALSE(second.open(OffsetFile::path_of(directory_, "owner", "other-group"), in_use).failed());
}

TEST_F(OffsetFileTest, NamesCannotLeaveTheDirectory) {
  EXPECT_EQ(file_name_of("10.0.0.1@job"), "10.0.0.1@job");
  EXPECT_EQ(file_name_of("../x"), "%2E.%2Fx");
  EXPECT_EQ(file_name_of("%RETRY%g#1"), "%25RETRY%25g%231");
}

TEST_F(OffsetFileTest, EveryCutOfAFileIsAnErrorAndChangesNothing) {
  const std::string text = encode_offsets(offsets_);
  OffsetFile::Offsets loaded;
  ASSERT_EQ(decode_offsets(text, loaded), Errc::ok);
  EXPECT_EQ(loaded, offsets_);
  for (std::size_t length = 0; length + 2 < text.size(); ++length) {
    EXPECT_NE(decode_offsets(std::string_view(text).substr(0, length), loaded), Errc::ok) << length;
  }
  EXPECT_EQ(loaded, offsets_);
}

}  // namespace
}  // namespace rocketmq::client
