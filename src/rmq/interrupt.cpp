#include "rmq/interrupt.h"

#include <csignal>
#include <initializer_list>

namespace rocketmq::rmq {

namespace {

// NOLINTNEXTLINE: a signal handler has nothing else.
volatile std::sig_atomic_t noted = 0;

extern "C" void note_signal(int signal) {
  noted = signal;
}

}  // namespace

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = note_signal;
  // The second one is not caught. Without SA_RESTART a wait for input ends.
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  for (const int signal : {SIGINT, SIGTERM}) {
    struct sigaction before {};
    // Who starts us in the background may want it ignored.
    if (sigaction(signal, nullptr, &before) == 0 && before.sa_handler != SIG_IGN)
      sigaction(signal, &action, nullptr);
  }
}

bool interrupted() noexcept {
  return noted != 0;
}

void end_if_interrupted() {
  if (noted == 0) return;
  std::signal(noted, SIG_DFL);
  std::raise(noted);
}

}  // namespace rocketmq::rmq
