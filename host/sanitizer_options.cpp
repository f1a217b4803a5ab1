// Up to GCC 13, LeakSanitizer guesses from the address of a loaded library's thread-local memory whether an
// old glibc wrote its size before it, and where it guesses wrong ends with "Tracer caught signal 11":
// https://github.com/google/sanitizers/issues/1322. Told not to look there, it would only take for a leak
// what nothing but a plugin's thread-local memory points to.
#if defined(__SANITIZE_ADDRESS__)

extern "C" const char* __asan_default_options();

extern "C" const char* __asan_default_options() {
  return "intercept_tls_get_addr=0";
}

#endif
