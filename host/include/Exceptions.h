// The exceptions that scripts can catch. The text of what() is what a script sees.
#pragma once

#include <exception>
#include <string>
#include <utility>

#include "Types.h"

HOST_SDK_BEGIN

using std::exception;
using std::string;

/// The base of the errors of a running script. The path lists the functions an error came through.
class TraceableException : public exception {
 public:
  /// Puts one more caller in front of the path.
  void addPath(const string& path);
  const string& getPath() const { return path_; }

 private:
  string path_;
};

/// The common part of the exceptions below: a text given at construction.
class MessageException : public TraceableException {
 public:
  explicit MessageException(string message) : message_(std::move(message)) {}
  const char* what() const noexcept override { return message_.c_str(); }

 private:
  string message_;
};

/// Any failure at run time.
class RuntimeException : public MessageException {
 public:
  RuntimeException(const string& errMsg) : MessageException(errMsg) {}
};

/// A function was called with an argument it cannot take. what() is the text alone, without the name.
class IllegalArgumentException : public MessageException {
 public:
  IllegalArgumentException(const string& functionName, const string& errMsg)
      : MessageException(errMsg), functionName_(functionName) {}
  const string& getFunctionName() const { return functionName_; }

 private:
  string functionName_;
};

/// A value of one type was asked for as another that it cannot become.
class IncompatibleTypeException : public MessageException {
 public:
  IncompatibleTypeException(DATA_TYPE expected, DATA_TYPE actual);
  DATA_TYPE expectedType() const { return expected_; }
  DATA_TYPE actualType() const { return actual_; }

 private:
  DATA_TYPE expected_;
  DATA_TYPE actual_;
};

class OperatorRuntimeException : public MessageException {
 public:
  OperatorRuntimeException(const string& optr, const string& errMsg)
      : MessageException(errMsg), operator_(optr) {}
  const string& getOperatorName() const { return operator_; }

 private:
  string operator_;
};

class TableRuntimeException : public MessageException {
 public:
  TableRuntimeException(const string& errMsg) : MessageException(errMsg) {}
};

class IOException : public MessageException {
 public:
  IOException(const string& errMsg) : MessageException(errMsg), errCode_(OTHERERR) {}
  IOException(const string& errMsg, IO_ERR errCode) : MessageException(errMsg), errCode_(errCode) {}
  IO_ERR getErrorCode() const { return errCode_; }

 private:
  IO_ERR errCode_;
};

/// What a script's `throw` raises.
class UserException : public MessageException {
 public:
  UserException(const string& exceptionType, const string& errMsg)
      : MessageException(errMsg), exceptionType_(exceptionType) {}
  const string& getExceptionType() const { return exceptionType_; }

 private:
  string exceptionType_;
};

/// A script that cannot be parsed. Not an error of a running script, hence not traceable.
class SyntaxException : public exception {
 public:
  SyntaxException(const string& errMsg) : errMsg_(errMsg) {}
  const char* what() const noexcept override { return errMsg_.c_str(); }

 private:
  string errMsg_;
};

HOST_SDK_END
