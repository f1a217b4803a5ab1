#include "client/consumer/offset_store_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "client/core/client_core.h"
#include "unit/client/fake_cluster.h"

namespace rocketmq::client {
namespace {

using testing::HasSubstr;

/// A broadcasting consumer's progress as it is kept between its runs.
class Progress {
 public:
  Progress(const std::string& directory, const std::string& servers, const std::string& instance_name = {},
           const std::string& name_space = {}) {
    ClientConfig config;
    config.name_server_addresses = servers;
    config.instance_name = instance_name;
    config.name_space = name_space;
    config.log = log_.sink();
    const ClusterIdentity cluster = cluster_of(config);
    core_ = ClientCore::create(std::move(config));
    store_.emplace(*core_, directory, "group", cluster);
  }

  [[nodiscard]] std::optional<std::int64_t> offset() {
    std::optional<std::int64_t> found;
    store_->load(queue_, [&found](const Failure&, std::optional<std::int64_t> offset) { found = offset; });
    run();
    return found;
  }

  void set_offset(std::int64_t offset) {
    bool stored = false;
    store_->store(queue_, offset, [&stored](const Failure& failure) { stored = !failure.failed(); });
    run();
    EXPECT_TRUE(stored);
  }

  [[nodiscard]] std::string log() const { return log_.text(); }

 private:
  void run() {
    core_->loop().context().restart();
    core_->loop().context().poll();
  }

  const MessageQueue queue_{"topic", "broker-a", 0};
  test::LogLines log_;
  std::shared_ptr<ClientCore> core_;
  std::optional<FileOffsetStore> store_;
};

class FileOffsetStoreTest : public testing::Test {
 protected:
  FileOffsetStoreTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "offset-store-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
    directory_ = pattern;
  }
  ~FileOffsetStoreTest() override { std::filesystem::remove_all(directory_); }

  void write(const std::string& path, const std::string& text) const {
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path) << text;
  }

  std::string directory_;
};

TEST_F(FileOffsetStoreTest, EachClusterHasItsOwnProgressAndFindsItAgainInAnyOrder) {
  Progress(directory_, "a:9876").set_offset(60);
  Progress other(directory_, "b:9876");
  EXPECT_EQ(other.offset(), std::nullopt) << "the progress of another cluster";
  EXPECT_THAT(other.log(), HasSubstr("default/group.json is that of another cluster"));
  other.set_offset(100);
  {
    Progress again(directory_, "a:9876");
    EXPECT_EQ(again.offset(), 60);
    EXPECT_EQ(again.log(), "");
  }
}

TEST_F(FileOffsetStoreTest, WhoeverComesFirstAfterwardsEachFindsItsOwn) {
  Progress(directory_, "a:9876").set_offset(60);
  Progress(directory_, "b:9876").set_offset(100);
  Progress b(directory_, "b:9876");
  EXPECT_EQ(b.offset(), 100);
  Progress a(directory_, "a:9876");
  EXPECT_EQ(a.offset(), 60);
}

TEST_F(FileOffsetStoreTest, OneInstanceNameMayBeUsedInTwoClusters) {
  Progress a(directory_, "a:9876", "job");
  a.set_offset(60);
  {
    Progress b(directory_, "b:9876", "job");
    EXPECT_EQ(b.offset(), std::nullopt);
    b.set_offset(100);
  }
  EXPECT_EQ(Progress(directory_, "b:9876", "job").offset(), 100);
  EXPECT_THROW(Progress(directory_, "a:9876", "job"), Error) << "another consumer has it";
}

TEST_F(FileOffsetStoreTest, NamespacesAreClustersOfTheirOwn) {
  Progress(directory_, "a:9876", "", "one").set_offset(60);
  Progress(directory_, "a:9876", "", "two").set_offset(100);
  EXPECT_EQ(Progress(directory_, "a:9876", "", "two").offset(), 100);
  EXPECT_EQ(Progress(directory_, "a:9876", "", "one").offset(), 60);
}

TEST_F(FileOffsetStoreTest, AClusterWhoseAddressesChangeKeepsItsProgressAsLongAsOneStays) {
  Progress(directory_, "a:9876;b:9876").set_offset(60);
  EXPECT_EQ(Progress(directory_, "B:9876;c:9876").offset(), 60);
  EXPECT_EQ(Progress(directory_, "c:9876").offset(), 60);
}

TEST_F(FileOffsetStoreTest, AnOldFileWithoutAClusterGoesOnBeingReadAndThenBelongsToItsReader) {
  const std::string path = offset_file_path(directory_, "default", "group");
  write(path,
        R"({"version":1,"offsets":[{"topic":"topic","brokerName":"broker-a","queueId":0,"offset":42}]})");
  EXPECT_EQ(Progress(directory_, "a:9876").offset(), 42);
  EXPECT_EQ(Progress(directory_, "b:9876").offset(), std::nullopt);
  EXPECT_EQ(Progress(directory_, "a:9876").offset(), 42);
}

TEST_F(FileOffsetStoreTest, OnesOwnProgressComesBeforeAnOldFile) {
  write(offset_file_path(directory_, "default", "group"),
        R"({"version":1,"offsets":[{"topic":"topic","brokerName":"broker-a","queueId":0,"offset":42}]})");
  Progress first(directory_, "a:9876");
  Progress(directory_, "a:9876").set_offset(7);
  write(offset_file_path(directory_, "default", "group"),
        R"({"version":1,"offsets":[{"topic":"topic","brokerName":"broker-a","queueId":0,"offset":42}]})");
  EXPECT_EQ(Progress(directory_, "a:9876").offset(), 7);
}

TEST_F(FileOffsetStoreTest, SeveralConsumersOfOneGroupHaveAFileEach) {
  Progress first(directory_, "a:9876");
  Progress second(directory_, "a:9876");
  first.set_offset(1);
  second.set_offset(2);
  EXPECT_EQ(first.offset(), 1);
  EXPECT_EQ(second.offset(), 2);
}

TEST_F(FileOffsetStoreTest, ADamagedFileIsSetAsideAndTheGroupStartsAsANewOne) {
  write(offset_file_path(directory_, "default", "group"), "garbage");
  Progress progress(directory_, "a:9876");
  EXPECT_EQ(progress.offset(), std::nullopt);
  EXPECT_THAT(progress.log(), HasSubstr("is damaged"));
}

}  // namespace
}  // namespace rocketmq::client
