#include "wire/openssl_setup.h"

#include <openssl/crypto.h>

namespace rocketmq::wire {

void set_up_openssl() noexcept {
  // Where this fails, whatever is done with OpenSSL next fails as well and says so.
  (void)OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr);
}

}  // namespace rocketmq::wire
