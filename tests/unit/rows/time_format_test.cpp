#include "rows/time_format.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace rocketmq::rows {
namespace {

/// The text as a value of the type, or "wrong".
std::string read(std::string_view format, std::string_view text,
                 ColumnType type = ColumnType::nano_timestamp) {
  Moment moment;
  long long value = 0;
  if (TimeFormat(format, type).read(text, moment) != Fit::ok || to_column(moment, type, value) != Fit::ok) {
    return "wrong";
  }
  return std::to_string(value);
}

std::string problem(std::string_view format, ColumnType type = ColumnType::timestamp) {
  try {
    const TimeFormat made(format, type);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

constexpr std::string_view feb_14 = "17576";  // 2018.02.14

// The examples of temporalParse's page.
TEST(TimeFormat, ReadsWhatTemporalParseReads) {
  const auto date = ColumnType::date;
  EXPECT_EQ(read("dd-MM-yyyy", "14-02-2018", date), feb_14);
  EXPECT_EQ(read("dd/MM/yyyy", "14-02-2018", date), "wrong");
  EXPECT_EQ(read("dd//MM//yyyy", "14//02//2018", date), feb_14);
  EXPECT_EQ(read("dd/MM/yyyy", "14//02//2018", date), "wrong");
  EXPECT_EQ(read("d-M-y", "14-02-18", date), feb_14);
  EXPECT_EQ(read("d-MMM-y", "14-FEB-2018", date), feb_14);
  EXPECT_EQ(read("d-MMM-y", "14-feb-2018", date), feb_14);
  EXPECT_EQ(read("d-M-y", "14-FEB-2018", date), "wrong");
  EXPECT_EQ(read("d-M-yy", "2-4-18", date), "17623");
  EXPECT_EQ(read("yyyyMMdd", "20180214", date), feb_14);
  EXPECT_EQ(read("MMddyy", "021418", date), feb_14);
  EXPECT_EQ(read("MMddyy", "021440", date), "-10914") << "40 is 1940";
  EXPECT_EQ(read("H:m:s.SSS", "13:30:10.001", ColumnType::time), "48610001");
  EXPECT_EQ(read("H:m:s.nnnnnn", "13:30:10.008001", ColumnType::nano_time), "48610008001000");
  EXPECT_EQ(read("H-m-s", "2-19-6", ColumnType::second), "8346");
  EXPECT_EQ(read("H-m-s", "002-019-006", ColumnType::second), "8346");
  EXPECT_EQ(read("HHmmss", "155950", ColumnType::second), "57590");
  EXPECT_EQ(read("hhmmssaa", "035901PM", ColumnType::second), "57541");
  EXPECT_EQ(read("y/M/d h:m:s a", "2018/2/6 02:33:01 PM"), "1517927581000000000");
  EXPECT_EQ(read("MMddyyyyHHmmssnnnnnnnnn", "02062018155956001000001"), "1517932796001000001");
  EXPECT_EQ(read("y/M/d H:m:s.SSS", "2018/2/6 13:30:10.01"), "wrong");
  EXPECT_EQ(read("y/M/d H:m:s.nnnnnn", "2018/2/6 13:30:10.0000010"), "wrong");
}

TEST(TimeFormat, RefusesWhatIsNoTime) {
  EXPECT_EQ(read("yyyyMMdd", "20180230", ColumnType::date), "wrong");
  EXPECT_EQ(read("yyyyMMdd", "2018021", ColumnType::date), "wrong");
  EXPECT_EQ(read("yyyyMMdd", "201802144", ColumnType::date), "wrong");
  EXPECT_EQ(read("yyyyMMdd", "", ColumnType::date), "wrong");
  EXPECT_EQ(read("HH:mm", "24:00", ColumnType::minute), "wrong");
  EXPECT_EQ(read("hh:mm aa", "13:00 PM", ColumnType::minute), "wrong");
  EXPECT_EQ(read("hh:mm aa", "12:00 AM", ColumnType::minute), "0");
  EXPECT_EQ(read("hh:mm aa", "12:00 PM", ColumnType::minute), "720");
  EXPECT_EQ(read("y-M-d", "123-1-1", ColumnType::date), "wrong") << "two or four digits of a year";
}

TEST(TimeFormat, BadFormatsAreRefusedWithTheReason) {
  EXPECT_NE(problem("yyyMMdd").find("\"yyy\" is no part of a time format"), std::string::npos);
  EXPECT_NE(problem("y-M-d H:m:s.S").find("\"S\" is no part"), std::string::npos);
  EXPECT_NE(problem("y-M-d H:m:s.n").find("\"n\" is no part"), std::string::npos);
  EXPECT_NE(problem("yMd").find("needs something between"), std::string::npos);
  EXPECT_NE(problem("yyyyMMdd dd").find("it has \"d\" twice"), std::string::npos);
  EXPECT_NE(problem("yyyyMMdd HH hh").find("two fields for one part"), std::string::npos);
  EXPECT_NE(problem("yyyyMM").find("a TIMESTAMP needs year, month and day"), std::string::npos);
  EXPECT_NE(problem("yyyy", ColumnType::month).find("a MONTH needs year and month"), std::string::npos);
  EXPECT_NE(problem("yyyyMMdd", ColumnType::time).find("a TIME needs hours"), std::string::npos);
  EXPECT_NE(problem("").find("needs year"), std::string::npos);
  EXPECT_EQ(problem("yyyyMM", ColumnType::month), "");
  EXPECT_EQ(problem("yyyy-MM-ddTHH:mm:ss.SSSZ"), "");
}

}  // namespace
}  // namespace rocketmq::rows
