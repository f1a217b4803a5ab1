// Sessions: in whose name, with which variables and with which output a function runs.
#pragma once

#include <memory>
#include <mutex>
#include <unordered_map>

#include "core/Constant.h"
#include "core/FunctionDef.h"

HOST_SDK_BEGIN

/// Who is logged in. Immutable, hence safe to share between threads.
class AuthenticatedUser {
 public:
  /// The host's constructor; a server's takes the whole list of permissions.
  AuthenticatedUser(const string& userId, bool admin, bool guest)
      : userId_(userId), admin_(admin), guest_(guest) {}
  string getUserId() const { return userId_; }
  bool isAdmin() const { return admin_; }
  bool isGuest() const { return guest_; }
  static AuthenticatedUserSP createAdminUser();
  static AuthenticatedUserSP createGuestUser();

 private:
  string userId_;
  bool admin_;
  bool guest_;
};

/// Where a session's messages and results go. All methods are pure as in the SDK, so that a class of the
/// plugin that overrides them is complete in both.
class Output {
 public:
  Output() = default;
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;
  virtual ~Output() = default;

  virtual bool timeElapsed(long long nanoSeconds) = 0;
  virtual bool write(const ConstantSP& obj) = 0;
  /// One line of `print`.
  virtual bool message(const string& msg) = 0;
  virtual void enableIntermediateMessage(bool enabled) = 0;
  virtual bool start() = 0;
  virtual bool start(const string& message) = 0;
  virtual IO_ERR done() = 0;
  virtual IO_ERR done(const string& errMsg) = 0;
  virtual IO_ERR writeReady() = 0;
  virtual void close() = 0;
  virtual OUTPUT_TYPE getOutputType() const = 0;
  virtual void setWindow(INDEX offset, INDEX size) = 0;
  virtual IO_ERR flush() = 0;
};

/// Variables by name, and the session they belong to. One thread at a time.
class Heap {
 public:
  Heap() = default;
  explicit Heap(Session* session) : session_(session) {}

  Session* currentSession() { return session_; }
  void currentSession(Session* session) { session_ = session; }

  int size() const { return static_cast<int>(values_.size()); }
  bool contains(const string& name) const { return values_.count(name) != 0; }
  /// A null pointer if there is no such variable.
  ConstantSP getReference(const string& name) const;
  /// Adds or replaces a variable. The SDK returns its index; the host always 0.
  int addItem(const string& name, const ConstantSP& value);
  void removeItem(const string& name) { values_.erase(name); }
  void removeAllItems() { values_.clear(); }

 private:
  Session* session_ = nullptr;
  std::unordered_map<string, ConstantSP> values_;
};

/// What a script or a thread of the plugin runs in; the interpreter derives from it. A thread of the
/// plugin owns a copy() of the session that created it, because that one may end before the thread.
class Session {
 public:
  /// Makes this the current session of the heap.
  explicit Session(const HeapSP& heap);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  /// Its variables go first, so that a resource among them closes in a session that is still there.
  virtual ~Session();

  /// A session of its own with an empty heap, the same functions and shared variables. User and output
  /// are for the caller to set.
  virtual SessionSP copy(bool forComputing = false) = 0;
  virtual bool contain(const string& key) const = 0;
  virtual ConstantSP get(const string& key) const = 0;
  virtual void set(const string& key, const ConstantSP& value, bool copyIfDifferent = false) = 0;
  /// A null pointer if there is no such function.
  virtual FunctionDefSP getFunctionDef(const string& name) const = 0;

  HeapSP getHeap() const { return heap_; }
  OutputSP getOutput() const { return out_; }
  void setOutput(const OutputSP& out) { out_ = out; }
  AuthenticatedUserSP getUser();
  bool setUser(const AuthenticatedUserSP& user);
  /// Whether what runs in it is to end: a server sets it when a job is cancelled.
  bool isCancelled() const { return isInterrupted(); }
  virtual bool isInterrupted() const { return false; }
  long long getSessionID() const { return sessionID_; }
  void setSessionID(long long sessionID) { sessionID_ = sessionID; }

  /// The host's own: expires with the session. What a server would do with a pointer to a session that is
  /// gone, the host can notice.
  std::weak_ptr<const void> life() const { return life_; }

 private:
  std::shared_ptr<const void> life_ = std::make_shared<char>();
  HeapSP heap_;
  OutputSP out_;
  std::mutex userMutex_;
  AuthenticatedUserSP user_;
  long long sessionID_ = 0;
};

HOST_SDK_END
