// The plugin's description file: what is accepted, and how a mistake in it is reported.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "loader/descriptor.h"

namespace host {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string error_of(const std::string& text) {
  try {
    parse_descriptor(text, "PluginX.txt");
  } catch (const std::exception& error) {
    return error.what();
  }
  return "no error";
}

TEST(Descriptor, AcceptsShortAndLongLines) {
  const auto plugin =
      parse_descriptor("X,libX.so,2.00.10\r\nf,f,system,1,2,0\ng,h,command,0,0,0,0,(a,[b=\"x,y\"])\n", "p");
  EXPECT_EQ(plugin.name, "X");
  EXPECT_EQ(plugin.library, "libX.so");
  EXPECT_EQ(plugin.version, "2.00.10");
  ASSERT_EQ(plugin.functions.size(), 2U);
  EXPECT_EQ(plugin.functions[0].most, 2);
  EXPECT_EQ(plugin.functions[1].name, "h");
  EXPECT_FALSE(plugin.functions[1].has_result);
  EXPECT_EQ(plugin.functions[1].syntax, "(a,[b=\"x,y\"])");
}

TEST(Descriptor, MistakesNameFileAndLine) {
  EXPECT_THAT(error_of("X,libX.so\n"),
              AllOf(HasSubstr("PluginX.txt, line 1"), HasSubstr("name,library,server version")));
  EXPECT_THAT(error_of("X,libX.so,2\nf,f,system,1\n"),
              AllOf(HasSubstr("line 2"), HasSubstr("6 or 8 fields"), HasSubstr("not 4")));
  EXPECT_THAT(error_of("X,libX.so,2\n\nf,f,operator,1,1,0\n"),
              AllOf(HasSubstr("line 3"), HasSubstr("system or command")));
  EXPECT_THAT(error_of("X,libX.so,2\nf,f,system,2,1,0\n"), HasSubstr("more required than allowed"));
  EXPECT_THAT(error_of("X,libX.so,2\nf,f,system,one,1,0\n"), HasSubstr("'one'"));
  EXPECT_THAT(error_of("X,libX.so,2\nf,f,system,1,1,0\ng,f,system,1,1,0\n"), HasSubstr("twice"));
  EXPECT_THAT(error_of(""), HasSubstr("empty"));
}

}  // namespace
}  // namespace host
