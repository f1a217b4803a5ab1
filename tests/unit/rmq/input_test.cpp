#include "rmq/input.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "rmq/usage_error.h"
#include "thrown_text.h"

namespace rocketmq::rmq {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class InputFiles : public testing::Test {
 protected:
  InputFiles() {
    std::string path = (std::filesystem::temp_directory_path() / "rmq-input-XXXXXX").string();
    directory_ = mkdtemp(path.data());
  }
  ~InputFiles() override { std::filesystem::remove_all(directory_); }

  std::string file(const std::string& name, const std::string& text) const {
    std::ofstream(directory_ + "/" + name, std::ios::binary) << text;
    return directory_ + "/" + name;
  }
  static std::vector<std::string> all_lines(Input& input) {
    std::vector<std::string> all;
    std::vector<InputLine> lines;
    while (input.next(lines)) {
      for (const InputLine& line : lines)
        all.push_back(std::to_string(line.number) + ":" + std::string(line.text));
    }
    return all;
  }

  std::string directory_;
};

TEST_F(InputFiles, LinesAreNumberedWithinTheirFileAndTheLastMayLackItsEnd) {
  Input input({file("a", "one\n\ntwo \r\n"), file("b", ""), file("c", "\nlast")}, false);
  EXPECT_THAT(all_lines(input), ElementsAre("1:one", "2:", "3:two \r", "1:", "2:last"));
}

TEST_F(InputFiles, AWholeFileIsOneLine) {
  Input input({file("a", "one\ntwo\n"), file("b", std::string("\0x", 2))}, true);
  EXPECT_THAT(all_lines(input), ElementsAre("1:one\ntwo\n", "1:" + std::string("\0x", 2)));
}

TEST_F(InputFiles, ManyLinesComeInSeveralBatchesAndNoneIsLost) {
  std::string text;
  const std::size_t count = 2 * Input::max_batch_lines + 7;
  for (std::size_t i = 0; i < count; ++i)
    text += std::to_string(i) + "\n";
  text += "end";
  Input input({file("a", text)}, false);
  std::vector<InputLine> lines;
  std::size_t next = 0;
  while (input.next(lines)) {
    EXPECT_LE(lines.size(), Input::max_batch_lines);
    for (const InputLine& line : lines) {
      ASSERT_EQ(line.text, next == count ? "end" : std::to_string(next));
      ASSERT_EQ(line.number, ++next);
    }
  }
  EXPECT_EQ(next, count + 1);
}

TEST_F(InputFiles, LongLinesAreWholeAndTooLongOnesAnError) {
  const std::string longer(Input::max_batch_bytes + 5, 'x');
  Input input({file("a", "short\n" + longer + "\nshort\n")}, false);
  const auto lines = all_lines(input);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[1].size(), longer.size() + 2);
  Input too_long({file("b", "short\n" + std::string(Input::max_line_bytes + (2U << 20), 'x'))}, false);
  EXPECT_THAT(thrown_text<CommandError>([&] { (void)all_lines(too_long); }),
              HasSubstr("/b: line 2 is longer than 16 MiB"));
}

TEST_F(InputFiles, AFileThatCannotBeReadIsNamed) {
  Input missing({directory_ + "/none"}, false);
  EXPECT_THAT(thrown_text<CommandError>([&] { (void)all_lines(missing); }),
              HasSubstr("/none cannot be read: No such file"));
  Input folder({directory_}, false);
  EXPECT_THAT(thrown_text<CommandError>([&] { (void)all_lines(folder); }),
              HasSubstr("cannot be read: Is a directory"));
}

}  // namespace
}  // namespace rocketmq::rmq
