#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rows/moment.h"

namespace rocketmq::rows {

/// A format of temporal texts with the letters of DolphinDB's temporalParse: yyyy yy MM MMM dd HH hh mm ss aa
/// SSS nnnnnn nnnnnnnnn, or single letters (but for MMM, SSS and n) if something stands between them.
class TimeFormat {
 public:
  /// Throws std::invalid_argument that says what is wrong with the format: no field, an unknown run of
  /// letters, a field twice, single letters side by side, not enough fields for the type.
  TimeFormat(std::string_view format, ColumnType type);

  /// As many digits as a field has letters if it touches another field; otherwise as many as there are,
  /// but three, six or nine for fractions.
  [[nodiscard]] Fit read(std::string_view text, Moment& out) const noexcept;

 private:
  struct Field {
    char letter = 0;  ///< 0: the literal must stand there.
    char literal = 0;
    int letters = 0;
    bool fixed = false;  ///< Exactly `letters` digits.
  };

  void check(std::string_view format, ColumnType type) const;

  std::vector<Field> fields_;
};

}  // namespace rocketmq::rows
