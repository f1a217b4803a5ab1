#pragma once

namespace rocketmq::wire {

/// Sets this library's OpenSSL up; call it before any other use of OpenSSL; calling it again does nothing.
///
/// By itself OpenSSL registers a function that takes it to pieces when the process exits. That would run
/// before whatever was registered earlier, and so before jobs and producers that are closed at the exit have
/// stored their offsets and taken leave: signing or encrypting after it crashes the process. Thread-safe.
void set_up_openssl() noexcept;

}  // namespace rocketmq::wire
