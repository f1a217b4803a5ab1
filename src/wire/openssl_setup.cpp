#include "wire/openssl_setup.h"

#include <openssl/crypto.h>

namespace rocketmq::wire {

void set_up_openssl() noexcept {
  // If this fails, the next use of OpenSSL fails as well and says so.
  (void)OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr);
}

}  // namespace rocketmq::wire
